package panel

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// TestKeptLinesAreRight: whatever happens, a board that kept lines shows the same as
// one that is drawn anew.
func TestKeptLinesAreRight(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s, kept, all := running(), NewRun(plainLook()), calls(40)
	ids := s.Plan.Steps
	for n := range 400 {
		id := ids[random.IntN(len(ids))].ID
		events := []steps.Event{
			steps.StepStarted{},
			steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("read back %d", n)}},
			steps.StepFailed{Diagnosis: cause()},
			steps.StepSkipped{Why: steps.T("not needed")},
			steps.Waiting{Reason: steps.T("a lock, look %d", n), Since: noon},
			steps.Waiting{},
			steps.Waiting{Reason: steps.T("somebody"), Instruction: &steps.Instruction{Who: steps.T("who %d", n), CLI: "aws"}},
			steps.Progress{DoneBytes: int64(n), TotalBytes: 400, BytesPerSecond: 7, ETASeconds: 100, Items: []steps.ItemProgress{{Name: wide, DoneBytes: int64(n), TotalBytes: 400}, {Name: emoji}}},
			steps.Paused{Why: steps.T("w")},
			steps.Continued{},
		}
		s = after(s, id, events[random.IntN(len(events))])
		width, height := []int{60, 90, 120}[n/150], 12+random.IntN(20)
		at, frame, shown := noon.Add(time.Duration(n)*time.Second), n, all[:random.IntN(len(all))]
		got := kept.View(s, shown, at, frame, width, height)
		want := NewRun(plainLook()).View(s, shown, at, frame, width, height)
		if d := cmp.Diff(bare(want), bare(got)); d != "" {
			t.Fatalf("event %d: %s", n, d)
		}
		hold(t, "board", got, width, height, true)
	}
}

// TestOneRowIsDrawn: of a board in which a second passed, only the rows that tell of
// it are drawn.
func TestOneRowIsDrawn(t *testing.T) {
	r, s, c := busy()
	r.View(s, c, noon, 0, 120, 31)
	before := map[slot]line{}
	for k, v := range r.kept {
		before[k] = v
	}
	r.View(s, c, noon.Add(time.Second), 1, 120, 31)
	var drawn []slot
	for k, v := range r.kept {
		if &v.drawn[0] != &before[k].drawn[0] {
			drawn = append(drawn, k)
		}
	}
	if len(drawn) != 1 || drawn[0].part != stepPart {
		t.Errorf("drew %+v of %d", drawn, len(r.kept))
	}
}

// TestBudget holds the board to its allocations; the times are the benchmarks'.
func TestBudget(t *testing.T) {
	r, s, c := busy()
	now := noon
	if n := testing.AllocsPerRun(50, func() {
		now = now.Add(time.Second)
		r.View(s, c, now, 1, 120, 31)
	}); n > 300 {
		t.Errorf("%.0f allocations where one row changed, at most 300 are allowed", n)
	}
}

// TestLegs: the route knows which leg data is on, and only while it moves.
func TestLegs(t *testing.T) {
	if leg, rate := Moves(running()); leg != Out || rate != 148<<20 {
		t.Errorf("the snapshot is on %d at %d", leg, rate)
	}
	if leg, rate := Moves(after(running(), "snapshot", steps.Waiting{Reason: steps.T("the network")})); leg != NoLeg || rate != 0 {
		t.Errorf("it waits, and data is on %d at %d", leg, rate)
	}
	s := after(running(), "snapshot", steps.StepDone{})
	if leg, _ := Moves(s); leg != NoLeg {
		t.Errorf("nothing runs, and data is on %d", leg)
	}
	if leg, _ := Moves(after(s, "restore", steps.StepStarted{})); leg != In {
		t.Errorf("the restore is on %d", leg)
	}
	if leg, _ := Moves(after(s, "verify", steps.StepStarted{})); leg != NoLeg {
		t.Errorf("the proof is on %d", leg)
	}
}

// TestRouteIsAlive: only the leg that moves does, and its rate stands under it.
func TestRouteIsAlive(t *testing.T) {
	r := route()
	for _, leg := range []Leg{NoLeg, Out, In} {
		r.Moving = leg
		for _, room := range [][2]int{{60, 1}, {60, 5}, {80, 5}, {120, 5}} {
			one, two := plainLook(), plainLook()
			two.Frame = 1
			a, b := one.Route(r, room[0], room[1]), two.Route(r, room[0], room[1])
			if alive := bare(a) != bare(b); alive != (leg != NoLeg) {
				t.Errorf("leg %d in %v: alive %v", leg, room, alive)
			}
			if strings.Contains(bare(a), "148 MiB/s") != (leg != NoLeg) {
				t.Errorf("leg %d in %v: %s", leg, room, bare(a))
			}
		}
	}
	r.Rate = 0
	if shown := bare(plainLook().Route(r, 120, 5)); strings.Contains(shown, "/s") {
		t.Errorf("a rate that is not known:\n%s", shown)
	}
	r.Source.Account = awsid.AccountID("")
	if !r.Known() || (Route{}).Known() {
		t.Error("what is known")
	}
}

// TestStoryOfAStep: failing is told by its innermost cause, waiting by reason, since
// when, and by whom.
func TestStoryOfAStep(t *testing.T) {
	wait := steps.Waiting{Reason: steps.T("the role"), Since: noon.Add(-time.Minute), Instruction: &steps.Instruction{Who: steps.T("the owner"), What: steps.T("make it"), Curl: "curl -X PUT"}, Diagnosis: &steps.Diagnosis{Summary: steps.T("It was refused")}}
	borne := steps.Waiting{Reason: steps.T("its right"), Since: wait.Since, Until: wait.Since.Add(3 * time.Minute), Diagnosis: wait.Diagnosis}
	board := bare(NewRun(plainLook()).View(after(running(), "snapshot", borne), nil, noon, 0, 120, 31))
	if !strings.Contains(board, "space tells what it may be") || strings.Contains(board, "It was refused") {
		t.Errorf("what mostly passes is told as what does not:\n%s", board)
	}
	for name, c := range map[string]struct {
		event steps.Event
		says  []string
	}{
		"borne":   {borne, []string{"waits for its right (since 12:03:13, given up at 12:06:13)", "It was refused"}},
		"waits":   {wait, []string{"waits for the role (since 12:03:13)", "who       the owner", "what      make it", "curl -X PUT", "It was refused"}},
		"failed":  {steps.StepFailed{Diagnosis: cause()}, []string{"The signer may not pass the snapshot role", "Cause 1", "confirmed", "it is so", "Cause 2", "refuted", "As it was answered"}},
		"skipped": {steps.StepSkipped{Why: steps.T("not needed here")}, []string{"skipped   not needed here"}},
		"done":    {steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("Read back"), Lines: []steps.Text{steps.T("counts are equal")}}}, []string{"proven    Read back", "counts are equal", "What it said"}},
	} {
		s := after(running(), "snapshot", c.event)
		shown := bare(plainLook().Step(*s.Step("snapshot"), s.Logs, 120))
		if name == "waits" && strings.Contains(shown+bare(NewRun(plainLook()).View(s, nil, noon, 0, 120, 31)), "MiB/s") {
			t.Errorf("a rate of what waits:\n%s", shown)
		}
		for _, words := range c.says {
			if !strings.Contains(shown, words) {
				t.Errorf("%s: no %q in\n%s", name, words, shown)
			}
		}
	}
}
