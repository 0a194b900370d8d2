package engine

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"snapferry/steps"
)

// handed makes the role somebody else's to write.
func handed(b *bench) {
	b.e.onWrite = func(ref steps.Ref) error {
		if ref == role {
			return &steps.HandedOver{Who: steps.T("an administrator of the source account")}
		}
		return nil
	}
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
			if len(asked) != 1 || asked[0].CLI != "aws make "+role.Name || asked[0].Who.String() != "an administrator of the source account" {
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
			// Done meanwhile, the next start goes on, and it is ours to take back.
			b.e.edit(role, "trust", "es")
			if got := b.mustRun().State(); strings.Count(statuses(got), ":done") != 6 || !got.Changed("source-role") {
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

func TestTakingBackIsHandedOverToo(t *testing.T) {
	b := newBench(t)
	road(b)
	b.mustRun()
	handed(b)
	r, _, err := b.takeBack(steps.Undo, yes)
	var other *OtherSideError
	if !errors.As(err, &other) || other.Step != "source-role" || ExitCode(err) != 4 {
		t.Fatalf("%v", err)
	}
	if left := r.State().Takebacks(steps.Undo); len(left) != 3 {
		t.Errorf("went on past what it waits for: %v", left)
	}
	b.e.edit(role, "trust", "")
	if r, _, err = b.takeBack(steps.Undo, yes); err != nil || len(r.State().Takebacks(steps.Undo)) != 0 {
		t.Errorf("%v, left %v", err, r.State().Takebacks(steps.Undo))
	}
}
