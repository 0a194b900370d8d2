package engine

import (
	"context"
	"encoding/json"
	"time"

	"snapferry/steps"
)

// want is a declarative step: its parts in the documents of some things.
type want struct {
	id     steps.StepID
	parts  map[steps.Ref]thing
	order  []steps.Ref
	helper bool
	// optional steps may be skipped; planErr and boom break planning.
	optional bool
	// adopt takes what is there without our mark as it is.
	adopt   bool
	planErr error
	boom    bool
	// prove counts proofs and hears whether something was changed.
	prove func(changed bool) error
	// looks is what Prove reads through the World first.
	looks func(w *World)
	// fixed changes cannot be taken back.
	fixed bool
	// shared is who else makes use of what is made.
	shared func(steps.Change) (steps.Text, error)
}

func (s *want) Shared(_ context.Context, _ *World, c steps.Change) (steps.Text, error) {
	if s.shared == nil {
		return steps.Text{}, nil
	}
	return s.shared(c)
}

func wants(id steps.StepID, ref steps.Ref, t thing) *want {
	return &want{id: id, parts: map[steps.Ref]thing{ref: t}, order: []steps.Ref{ref}, helper: true}
}

func (s *want) and(ref steps.Ref, t thing) *want {
	s.parts[ref] = t
	s.order = append(s.order, ref)
	return s
}

func (s *want) Info() Info {
	return Info{ID: s.id, Side: steps.Source, Title: steps.T("Want %s", s.id), Optional: s.optional}
}

func (s *want) Plan(ctx context.Context, w *World) ([]steps.Change, error) {
	if s.boom {
		panic("boom while planning")
	}
	if s.planErr != nil {
		return nil, s.planErr
	}
	var out []steps.Change
	for _, ref := range s.order {
		live, err := w.Doc(ctx, ref)
		if err != nil {
			return nil, err
		}
		t := parts(live)
		if s.adopt && live.Exists() && t["run"] == "" {
			out = append(out, steps.NewChange(s.id, ref, live, live, steps.T("Adopt %s", ref)))
			return out, nil
		}
		for p, v := range s.parts[ref] {
			t[p] = v
		}
		c := steps.NewChange(s.id, ref, live, doc(t), steps.T("Make %s", ref))
		c.Helper, c.Reversible = s.helper, !s.fixed
		out = append(out, c)
	}
	return out, nil
}

func (s *want) Prove(_ context.Context, w *World, _ []steps.Change, changed bool) (steps.Evidence, error) {
	if s.looks != nil {
		s.looks(w)
	}
	if s.prove == nil {
		return steps.Evidence{}, nil
	}
	return steps.Evidence{Lines: []steps.Text{steps.T("proven")}}, s.prove(changed)
}

var (
	bucket   = steps.Ref{Kind: steps.KindBucket, Side: steps.Source, Name: "acme-move"}
	policyOf = steps.Ref{Kind: steps.KindBucketPolicy, Side: steps.Source, Name: "acme-move"}
	role     = steps.Ref{Kind: steps.KindRole, Side: steps.Source, Name: "acme-snap"}
	repo     = steps.Ref{Kind: steps.KindRepository, Side: steps.Source, Name: "ferry"}
	snapshot = steps.Ref{Kind: steps.KindSnapshot, Side: steps.Source, Name: "snap-1", In: "ferry"}
	proof    = steps.Ref{Kind: steps.KindProof, Side: steps.Target, Name: "snap-1"}
)

// tape is a snapshot that takes its time: begun, polled, done.
type tape struct {
	id  steps.StepID
	ref steps.Ref
	e   *earth
	// state is "", "running" or "done"; polls is how many looks it takes.
	state       string
	polls, left int
	begun       int
	events      []steps.Event
	fills       map[string]string
	verifyErr   error
	boom        bool
	data        bool
	// within is what it lies in; one that rides goes with that and not by itself.
	within steps.Ref
	rides  bool
	onPlan func(*World)
	// backErrs are what the next takebacks end with, backKept what they leave, and
	// onBack what happens meanwhile.
	backErrs []error
	backKept steps.Text
	onBack   func(ctx context.Context)
}

func newTape(e *earth) *tape {
	return &tape{id: "snapshot", ref: snapshot, e: e, polls: 3, fills: map[string]string{"uuid": "u-1"}}
}

func (s *tape) Info() Info {
	return Info{ID: s.id, Side: s.ref.Side, Title: steps.T("Snapshot")}
}

func (s *tape) Plan(_ context.Context, w *World) ([]steps.Change, error) {
	if s.onPlan != nil {
		s.onPlan(w)
	}
	c := steps.NewAct(s.id, s.ref, `["a","b"]`, steps.T("Take it"))
	c.Within, c.Reversible = s.within, !s.rides
	if s.state == "done" && s.ref.Kind != steps.KindProof {
		c.Verb = steps.Exists
		for k, v := range s.fills { // the world shows it, whoever did it
			w.Fill(k, v)
		}
	}
	return []steps.Change{c}, nil
}

func (s *tape) Describe(context.Context, *World) ([]steps.Move, []steps.Stay, steps.Estimate, error) {
	return []steps.Move{{Index: "a", As: "a", Docs: 3}}, nil, steps.Estimate{Bytes: 7, Snapshot: time.Minute}, nil
}

func (s *tape) Apply(ctx context.Context, w *World, _ steps.Change, emit Emit) error {
	if s.boom {
		panic("boom while acting")
	}
	if s.state == "" {
		s.begun++
		s.state, s.left = "running", s.polls
	}
	for _, e := range s.events {
		emit(e)
	}
	for s.left > 0 {
		if err := w.Wait(ctx, 2*time.Second); err != nil {
			return err
		}
		s.left--
		emit(steps.Progress{DoneShards: s.polls - s.left, TotalShards: s.polls})
	}
	s.state = "done"
	for k, v := range s.fills {
		w.Fill(k, v)
	}
	return nil
}

func (s *tape) Verify(context.Context, *World, steps.Change, Emit) (steps.Evidence, error) {
	return steps.Evidence{Summary: steps.T("Complete."), Data: json.RawMessage(`{"docs":3}`)}, s.verifyErr
}

func (s *tape) Takeback(ctx context.Context, _ *World, _ steps.Change, _ Emit) (steps.Text, error) {
	if len(s.backErrs) > 0 {
		err := s.backErrs[0]
		s.backErrs = s.backErrs[1:]
		return steps.Text{}, err
	}
	if s.onBack != nil {
		s.onBack(ctx)
	}
	if err := ctx.Err(); err != nil {
		return steps.Text{}, err
	}
	if s.backKept.IsZero() {
		s.state = ""
	}
	return s.backKept, nil
}

func (s *tape) Data(context.Context, *World, steps.Change) (steps.Text, string, error) {
	if !s.data {
		return steps.Text{}, "", nil
	}
	return steps.T("2 indices"), "delete", nil
}

func (s *tape) Mark(steps.Change) string { return "mark-1" }

// road is the usual list: bucket, role, sharing, registration, snapshot, proof.
func road(b *bench) *tape {
	t := newTape(b.e)
	look := newTape(b.e)
	look.id, look.ref, look.fills = "verify", proof, nil
	b.steps = []Step{
		wants("bucket", bucket, thing{"region": "eu-west-1", "run": "run-1"}).and(policyOf, thing{"tls": "only"}),
		wants("source-role", role, thing{"trust": "es"}),
		wants("share-bucket", policyOf, thing{"share": "target"}),
		wants("source-repository", repo, thing{"bucket": "acme-move"}),
		t, look,
	}
	return t
}
