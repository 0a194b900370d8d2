package panel

import (
	"fmt"
	"testing"
	"time"

	"snapferry/steps"
)

// busy is the busiest board there is: everything runs, waits or was called.
func busy() (*Run, *steps.State, []Call) {
	return NewRun(lookOf(looks["colour"])), running(), calls(12)
}

// BenchmarkRunBoardOneRow draws the board as it is drawn several times a second:
// one row has changed since.
func BenchmarkRunBoardOneRow(b *testing.B) {
	r, s, c := busy()
	now := noon
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		now = now.Add(time.Second)
		if lines := r.View(s, c, now, i, 120, 31); len(lines) == 0 {
			b.Fatal("nothing was drawn")
		}
	}
}

// BenchmarkRunBoardFull draws everything anew, as after a change of size.
func BenchmarkRunBoardFull(b *testing.B) {
	r, s, c := busy()
	b.ReportAllocs()
	for b.Loop() {
		clear(r.kept)
		if lines := r.View(s, c, noon, 0, 120, 31); len(lines) == 0 {
			b.Fatal("nothing was drawn")
		}
	}
}

// BenchmarkFold100k folds a hundred thousand events, as a run of a day has them: what
// moves and what is waited for, a line now and then, and a hundred changes.
func BenchmarkFold100k(b *testing.B) {
	records := make([]steps.Record, 100_000)
	p := plan(38)
	records[0] = steps.Record{Seq: 1, At: noon, Event: steps.RunStarted{RunID: "run"}}
	records[1] = steps.Record{Seq: 2, At: noon, Event: steps.PlanMade{Plan: p, Digest: p.Digest()}}
	for i := 2; i < len(records); i++ {
		step := p.Steps[i*len(p.Steps)/len(records)]
		events := []steps.Event{steps.Progress{DoneBytes: int64(i), TotalBytes: 100_000}, steps.Waiting{Reason: steps.T("a lock"), Since: noon}, steps.Progress{DoneBytes: int64(i), TotalBytes: 100_000}, steps.Waiting{}}
		e := events[i%len(events)]
		change := step.Changes[0]
		change.ID = fmt.Sprintf("%s/%d", step.ID, i/1000)
		switch i % 1000 {
		case 0:
			e = steps.StepStarted{}
		case 1:
			e = steps.ChangeIntended{Change: change}
		case 997:
			e = steps.Log{Text: steps.T("line %d", i)}
		case 998:
			e = steps.ChangeMade{ID: change.ID, Live: change.After}
		case 999:
			e = steps.StepDone{}
		}
		records[i] = steps.Record{Seq: int64(i + 1), At: noon.Add(time.Duration(i) * time.Millisecond), Step: step.ID, Event: e}
	}
	b.ReportAllocs()
	for b.Loop() {
		var s steps.State
		for _, r := range records {
			s.Apply(r)
		}
		if s.Seq != int64(len(records)) {
			b.Fatal("not all were folded in")
		}
	}
}

// BenchmarkPlan10k draws a plan of ten thousand indices whole.
func BenchmarkPlan10k(b *testing.B) {
	l, p := lookOf(looks["colour"]), plan(10_000)
	b.ReportAllocs()
	for b.Loop() {
		if lines := l.Beside(p, 120); len(lines) < 10_000 {
			b.Fatal("not all was drawn")
		}
	}
}
