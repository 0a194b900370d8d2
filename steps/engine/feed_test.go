package engine

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

func TestFeedCoalescesProgressAndKeepsTheRest(t *testing.T) {
	f := newFeed()
	v := f.view()
	put := func(seq int64, step steps.StepID, e steps.Event) {
		f.publish(steps.Record{Seq: seq, Step: step, Event: e})
	}
	put(1, "a", steps.StepStarted{})
	put(2, "a", steps.Progress{DoneShards: 1})
	put(3, "b", steps.Progress{DoneShards: 1})
	put(4, "a", steps.Log{})
	put(5, "a", steps.Progress{DoneShards: 2})
	put(6, "a", steps.StepDone{})
	f.close()
	batch, err := v.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var seqs []int64
	for _, r := range batch {
		seqs = append(seqs, r.Seq)
	}
	if diff := cmp.Diff([]int64{1, 3, 4, 5, 6}, seqs); diff != "" {
		t.Error(diff)
	}
	if _, err := v.Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v", err)
	}
	if _, err := f.view().Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("a view of a closed feed: %v", err)
	}
}

func TestViewEnds(t *testing.T) {
	f := newFeed()
	v := f.view()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	v.Close()
	f.publish(steps.Record{Seq: 1, Event: steps.StepStarted{}})
	if _, err := v.Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("a closed view: %v", err)
	}
}

// Views of any speed, joined at any time, fold to the same state as the journal,
// and the publisher never waits for one that does not read at all.
func TestViewsOfAnySpeedSeeTheSameRun(t *testing.T) {
	b := newBench(t)
	tape := road(b)
	tape.polls = 40
	r := b.start()
	var wg sync.WaitGroup
	states := make([]*steps.State, 4)
	watch := func(i int, slow chan struct{}) {
		s, v := r.Watch()
		wg.Go(func() {
			if slow != nil {
				<-slow
			}
			for {
				batch, err := v.Next(context.Background())
				if err != nil {
					states[i] = s
					return
				}
				for _, rec := range batch {
					s.Apply(rec)
				}
			}
		})
	}
	slow := make(chan struct{})
	watch(0, nil)
	watch(1, slow)
	r.Watch() // never read, never closed
	p := b.plan(r)
	watch(2, nil)
	joined := false
	tape.events = append(tape.events, steps.Log{Level: "info", Text: steps.T("begun")})
	r.o.Points = func(name string) {
		if name == PointPoll && !joined {
			joined = true
			watch(3, nil)
		}
	}
	r.world.point = r.o.Points
	if err := r.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	close(slow)
	r.Close()
	wg.Wait()
	for i, s := range states {
		if diff := cmp.Diff(r.State(), s); diff != "" {
			t.Errorf("view %d: %s", i, diff)
		}
	}
}

func TestNobodyElseSpeaksForTheEngine(t *testing.T) {
	b := newBench(t)
	tape := newTape(b.e)
	tape.events = []steps.Event{steps.StepDone{}}
	b.steps = []Step{tape}
	_, err := b.run()
	var broken *PanicError
	if !errors.As(err, &broken) {
		t.Errorf("an action ended its own step: %v", err)
	}
}
