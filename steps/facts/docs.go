package facts

import (
	"context"
	"slices"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/resource"
)

// Resource gives a kind of thing, working through this view's identities.
func (f *Facts) Resource(kind steps.Kind) (resource.Kind, bool) {
	k, ok := f.kinds[kind]
	return k, ok
}

// Doc is the thing's live document, memoised until it is dropped.
func (f *Facts) Doc(ctx context.Context, ref steps.Ref) (steps.Doc, error) {
	kind, ok := f.kinds[ref.Kind]
	if !ok {
		return "", &steps.Error{Summary: steps.T("%s has no document", string(ref.Kind))}
	}
	doc, err := read(ctx, &f.memo, f.docKey(ref), func(ctx context.Context) (steps.Doc, error) {
		doc, err := kind.Read(ctx, ref)
		if ref.Kind == steps.KindRepository && failure.Is(err, failure.Denied) && f.mapperIsAnother(ref.Side) {
			seen, merr := f.mapped[ref.Kind].Read(ctx, ref)
			if merr == nil {
				return seen, nil
			}
			err = Unasked(err, merr)
		}
		return doc, err
	})
	return doc, f.failed(docFacts[ref.Kind], ref.Side, err)
}

// docFacts names the fact by whose source a kind's document is learned.
var docFacts = map[steps.Kind]Name{
	steps.KindBucket:       FactBucket,
	steps.KindBucketPolicy: FactBucketPolicy,
	steps.KindRole:         FactRole,
	steps.KindSignerGrant:  FactPolicies,
	steps.KindAccessPolicy: FactDomain,
	steps.KindKeyPolicy:    FactKeyPolicy,
	steps.KindRepository:   FactRepository,
	steps.KindFGACRole:     FactFGACRole,
	steps.KindRoleMapping:  FactRoleMapping,
}

// docName is what documents are remembered under; they are dropped by their ref.
const docName Name = "document"

// docKey leaves the side to the identity: two sides with one identity see one thing.
func (f *Facts) docKey(ref steps.Ref) key {
	who := f.who(Slot{ref.Side, Control})
	switch ref.Kind {
	case steps.KindRepository:
		who = f.at(Slot{ref.Side, Signer})
	case steps.KindFGACRole, steps.KindRoleMapping:
		who = f.at(Slot{ref.Side, Mapper})
	}
	return key{docName, who, string(ref.Kind) + "|" + ref.Name + "|" + ref.In}
}

// touches lists, by kind, the facts a change of such a thing may have changed. A
// fact that is missing here would be planned with although it is outdated; one
// too many costs a call. A kind that is missing forgets everything.
var touches = map[steps.Kind][]Name{
	steps.KindBucket:        {FactBucket, FactBucketPolicy, FactBucketCrypto, FactBucketOwning, FactBucketPublic},
	steps.KindBucketPolicy:  {FactBucket, FactBucketPolicy},
	steps.KindRole:          {FactRole, FactPolicies, FactPrincipal},
	steps.KindSignerGrant:   {FactPolicies},
	steps.KindAccessPolicy:  {FactDomain},
	steps.KindKeyPolicy:     {FactKeyPolicy},
	steps.KindRepository:    {FactRepository, FactRepositories, FactSnapshot},
	steps.KindFGACRole:      {FactAuthInfo},
	steps.KindRoleMapping:   {FactAuthInfo},
	steps.KindSnapshot:      {FactSnapshot, FactRunning},
	steps.KindIndices:       {FactIndices, FactAliases, FactDataStreams, FactArrivals, FactHealth, FactNodes},
	steps.KindIndexSettings: {FactIndices, FactHealth, FactNodes},
	steps.KindProof:         {},
}

// Drop forgets the documents of refs, every fact a change of them may have
// changed, and every read that failed.
func (f *Facts) Drop(refs ...steps.Ref) {
	keys := map[key]bool{}
	var names []Name
	for _, ref := range refs {
		touched, known := touches[ref.Kind]
		if !known {
			f.DropAll()
			return
		}
		names = append(names, touched...)
		keys[f.docKey(ref)] = true
		if ref.Kind == steps.KindBucket {
			// A bucket that came or went took its policy with it.
			ref.Kind = steps.KindBucketPolicy
			keys[f.docKey(ref)] = true
		}
	}
	f.memo.drop(func(k key) bool { return keys[k] || slices.Contains(names, k.name) })
}

// DropAll forgets everything but the connections.
func (f *Facts) DropAll() {
	f.memo.drop(func(key) bool { return true })
	f.selecting.Lock()
	defer f.selecting.Unlock()
	f.selected, f.selectedOf = Selection{}, nil // which holds on to the whole reading
}
