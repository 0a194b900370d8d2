package spec

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// sessionShape is STS's rule for role session names.
var sessionShape = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]{2,64}$`)

// pathShape is IAM's rule for paths, without the length.
var pathShape = regexp.MustCompile(`^/([!-.0-~]+/)*$`)

// tagShape are the characters IAM permits in tag keys and values.
var tagShape = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// itoa keeps keys of chains short to build.
func itoa(n int) string { return strconv.Itoa(n) }

// roles reads the snapshot roles. Inside one account one role serves both
// domains: it is the source's.
func (b *builder) roles() {
	src, dst := &b.spec.Source, &b.spec.Target
	b.role(steps.Source, src)
	if b.spec.Shape != ShapeSameAccount && b.spec.Shape != ShapeSameDomain {
		b.role(steps.Target, dst)
		return
	}
	if b.d.Said("target.role") {
		b.role(steps.Target, dst)
		if !dst.Role.Equal(src.Role) {
			b.fail("target.role", steps.T("Inside one account one snapshot role serves both domains, but two are described"),
				steps.T("Describe it under source.role and leave target.role out"))
		}
	}
	dst.Role = src.Role
}

// Equal compares two descriptions of a role.
func (r RoleSpec) Equal(o RoleSpec) bool {
	return r.Name == o.Name && r.Path == o.Path && r.ARN == o.ARN && r.Boundary == o.Boundary && maps.Equal(r.Tags, o.Tags)
}

// role reads how a side's snapshot role is to be: by its ARN it is adopted as it
// is, by its name it is made. A role that is given to a domain must be of the
// domain's own account: iam:PassRole crosses no account (IAM user guide).
func (b *builder) role(side steps.Side, s *SideSpec) {
	k := Key(side) + ".role"
	r := &s.Role
	if arn, ok := b.arn(k+".arn", s.Region, "iam", "role", "arn:aws:iam::111122223333:role/my-role"); ok {
		r.ARN, r.Name, r.Path = arn, awsid.RoleName(arn.Name()), arn.Path()
		if s.Account != "" && arn.Account != s.Account {
			b.fail(k+".arn", steps.T("The role is in account %s, but the domain is in %s", string(arn.Account), string(s.Account)),
				steps.T("A domain can only be given a role of its own account: leave the ARN out to have one made, or name one of %s", string(s.Account)))
		}
	}
	if name, ok := take(b, k+".name", awsid.ParseRoleName); ok {
		if r.Name != "" && r.Name != name {
			b.fail(k+".name", steps.T("The role is called %s in its ARN and %s here", string(r.Name), string(name)), steps.T("Leave the name out: the ARN says it"))
		}
		r.Name = name
	}
	if r.Name == "" && !b.d.Said(k+".name") && !b.d.Said(k+".arn") {
		r.Name = defaultRole(side, s.Domain)
	}
	b.rolePath(k+".path", r)
	b.boundary(k+".boundary", s)
	b.roleTags(k+".tags", r)
}

// defaultRole has at most 47 of the 64 characters a role name can have.
func defaultRole(side steps.Side, domain awsid.DomainName) awsid.RoleName {
	if domain == "" {
		return awsid.RoleName("snapferry-" + string(side) + "-snapshot")
	}
	return awsid.RoleName("snapferry-" + string(domain) + "-snapshot")
}

// rolePath takes a path with or without the slashes around it. The path is part
// of the ARN, so an ARN that is given says it already.
func (b *builder) rolePath(k Key, r *RoleSpec) {
	raw := strings.TrimSpace(b.d.Get(k))
	if raw == "" {
		if r.Path == "" {
			r.Path = "/"
		}
		return
	}
	path := "/" + strings.Trim(raw, "/") + "/"
	if path == "//" {
		path = "/"
	}
	switch {
	case !pathShape.MatchString(path) || len(path) > 512:
		b.fail(k, steps.T("%q is not an IAM path", raw), steps.T("Type folder names between slashes, for example /migration/"))
		return
	case strings.HasPrefix(path, "/aws-reserved/"), strings.HasPrefix(path, "/aws-service-role/"):
		b.fail(k, steps.T("%s belongs to AWS", path), steps.T("Use another path, or leave it out"))
		return
	case r.Path != "" && r.Path != path:
		b.fail(k, steps.T("The role's path is %s in its ARN and %s here", r.Path, path), steps.T("Leave the path out: the ARN says it"))
		return
	}
	r.Path = path
}

// boundary takes a policy of the role's own account or one of AWS's.
func (b *builder) boundary(k Key, s *SideSpec) {
	arn, ok := b.arn(k, s.Region, "iam", "policy", "arn:aws:iam::111122223333:policy/my-boundary")
	if !ok {
		return
	}
	if s.Account != "" && arn.Account != s.Account && arn.Account != "aws" {
		b.fail(k, steps.T("The boundary is in account %s, the role in %s", string(arn.Account), string(s.Account)), steps.T("Name a policy of account %s", string(s.Account)))
		return
	}
	s.Role.Boundary = arn
}

// roleTags holds tags to IAM's limits; one place of the fifty is kept for our own.
func (b *builder) roleTags(k Key, r *RoleSpec) {
	tags := b.d.tags(k)
	if len(tags) == 0 {
		return
	}
	if len(tags) > 49 {
		b.fail(k, steps.T("%d tags are too many", len(tags)), steps.T("A role can carry 50, and one of them is the mark of this run"))
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value := tags[key]
		at := join(k, key)
		switch lower := strings.ToLower(key); {
		case strings.HasPrefix(lower, "aws:"), strings.HasPrefix(lower, "snapferry:"):
			b.fail(at, steps.T("Tags that start with %s are not yours to give", key[:strings.Index(key, ":")+1]), steps.T("Use another key"))
		case len(key) > 128 || len(value) > 256 || !tagShape.MatchString(key) || !tagShape.MatchString(value):
			b.fail(at, steps.T("IAM takes no such tag"), steps.T("Keys have at most 128 and values at most 256 letters, digits, blanks and the characters _ . : / = + - @"))
		}
	}
	r.Tags = tags
}
