package spec

import (
	"errors"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// Build turns answers into a Spec. Every error names its field, and its line
// where the draft was read from a file. The Spec is valid only when there is no
// error.
//
// today is the day the run began, also when it is resumed later: the snapshot's
// name is derived from it where none was said.
//
// What is not said is derived: domain and region from an endpoint of the
// service, the target's region from the source's, control from the environment,
// signer and mapper from control, the role's name and the base path from the
// domain, the bucket's owner from the source and its region from the owner, all
// indices, no rename, the replicas each index had, repository snapferry, a sample
// as proof, two accounts from the accounts. Inside one account, which has to be
// said, the target has the source's account, region, identities and role; beside
// the originals it has the source's domain too.
func (d *Draft) Build(today time.Time) (*Spec, []*steps.Error) {
	return d.build(today, false)
}

// Partial is Build for answers that are not complete, as preflight and forms
// have them: what was not said is no error, and what is wrong is left out of the
// Spec and told.
func (d *Draft) Partial(today time.Time) (*Spec, []*steps.Error) {
	return d.build(today, true)
}

// builder is one Build under way. It collects every error instead of stopping at
// the first: a person mends a file once, not line by line.
type builder struct {
	d       *Draft
	partial bool
	spec    *Spec
	errs    []*steps.Error
	// inherit are the answers a target takes from the source where it has none.
	inherit []Key
}

// inherited is what source and target share by the shape that was stated.
var inherited = map[Shape][]Key{
	ShapeSameAccount: {"account", "region"},
	ShapeSameDomain:  {"account", "region", "domain", "endpoint", "via", "auth"},
}

// origin is where the answer to a question stands.
func (b *builder) origin(key Key) Key {
	name, ok := strings.CutPrefix(string(key), "target.")
	if ok && slices.Contains(b.inherit, Key(name)) && !b.d.Said(key) {
		return Key("source." + name)
	}
	return key
}

// get and said look where an answer stands, which for a target inside the
// source's account may be the source.
func (b *builder) get(key Key) string { return b.d.Get(b.origin(key)) }
func (b *builder) said(key Key) bool  { return b.d.Said(b.origin(key)) }

func (d *Draft) build(today time.Time, partial bool) (*Spec, []*steps.Error) {
	b := &builder{d: d, partial: partial, spec: &Spec{}}
	stated := b.statedShape()
	b.side(steps.Source, &b.spec.Source)
	b.inherit = inherited[stated]
	b.side(steps.Target, &b.spec.Target)
	b.shape(stated)
	b.reached()
	b.roles()
	b.bucket()
	b.move(today)
	slices.SortStableFunc(b.errs, func(x, y *steps.Error) int {
		return strings.Compare(place(Key(x.Field)), place(Key(y.Field)))
	})
	return b.spec, b.errs
}

// note files an error at a question. An inherited answer was complained about
// where it stands.
func (b *builder) note(key Key, summary, fix steps.Text, cause error) {
	if b.origin(key) != key {
		return
	}
	at := b.d.said[key]
	b.errs = append(b.errs, &steps.Error{Field: string(key), Line: at.line, Column: at.column, Summary: summary, Fix: fix, Cause: cause})
}

// fail files an error that was found here.
func (b *builder) fail(key Key, summary, fix steps.Text) { b.note(key, summary, fix, nil) }

// refuse files what a parser had to say.
func (b *builder) refuse(key Key, err error) {
	var id *awsid.Error
	var rename *RenameError
	switch {
	case errors.As(err, &id):
		b.note(key, id.Summary, id.Fix, err)
	case errors.As(err, &rename):
		b.note(key, rename.Summary, rename.Fix, err)
	default:
		b.note(key, steps.T("%s", err.Error()), steps.Text{}, err)
	}
}

// need complains about an answer that is missing, unless answers may be partial.
func (b *builder) need(key Key, what steps.Text) {
	if b.get(key) == "" && !b.partial {
		b.fail(key, steps.T("%s is missing: %s", string(key), what), steps.T("Say it in the answers file and run again: snapferry run --file ANSWERS.yaml"))
	}
}

// take parses an answer if there is one; ok is false where there is none or it
// is refused.
func take[T any](b *builder, key Key, parse func(string) (T, error)) (v T, ok bool) {
	raw := b.get(key)
	if raw == "" {
		return v, false
	}
	v, err := parse(raw)
	if err != nil {
		b.refuse(key, err)
		var zero T
		return zero, false
	}
	return v, true
}

// one parses an answer that must be one of a few words; "" where it is not said
// or refused.
func (b *builder) one(key Key, words ...string) string {
	raw := b.get(key)
	for _, w := range words {
		if raw == w {
			return w
		}
	}
	if raw != "" {
		fix := steps.T("Say one of: %s", list(words))
		if near := nearest(raw, words); near != "" {
			fix = steps.T("Did you mean %s? Possible are: %s", near, list(words))
		}
		b.fail(key, steps.T("%q is no answer to %s", raw, string(key)), fix)
	}
	return ""
}

// arn parses an ARN of one service in the partition of a region; kind is the
// form it must have, in words.
func (b *builder) arn(key Key, region awsid.Region, service, resourceType, example string) (awsid.ARN, bool) {
	arn, ok := take(b, key, awsid.ParseARN)
	if !ok {
		return awsid.ARN{}, false
	}
	if arn.Service != service || arn.Type() != resourceType || arn.Name() == "" {
		b.fail(key, steps.T("%q is not the ARN of a %s", arn.String(), resourceType), steps.T("It looks like %s", example))
		return awsid.ARN{}, false
	}
	if region != "" && arn.Partition != region.Partition() {
		b.fail(key, steps.T("%s is in partition %s, but %s belongs to %s", arn.String(), string(arn.Partition), string(region), string(region.Partition())),
			steps.T("Partitions share no accounts: use an ARN that starts with arn:%s:", string(region.Partition())))
		return awsid.ARN{}, false
	}
	return arn, true
}
