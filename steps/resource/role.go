package resource

import (
	"context"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// ownTag is the prefix of the tags we give.
const ownTag = "snapferry:"

// roleKind is the snapshot role: the role the service assumes to reach bucket
// and key. IAM compares role names without regard to letter case and assumes
// with regard to it, so the ARN in the document is IAM's own spelling.
type roleKind struct {
	access Access
	opts   Options
}

func (k roleKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error) {
	r, err := k.live(ctx, ref)
	if err != nil || r == nil {
		return steps.Absent, err
	}
	return k.document(r)
}

// live is the role of the ref, nil when there is none.
func (k roleKind) live(ctx context.Context, ref steps.Ref) (*account.Role, error) {
	acc, err := k.access.Control(ctx, ref.Side)
	if err != nil {
		return nil, err
	}
	return exactRole(ctx, acc, awsid.RoleName(ref.Name))
}

// exactRole reads the role of exactly this name. IAM also finds one that differs
// in letter case, which is another role to whoever assumes it. A role of which
// not everything could be read is an error: what is not seen would be taken for
// absent and lost.
func exactRole(ctx context.Context, acc *account.Account, name awsid.RoleName) (*account.Role, error) {
	r, err := acc.Role(ctx, name)
	if err != nil || r == nil || r.Name != name {
		return nil, err
	}
	return r, r.Incomplete
}

// document shows all of a role's policies, also others': whoever approves a role
// must see everything it may do. Of its tags it shows those we care for.
func (k roleKind) document(r *account.Role) (steps.Doc, error) {
	doc := Role{ARN: r.ARN.String(), Description: r.Description, Boundary: r.Boundary.String(), Tags: map[string]string{}, Inline: map[string]steps.Doc{}}
	trust, err := policy.Parse(r.Trust)
	if err != nil {
		return "", err
	}
	doc.Trust = PolicyDoc(trust)
	for name, raw := range r.Inline {
		p, err := policy.Parse(raw)
		if err != nil {
			return "", err
		}
		doc.Inline[name] = PolicyDoc(p)
	}
	for key, value := range r.Tags {
		if strings.HasPrefix(key, ownTag) || slices.Contains(k.opts.Tags, key) {
			doc.Tags[key] = value
		}
	}
	for _, p := range r.Attached {
		doc.Attached = append(doc.Attached, p.ARN.String())
	}
	slices.Sort(doc.Attached)
	return doc.Doc(), nil
}

// Write makes a role whole or merges into one that is there.
func (k roleKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error {
	before, exists, err := ParseRole(was)
	if err != nil {
		return err
	}
	after, _, err := ParseRole(want)
	if err != nil {
		return err
	}
	acc, err := k.access.Control(ctx, ref.Side)
	if err != nil {
		return err
	}
	w := roleWrite{kind: k, acc: acc, name: awsid.RoleName(ref.Name), before: before, after: after}
	if !exists {
		return w.create(ctx)
	}
	return w.change(ctx)
}

// roleWrite is one Write under way.
type roleWrite struct {
	kind          roleKind
	acc           *account.Account
	name          awsid.RoleName
	before, after Role
}

// create makes the role with its trust and its tags in one call, so that it
// carries our mark from its first moment; a process killed before the policies
// are put finds it again.
func (w roleWrite) create(ctx context.Context) error {
	arn, err := awsid.ParseARN(w.after.ARN)
	if err != nil {
		return err
	}
	spec := account.RoleSpec{
		Name: w.name, Path: arn.Path(), Description: w.after.Description,
		Trust: account.Document(w.after.Trust), Tags: w.after.Tags,
	}
	if w.after.Boundary != "" {
		if spec.Boundary, err = awsid.ParseARN(w.after.Boundary); err != nil {
			return err
		}
	}
	if _, err := w.acc.CreateRole(ctx, spec); err != nil && !w.made(ctx, err) {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(w.after.Inline)) {
		if err := w.putInline(ctx, name, account.Document(w.after.Inline[name])); err != nil {
			return err
		}
	}
	return nil
}

// made says of a refusal that the role is there and carries our mark: the answer was
// lost, and what was asked once more found what the first request had made.
func (w roleWrite) made(ctx context.Context, refused error) bool {
	run := w.after.Tags[TagRun]
	if !failure.Is(refused, failure.Exists) || run == "" {
		return false
	}
	live, err := exactRole(ctx, w.acc, w.name)
	return err == nil && live != nil && live.Tags[TagRun] == run && live.ARN.String() == w.after.ARN && len(live.Inline) == 0
}

// putInline puts a policy into a role that was seen or made a moment ago: one
// that IAM says is missing is not shown everywhere yet, for which AWS gives no
// number, and comes by itself.
func (w roleWrite) putInline(ctx context.Context, name string, doc account.Document) error {
	err := w.acc.PutRolePolicy(ctx, w.name, name, doc)
	if !failure.Is(err, failure.Missing) {
		return err
	}
	f := *failure.Of(err)
	f.Transient, f.Message = true, "IAM does not show role "+string(w.name)+" everywhere yet"
	return &f
}

// change reads the role once more and touches only what differs between what was
// planned from and what was approved.
func (w roleWrite) change(ctx context.Context) error {
	if err := w.fixed(); err != nil {
		return err
	}
	live, err := exactRole(ctx, w.acc, w.name)
	if err != nil {
		return err
	}
	if live == nil {
		return &failure.Failure{Kind: failure.Missing, Message: "role " + string(w.name) + " is gone", Operation: "IAM GetRole"}
	}
	if w.before.Trust != w.after.Trust {
		next, err := patched(live.Trust, w.before.Trust, w.after.Trust)
		if err != nil {
			return err
		}
		if err := w.acc.PutTrust(ctx, w.name, next.Bytes()); err != nil {
			return err
		}
	}
	if err := w.inline(ctx, live); err != nil {
		return err
	}
	return w.tags(ctx)
}

// fixed refuses changes of what is never changed in a role that is there.
func (w roleWrite) fixed() error {
	b, a := w.before, w.after
	if b.ARN == a.ARN && b.Description == a.Description && b.Boundary == a.Boundary && slices.Equal(b.Attached, a.Attached) {
		return nil
	}
	return &steps.Error{
		Summary: steps.T("Path, description, boundary and attached policies of role %s are left as they are", string(w.name)),
		Fix:     steps.T("Change them in IAM, or answer with another role name to have a role made"),
	}
}

// patched is patch on a document as it lies there.
func patched(live account.Document, was, want steps.Doc) (policy.Document, error) {
	d, err := policy.Parse(live)
	if err != nil {
		return policy.Document{}, err
	}
	return patch(d, was, want)
}

// inline brings our changes of inline policies into the live ones, statement by
// statement.
func (w roleWrite) inline(ctx context.Context, live *account.Role) error {
	names := slices.Collect(maps.Keys(w.before.Inline))
	names = slices.AppendSeq(names, maps.Keys(w.after.Inline))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		was, want := w.before.Inline[name], w.after.Inline[name]
		if was == want {
			continue
		}
		next := policy.Document{}
		if raw := live.Inline[name]; len(raw) > 0 {
			var err error
			if next, err = policy.Parse(raw); err != nil {
				return err
			}
		}
		next, err := patch(next, was, want)
		if err != nil {
			return err
		}
		if len(next.Statements) == 0 {
			err = w.acc.DeleteRolePolicy(ctx, w.name, name)
		} else {
			err = w.putInline(ctx, name, next.Bytes())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tags sets and removes single tags, which IAM can do one by one.
func (w roleWrite) tags(ctx context.Context) error {
	set := map[string]string{}
	for key, value := range w.after.Tags {
		if old, ok := w.before.Tags[key]; !ok || old != value {
			set[key] = value
		}
	}
	var drop []string
	for key := range w.before.Tags {
		if _, ok := w.after.Tags[key]; !ok {
			drop = append(drop, key)
		}
	}
	if len(set) > 0 {
		if err := w.acc.TagRole(ctx, w.name, set); err != nil {
			return err
		}
	}
	if len(drop) == 0 {
		return nil
	}
	slices.Sort(drop)
	return w.acc.UntagRole(ctx, w.name, drop)
}

// Delete takes the inline policies with the role. Attached policies are never
// ours; IAM refuses to delete a role that has some.
func (k roleKind) Delete(ctx context.Context, ref steps.Ref, _ steps.Doc) error {
	live, err := k.live(ctx, ref)
	if err != nil || live == nil {
		return err
	}
	acc, err := k.access.Control(ctx, ref.Side)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(live.Inline)) {
		if err := acc.DeleteRolePolicy(ctx, live.Name, name); err != nil {
			return err
		}
	}
	return acc.DeleteRole(ctx, live.Name)
}
