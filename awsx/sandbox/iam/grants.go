package iam

import (
	"maps"
	"slices"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// holder is a kind of principal that holds identity policies. Users and roles
// have the same operations on them under other names.
type holder struct {
	// kind is Role or User, as in PutRolePolicy; noun and field as messages
	// have them.
	kind, noun, field string
	// most bounds the sum of inline policies in characters [IAM quotas].
	most int
	// find gives nil for a principal that does not exist.
	find func(*world.Account, string) *entity
}

// entity is a principal as far as users and roles are the same.
type entity struct {
	arn    awsid.ARN
	grants *world.Grants
	tags   *map[string]string
}

var roleHolder = holder{"Role", "role", "roleName", 10240, func(a *world.Account, n string) *entity {
	if r := a.Role(n); r != nil {
		return &entity{a.RoleARN(r), &r.Grants, &r.Tags}
	}
	return nil
}}

var userHolder = holder{"User", "user", "userName", 2048, func(a *world.Account, n string) *entity {
	if u := a.User(n); u != nil {
		return &entity{a.UserARN(u), &u.Grants, &u.Tags}
	}
	return nil
}}

// grantOperations are the seven operations each kind of principal has.
func (s *service) grantOperations(h holder) map[string]wire.Operation {
	return map[string]wire.Operation{
		"Put" + h.kind + "Policy":            {Mutates: true, Run: s.change(h, putInline)},
		"Delete" + h.kind + "Policy":         {Mutates: true, Run: s.change(h, deleteInline)},
		"Attach" + h.kind + "Policy":         {Mutates: true, Run: s.change(h, attach)},
		"Detach" + h.kind + "Policy":         {Mutates: true, Run: s.change(h, detach)},
		"Get" + h.kind + "Policy":            {Run: s.look(h, getInline)},
		"List" + h.kind + "Policies":         {Run: s.look(h, listInline)},
		"ListAttached" + h.kind + "Policies": {Run: s.look(h, listAttached)},
	}
}

// named reads the principal's name and asks whether the caller may do this to
// it. One that does not exist is judged as one without a path: IAM refuses before
// it looks.
func (s *service) named(h holder, in *wire.Input) (string, error) {
	n, err := name(in, h.kind+"Name", h.field, 64)
	if err != nil {
		return "", err
	}
	arn, extra := entityARN(in, h.noun+"/"+n), map[string][]string{}
	_ = s.read(in, func(_ *world.State, a *world.Account) error {
		e := h.find(a, n)
		if e == nil {
			return nil
		}
		arn = e.arn.String()
		for k, v := range *e.tags {
			extra["aws:ResourceTag/"+k], extra["iam:ResourceTag/"+k] = []string{v}, []string{v}
		}
		if e.grants.Boundary != "" {
			extra["iam:PermissionsBoundary"] = []string{e.grants.Boundary}
		}
		return nil
	})
	return n, s.allow(in, arn, h.noun+" "+n, extra)
}

// named finds the principal, or says in IAM's words that there is none.
func (h holder) named(a *world.Account, n string) (*entity, error) {
	if e := h.find(a, n); e != nil {
		return e, nil
	}
	return nil, noSuch("The %s with name %s cannot be found.", h.noun, n)
}

// change makes an operation of a change to a principal's policies.
func (s *service) change(h holder, f func(holder, *wire.Input, *world.State, *world.Grants) error) func(*wire.Input) (any, error) {
	return func(in *wire.Input) (any, error) {
		n, err := s.named(h, in)
		if err != nil {
			return nil, err
		}
		return nil, s.write(in, func(st *world.State, a *world.Account) error {
			e, err := h.named(a, n)
			if err != nil {
				return err
			}
			return f(h, in, st, e.grants)
		})
	}
}

// look makes an operation of a question about a principal's policies.
func (s *service) look(h holder, f func(holder, *wire.Input, *world.Grants) (any, error)) func(*wire.Input) (any, error) {
	return func(in *wire.Input) (any, error) {
		n, err := s.named(h, in)
		if err != nil {
			return nil, err
		}
		var out any
		err = s.read(in, func(_ *world.State, a *world.Account) error {
			e, err := h.named(a, n)
			if err == nil {
				out, err = f(h, in, e.grants)
			}
			return err
		})
		return out, err
	}
}

// putInline replaces a policy of the same name without asking: whoever merges
// must have read before.
func putInline(h holder, in *wire.Input, _ *world.State, g *world.Grants) error {
	n, err := name(in, "PolicyName", "policyName", 128)
	if err != nil {
		return err
	}
	if err := document(in.Get("PolicyDocument")); err != nil {
		return err
	}
	if g.Inline == nil {
		g.Inline = map[string]string{}
	}
	g.Inline[n] = in.Get("PolicyDocument")
	size := 0
	for _, doc := range g.Inline {
		size += characters(doc)
	}
	if size > h.most {
		return limit("Maximum policy size of %d bytes exceeded for %s %s", h.most, h.noun, in.Get(h.kind+"Name"))
	}
	return nil
}

// characters counts as IAM does: white space is free.
func characters(doc string) int {
	n := 0
	for _, r := range doc {
		if r != ' ' && r != '\n' && r != '\t' && r != '\r' {
			n++
		}
	}
	return n
}

func deleteInline(h holder, in *wire.Input, _ *world.State, g *world.Grants) error {
	if _, ok := g.Inline[in.Get("PolicyName")]; !ok {
		return noSuch("The %s policy with name %s cannot be found.", h.noun, in.Get("PolicyName"))
	}
	delete(g.Inline, in.Get("PolicyName"))
	return nil
}

// getInline has the name of the principal under the element of its kind; the
// other one stays empty and is left out.
func getInline(h holder, in *wire.Input, g *world.Grants) (any, error) {
	doc, ok := g.Inline[in.Get("PolicyName")]
	if !ok {
		return nil, noSuch("The %s policy with name %s cannot be found.", h.noun, in.Get("PolicyName"))
	}
	return struct {
		RoleName, UserName         string `xml:",omitempty"`
		PolicyName, PolicyDocument string
	}{in.Get("RoleName"), in.Get("UserName"), in.Get("PolicyName"), escaped(doc)}, nil
}

func listInline(_ holder, in *wire.Input, g *world.Grants) (any, error) {
	var out struct {
		PolicyNames list[string]
		page
	}
	out.PolicyNames, out.page = paged(in, slices.Sorted(maps.Keys(g.Inline)))
	return out, nil
}

// attach is harmless when the policy is attached already, as in IAM.
func attach(_ holder, in *wire.Input, st *world.State, g *world.Grants) error {
	arn := in.Get("PolicyArn")
	if _, ok := st.ManagedDocument(arn); !ok {
		return noSuch("Policy %s does not exist or is not attachable.", arn)
	}
	if !slices.Contains(g.Attached, arn) {
		g.Attached = append(g.Attached, arn)
	}
	return nil
}

// detach fails where nothing is attached: IAM does not take it for done.
func detach(_ holder, in *wire.Input, _ *world.State, g *world.Grants) error {
	i := slices.Index(g.Attached, in.Get("PolicyArn"))
	if i < 0 {
		return noSuch("Policy %s was not found.", in.Get("PolicyArn"))
	}
	g.Attached = slices.Delete(g.Attached, i, i+1)
	return nil
}

// listAttached keeps the order in which the policies were attached.
func listAttached(_ holder, in *wire.Input, g *world.Grants) (any, error) {
	type shape struct{ PolicyName, PolicyArn string }
	var out struct {
		AttachedPolicies list[shape]
		page
	}
	var all []shape
	for _, p := range g.Attached {
		arn, err := awsid.ParseARN(p)
		if err != nil {
			continue
		}
		all = append(all, shape{arn.Name(), p})
	}
	out.AttachedPolicies, out.page = paged(in, all)
	return out, nil
}
