package engine

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/network"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// handed makes the role somebody else's to write, and seen by its effect.
func handed(b *bench) {
	b.steps[1] = seeing{blind{b.steps[1].(*want)}, func() bool { return b.e.get(role) == doc(thing{"trust": "es"}) }}
}

// instructed are the instructions that were written down.
func instructed(t *testing.T, b *bench) []steps.Instruction {
	t.Helper()
	var list []steps.Instruction
	for _, line := range b.paper.lines {
		var r steps.Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if w, ok := r.Event.(steps.Waiting); ok && w.Instruction != nil {
			list = append(list, *w.Instruction)
		}
	}
	return list
}

func TestWhatIsHandedOverIsWaitedForByItsEffect(t *testing.T) {
	for _, tt := range []struct {
		name  string
		limit time.Duration
		after time.Duration // when somebody else acts; 0 never
		code  int
	}{
		{"done while it is waited for", Forever, 10 * time.Minute, 0},
		{"done within the limit", time.Hour, 30 * time.Minute, 0},
		{"not done within the limit", 5 * time.Minute, time.Hour, 4},
		{"nobody to wait for", 0, 0, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.paper = &paper{}
			road(b)
			handed(b)
			b.options = func(o *Options) { o.WaitOther = tt.limit }
			began, rests := b.clock.Now(), []time.Duration{}
			b.clock.each = func(d time.Duration) {
				rests = append(rests, d)
				if tt.after > 0 && b.clock.Now().Sub(began) >= tt.after {
					b.e.edit(role, "trust", "es")
				}
			}
			r, err := b.run()
			s := r.State()
			if ExitCode(err) != tt.code || s.Done == nil || s.Done.ExitCode != tt.code || (s.Paused != nil) != (tt.code == 4) {
				t.Fatalf("%v; paused %+v, done %+v", err, s.Paused, s.Done)
			}
			for i := 1; i < len(rests) && rests[i] != rests[0]; i++ {
				if rests[i] < rests[i-1] || rests[i] > lastLook {
					t.Errorf("rests %v", rests)
				}
			}
			asked := instructed(t, b)
			if len(asked) != 1 || asked[0].CLI != "aws make "+role.Name || asked[0].Who.String() != "somebody who may change the role" {
				t.Errorf("instructed %+v", asked)
			}
			if tt.code == 0 {
				if got := statuses(s); strings.Count(got, ":done") != 6 || s.Step("source-role").Wait.Instruction != nil {
					t.Errorf("came to %s", got)
				}
				return
			}
			if got := statuses(s); !strings.Contains(got, "source-role:stopped") || strings.Contains(got, "failed") {
				t.Errorf("waiting is no failure: %s", got)
			}
			// Done meanwhile, the next start goes on, and it is not ours to take back.
			b.e.edit(role, "trust", "es")
			if got := b.mustRun().State(); strings.Count(statuses(got), ":done") != 5 || !strings.Contains(statuses(got), "source-role:existed") || got.Changed("source-role") {
				t.Errorf("resumed to %s", statuses(got))
			}
		})
	}
}

func TestAWaitForSomebodyElseIsStopped(t *testing.T) {
	b := newBench(t)
	road(b)
	handed(b)
	b.options = func(o *Options) { o.WaitOther = Forever }
	b.clock.each = func(time.Duration) { b.control.Interrupt() }
	r, err := b.run()
	if !errors.Is(err, ErrStopped) || !strings.Contains(statuses(r.State()), "source-role:stopped") {
		t.Errorf("%v, %s", err, statuses(r.State()))
	}
}

// blind wants what cannot be read; seeing is a Witness too.
type blind struct{ *want }

func (s blind) Plan(context.Context, *World) ([]steps.Change, error) {
	c := steps.NewChange(s.id, role, "", doc(thing{"trust": "es"}), steps.T("Make it"))
	c.Unread = true
	return []steps.Change{c}, nil
}

type seeing struct {
	blind
	seen func() bool
}

func (s seeing) Witnessed(context.Context, *World, steps.Change) (bool, error) { return s.seen(), nil }

// mute is a witness that has nothing to say of this.
type mute struct{ blind }

func (mute) Witnessed(context.Context, *World, steps.Change) (bool, error) {
	return false, ErrNoWitness
}

func TestWhatCannotBeReadIsSeenByItsEffect(t *testing.T) {
	looks := 0
	at := func(n int) func() bool { return func() bool { looks++; return looks >= n } }
	for _, tt := range []struct {
		name  string
		step  func(*want) Step
		code  int
		asked int
		says  string
	}{
		{"so already", func(w *want) Step { return seeing{blind{w}, at(1)} }, 0, 0, "its effect is seen"},
		{"so after a while", func(w *want) Step { return seeing{blind{w}, at(4)} }, 0, 1, "its effect is seen"},
		{"not so", func(w *want) Step { return seeing{blind{w}, at(1000)} }, 4, 1, ""},
		{"the witness cannot tell", func(w *want) Step { return mute{blind{w}} }, 0, 1, "whether it is so is unknown"},
		{"nobody can tell", func(w *want) Step { return blind{w} }, 0, 1, "whether it is so is unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			looks = 0
			b := newBench(t)
			b.paper = &paper{}
			road(b)
			b.steps[1] = tt.step(b.steps[1].(*want))
			b.e.onRead = func(ref steps.Ref) error {
				if ref == role {
					return errors.New("it was read")
				}
				return nil
			}
			b.options = func(o *Options) { o.WaitOther = time.Hour }
			r, err := b.run()
			if ExitCode(err) != tt.code || len(instructed(t, b)) != tt.asked {
				t.Fatalf("%v, instructed %v", err, instructed(t, b))
			}
			st := r.State().Step("source-role")
			if tt.says != "" && (len(st.Evidence.Lines) == 0 || !strings.Contains(st.Evidence.Lines[0].String(), tt.says)) {
				t.Errorf("proven %v", st.Evidence.Lines)
			}
			for _, c := range r.State().Changes {
				if c.Step == "source-role" {
					t.Errorf("it is taken for ours: %+v", c)
				}
			}
		})
	}
}

// errands is a step of several things that nobody here can read.
type errands struct{ seeing }

func (s errands) Plan(ctx context.Context, w *World) ([]steps.Change, error) {
	list, err := s.blind.Plan(ctx, w)
	more := steps.NewChange(s.id, policyOf, "", doc(thing{"a": "b"}), steps.T("And this"))
	more.Unread = true
	return append(list, more), err
}

// TestAllOfAStepIsHandedOverAtOnce: one errand does, and it is waited for all of it.
func TestAllOfAStepIsHandedOverAtOnce(t *testing.T) {
	b, looks := newBench(t), 0
	b.paper = &paper{}
	road(b)
	b.steps = b.steps[:2]
	b.steps[1] = errands{seeing{blind{b.steps[1].(*want)}, func() bool { looks++; return looks > 8 }}}
	b.options = func(o *Options) { o.WaitOther = time.Hour }
	b.mustRun()
	asked := instructed(t, b)
	if len(asked) != 1 || looks < 9 {
		t.Fatalf("asked %+v after %d looks", asked, looks)
	}
	if do := asked[0]; do.CLI != "aws make "+role.Name+"\naws make "+policyOf.Name || do.What.String() != "Make it; And this" || do.Who.String() != "somebody who may change the role, the bucket-policy" {
		t.Errorf("asked %+v", do)
	}
	if whole([]string{"a", ""}) != "" {
		t.Error("a form that not all have is given for all")
	}
}

// TestWhereSomebodyElseWorks: what is handed over names the account, or the domain.
func TestWhereSomebodyElseWorks(t *testing.T) {
	f, err := facts.Open(t.Context(), facts.Options{Spec: &spec.Spec{Target: spec.SideSpec{Account: "222222222222"}}, Network: network.New(network.Options{Isolated: true})})
	if err != nil {
		t.Fatal(err)
	}
	r := &Runner{o: Options{Facts: f}}
	for kind, want := range map[steps.Kind]string{
		steps.KindRole: " in the target account 222222222222", steps.KindKeyPolicy: " in the target account 222222222222",
		steps.KindRoleMapping: " on the target domain", steps.KindFGACRole: " on the target domain",
	} {
		if got := r.where(steps.Ref{Kind: kind, Side: steps.Target}); got != want {
			t.Errorf("%s: %q", kind, got)
		}
	}
}
