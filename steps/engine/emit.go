package engine

import (
	"fmt"
	"time"

	"snapferry/steps"
)

// progressEvery is how often progress is worth writing down: a person sees no
// more, and a night's run stays readable.
const progressEvery = time.Second

// pace holds back progress that comes too fast. Only the running step uses it.
type pace struct {
	last time.Time
	held *steps.Progress
}

// emitter is what an action tells the engine through. It may speak of progress,
// waits and log lines; everything else is the engine's to say.
func (r *Runner) emitter(step steps.StepID) Emit {
	return func(e steps.Event) {
		switch e := e.(type) {
		case steps.Progress:
			r.progress(step, e)
		case steps.Waiting, steps.Log:
			r.flush(step)
			_ = r.emit(step, e) // a journal that cannot be written ends the step at its next deed
		default:
			panic(fmt.Sprintf("step %s emitted %s, which is the engine's to say", step, e.Type()))
		}
	}
}

func (r *Runner) progress(step steps.StepID, p steps.Progress) {
	now := r.o.Clock.Now()
	if !r.pace.last.IsZero() && now.Sub(r.pace.last) < progressEvery {
		r.pace.held = &p
		return
	}
	r.pace = pace{last: now}
	_ = r.emit(step, p)
}

// flush shows the progress held back, so that the last one before the end of a
// step is never lost.
func (r *Runner) flush(step steps.StepID) {
	if held := r.pace.held; held != nil {
		r.pace.held = nil
		_ = r.emit(step, *held)
	}
}

// waiting shows a wait that begins now; an empty reason ends it.
func (r *Runner) waiting(step steps.StepID, reason steps.Text) {
	w := steps.Waiting{Reason: reason}
	if !reason.IsZero() {
		w.Since = r.o.Clock.Now().UTC()
	}
	_ = r.emit(step, w)
}
