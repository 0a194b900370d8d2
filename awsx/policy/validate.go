package policy

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"snapferry/awsx/text"
)

// rules is what one kind of policy asks for beyond the common grammar.
type rules struct {
	// principal and resource: must the element be there (true) or not (false).
	principal, resource bool
	// services whose actions may be named; nil for any.
	services []string
	// prefix every Resource must have, unless it is "*".
	prefix string
	// limit is the largest size in bytes (quotas pages of S3, KMS and OpenSearch
	// Service), 0 where an account may have its own.
	limit int
	// strictSid says that only letters and digits are permitted, each Sid once.
	strictSid bool
}

var kindRules = map[Kind]rules{
	KindIdentity:     {resource: true, strictSid: true, prefix: "arn:"},
	KindTrust:        {principal: true, services: []string{"sts"}, strictSid: true},
	KindBucket:       {principal: true, resource: true, services: []string{"s3"}, prefix: "arn:", limit: 20 << 10},
	KindKey:          {principal: true, resource: true, services: []string{"kms"}, prefix: "arn:", limit: 32 << 10},
	KindDomainAccess: {principal: true, resource: true, services: []string{"es"}, prefix: "arn:", limit: 100 << 10},
}

var (
	plainSid    = regexp.MustCompile(`^[A-Za-z0-9]*$`)
	actionShape = regexp.MustCompile(`^[a-zA-Z0-9-]+:[A-Za-z0-9*?]+$`)
	principalID = regexp.MustCompile(`^arn:aws[a-z-]*:(iam::[0-9]{12}:(root|(role|user)/[\w+=,.@/-]+)|sts::[0-9]{12}:(assumed-role|federated-user)/[\w+=,.@/-]+)$`)
)

// Validate says whether AWS would take the document as one of that kind, as far
// as the document alone tells: whether the principals exist only AWS knows. The
// error is a *SyntaxError.
func (d Document) Validate(k Kind) error {
	r := kindRules[k]
	bad := func(summary, fix text.Text) error { return refuse(place{}, summary, fix) }
	switch {
	case d.Version != "" && d.Version != Version2012 && d.Version != Version2008:
		return bad(text.New("%q is no version of the policy language", d.Version), text.New("Use %s", Version2012))
	case len(d.Statements) == 0:
		return bad(text.New("The %s has no statement", string(k)), text.New("Add a statement, or delete the policy"))
	case k == KindIdentity && d.ID != "":
		return bad(text.New("An identity policy has no Id"), text.New("Remove the Id element"))
	case len(d.extra) > 0:
		return bad(text.New("%q is no element of a policy", slices.Sorted(maps.Keys(d.extra))[0]), text.New("Remove it"))
	case r.limit > 0 && len(d.Bytes()) > r.limit:
		return bad(text.New("The %s is %d bytes long, AWS permits %d", string(k), len(d.Bytes()), r.limit), text.New("Take statements out or join them"))
	}
	seen := map[string]bool{}
	for _, s := range d.Statements {
		if r.strictSid && s.Sid != "" && seen[s.Sid] {
			return refuse(s.at, text.New("The Sid %q stands on two statements", s.Sid), text.New("Give every statement a Sid of its own"))
		}
		seen[s.Sid] = true
		if err := s.validate(k, r); err != nil {
			return err
		}
	}
	return nil
}

func (s Statement) validate(k Kind, r rules) error {
	if err := s.grammar(); err != nil {
		return err
	}
	bad := func(summary, fix text.Text) error { return refuse(s.at, summary, fix) }
	hasPrincipal := s.Principal != nil || s.NotPrincipal != nil
	hasResource := s.Resource != nil || s.NotResource != nil
	switch {
	case len(s.extra) > 0:
		return bad(text.New("%q is no element of a statement", slices.Sorted(maps.Keys(s.extra))[0]), text.New("Remove it"))
	case r.strictSid && !plainSid.MatchString(s.Sid):
		return bad(text.New("The Sid %q holds more than letters and digits", s.Sid), text.New("Use letters and digits alone"))
	case r.principal && !hasPrincipal:
		return bad(text.New("The statement%s has no Principal, which every %s needs", s.named(), string(k)), text.New("Say who it is about"))
	case !r.principal && hasPrincipal:
		return bad(text.New("The statement%s has a Principal, which no %s may have", s.named(), string(k)), text.New("Remove it: it is about whoever the policy is attached to"))
	case r.resource && !hasResource:
		return bad(text.New("The statement%s has no Resource, which every %s needs", s.named(), string(k)), text.New("Say what it is about"))
	case !r.resource && hasResource:
		return bad(text.New("The statement%s has a Resource, which no %s may have", s.named(), string(k)), text.New("Remove it: it is about the role the policy stands on"))
	}
	for _, check := range []error{s.validActions(k, r), s.validResources(k, r), s.validPrincipals(), s.validOperators()} {
		if check != nil {
			return check
		}
	}
	return nil
}

func (s Statement) validActions(k Kind, r rules) error {
	actions := append(slices.Clone(s.Action), s.NotAction...)
	if len(actions) == 0 {
		return refuse(s.at, text.New("The statement%s names no action", s.named()), text.New("Name at least one"))
	}
	for _, a := range actions {
		if a != "*" && !actionShape.MatchString(a) {
			return refuse(s.at, text.New("%q is not an action", a), text.New("An action looks like s3:GetObject"))
		}
		service, _, _ := strings.Cut(strings.ToLower(a), ":")
		if r.services != nil && a != "*" && !slices.Contains(r.services, service) {
			return refuse(s.at, text.New("A %s cannot speak of %s", string(k), a), text.New("Name actions of %s", strings.Join(r.services, ", ")))
		}
	}
	return nil
}

func (s Statement) validResources(k Kind, r rules) error {
	if !r.resource {
		return nil
	}
	resources := append(slices.Clone(s.Resource), s.NotResource...)
	if len(resources) == 0 {
		return refuse(s.at, text.New("The statement%s names no resource", s.named()), text.New("Name at least one"))
	}
	for _, v := range resources {
		if v != "*" && !strings.HasPrefix(v, r.prefix) {
			return refuse(s.at, text.New("%q is not a resource", v), text.New(`A resource is an ARN or "*"`))
		}
		if k == KindBucket && !strings.Contains(v, ":s3:") {
			return refuse(s.at, text.New("%q is no resource of a bucket", v), text.New("Name the bucket, arn:aws:s3:::BUCKET, or its objects, arn:aws:s3:::BUCKET/*"))
		}
	}
	return nil
}

func (s Statement) validPrincipals() error {
	for _, p := range []Principals{s.Principal, s.NotPrincipal} {
		for _, kind := range slices.Sorted(maps.Keys(p)) {
			if !slices.Contains([]string{"*", "AWS", "Service", "Federated", "CanonicalUser"}, kind) {
				return refuse(s.at, text.New("%q is no type of principal", kind), text.New("Use AWS or Service"))
			}
			for _, v := range p[kind] {
				if err := s.validPrincipal(kind, v); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s Statement) validPrincipal(kind, v string) error {
	switch {
	case kind != "AWS" || v == "*" || isAccount(v) || principalID.MatchString(v):
		return nil
	case IsUniqueID(v):
		return refuse(s.at, text.New("%s stands for a role or user that was deleted", v), text.New("Put the ARN of the present role or user in its place, or take it out"))
	case strings.ContainsAny(v, "*?"):
		return refuse(s.at, text.New("%q has a wildcard inside a principal", v), text.New(`A principal is named whole, or is "*"`))
	}
	return refuse(s.at, text.New("%q is not a principal", v), text.New("Name an account, or a role or user by its ARN"))
}

func (s Statement) validOperators() error {
	for _, op := range slices.Sorted(maps.Keys(s.Condition)) {
		if !parseOperator(op).known {
			return refuse(s.at, text.New("%q is no condition operator", op), text.New("An operator looks like StringEquals or ArnLike"))
		}
	}
	return nil
}
