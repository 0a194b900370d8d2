package engine

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/resource"
)

// How often it is looked whether somebody else has done what was handed over:
// soon at first, as he may sit beside, and then as seldom as a person acts.
const (
	firstLook = 2 * time.Second
	lastLook  = time.Minute
)

// askAfter is how long a refusal is waited out where somebody could be asked what
// to do about it: long enough to hand a command on and have it run.
const askAfter = 15 * time.Minute

// Forever is the Options.WaitOther without an end.
const Forever time.Duration = -1

// OtherSideError says that what was handed over has not come true while it was
// waited for. The run is not failed: its next start looks again.
type OtherSideError struct {
	Step        steps.StepID
	Instruction steps.Instruction
	// Handed are the earlier steps whose instructions are meant, none where it is
	// the step's own.
	Handed []steps.StepID
	Waited time.Duration
}

func (e *OtherSideError) Error() string { return e.Unwrap().Error() }

// Unwrap gives the words for a person.
func (e *OtherSideError) Unwrap() error {
	fix := steps.T("Hand the command that stands with the step to whoever may run it, then run again: the run goes on as soon as it sees the effect.")
	switch {
	case len(e.Handed) > 0:
		names := make([]string, len(e.Handed))
		for i, id := range e.Handed {
			names[i] = string(id)
		}
		fix = steps.T("Hand what stands with %s to whoever may do it, then run again: the run goes on as soon as it sees the effect.", strings.Join(names, ", "))
	case e.Instruction.CLI+e.Instruction.Curl == "":
		fix = steps.T("Hand what stands with the step to whoever may do it, then run again: the run goes on as soon as it sees the effect.")
	}
	return &steps.Error{Summary: steps.T("Step %s waits for %s: %s", string(e.Step), e.Instruction.Who, e.Instruction.What), Fix: fix}
}

// deed makes one document so.
func (r *Runner) deed(ctx context.Context, k resource.Kind, c steps.Change, live steps.Doc) error {
	err := put(ctx, k, c.Ref, live, c.After)
	r.o.Live.Drop(c.Ref) // a failed write may have been done all the same
	return err
}

// handBlind hands over what cannot be read here: all of it is told at once, so that
// one errand does, and then it is waited for what a Witness can see. What nothing here
// shows is called unknown, and whatever needs it will show.
func (r *Runner) handBlind(ctx context.Context, s Step, list []steps.Change) error {
	witness, _ := s.(Witness)
	var open, watched []steps.Change
	for _, c := range list {
		done, err := false, ErrNoWitness
		if witness != nil {
			done, err = witness.Witnessed(ctx, r.world, c)
		}
		switch {
		case errors.Is(err, ErrNoWitness):
			open = append(open, c)
			if !slices.ContainsFunc(r.unseen, func(u steps.Change) bool { return u.ID == c.ID }) {
				r.unseen = append(r.unseen, c)
			}
		case err != nil:
			return err
		case !done:
			open, watched = append(open, c), append(watched, c)
		}
	}
	if len(open) == 0 {
		return nil
	}
	do, err := r.instruct(open)
	if err != nil {
		return err
	}
	step := s.Info().ID
	if len(watched) == 0 {
		said := strings.Join([]string{do.What.String(), do.CLI, do.Curl}, "\n")
		if r.told[step] == said { // a step that is tried again tells it once
			return nil
		}
		r.told[step] = said
	} else {
		r.made[step] = true
	}
	return r.handOver(ctx, step, do, func() (bool, error) {
		for _, c := range watched {
			r.o.Live.DropAll()
			if seen, err := witness.Witnessed(ctx, r.world, c); !seen || err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

// instruct is what somebody else has to do for some changes of a step, as one. A form
// that not all of them have is of no use alone: then each has its own.
func (r *Runner) instruct(list []steps.Change) (steps.Instruction, error) {
	var who, where, what, cli, curl, terraform, own []string
	for _, c := range list {
		k, c, err := r.hands(c)
		if err != nil {
			return steps.Instruction{}, err
		}
		if kind := string(c.Ref.Kind); !slices.Contains(who, kind) {
			who = append(who, kind)
		}
		if at := r.where(c.Ref); !slices.Contains(where, at) {
			where = append(where, at)
		}
		what = append(what, c.Summary.String())
		f := k.Render(c)
		cli, curl, terraform = append(cli, f.CLI), append(curl, f.Curl), append(terraform, f.Terraform)
		own = append(own, cmp.Or(f.CLI, f.Curl, f.Terraform))
	}
	do := steps.Instruction{
		Who: steps.T("somebody who may change the %s%s", strings.Join(who, ", the "), strings.Join(where, " and")), What: list[0].Summary,
		CLI: whole(cli), Curl: whole(curl), Terraform: whole(terraform),
	}
	if len(list) > 1 {
		do.What = steps.T("%s", strings.Join(what, "; "))
	}
	if do.CLI+do.Curl+do.Terraform == "" {
		do.CLI = strings.Join(slices.DeleteFunc(own, func(s string) bool { return s == "" }), "\n")
	}
	return do, nil
}

// where says at what somebody works who changes a thing: a command names neither the
// account nor always the side.
func (r *Runner) where(ref steps.Ref) string {
	if r.o.Facts == nil {
		return ""
	}
	switch ref.Kind {
	case steps.KindRoleMapping, steps.KindFGACRole, steps.KindRepository:
		return " on the " + string(ref.Side) + " domain"
	}
	return " in the " + string(ref.Side) + " account " + string(r.o.Facts.Spec().Side(ref.Side).Account)
}

// whole joins commands, "" where one is missing.
func whole(list []string) string {
	if slices.Contains(list, "") {
		return ""
	}
	return strings.Join(list, "\n")
}

// missed says that a refusal, or a thing that is not there, may come from what was
// handed over and cannot be seen: nobody may have done it yet.
func (r *Runner) missed(f *failure.Failure) bool {
	return len(r.unseen) > 0 && !refusedLook(f) && (f.Kind == failure.Denied || f.Kind == failure.Missing || namesNobody(f))
}

// untilSeen waits before a refused step is tried again, as long as it may wait
// for somebody else. What it was refused with is told once. Where somebody sits here
// he is asked after a while: the refusal may have nothing to do with what was handed
// over, and then no waiting ends it.
func (r *Runner) untilSeen(ctx context.Context, step steps.StepID, p *patience, err error) (again bool, _ error) {
	d, now := r.diagnose(err), r.o.Clock.Now()
	said := unnumbered(d.Summary.String(), failure.Of(err))
	if p.handed.IsZero() {
		p.handed, p.wait = now, firstLook
		if !p.since.IsZero() { // what was borne as a lag was waited, too
			p.handed = p.since
		}
	}
	w := steps.Waiting{
		Reason: steps.T("somebody who does what was handed over (%d things that cannot be read here); until then it is refused: %s", len(r.unseen), said),
		Since:  p.handed.UTC(), Diagnosis: &d,
	}
	if err := r.awaits(step, w, w.Reason.String()); err != nil {
		return false, err
	}
	if r.o.WaitOther == Forever && r.o.Failed != nil && now.Add(p.wait).Sub(p.handed) > askAfter {
		return false, nil
	}
	if r.o.WaitOther != Forever && now.Add(p.wait).Sub(p.handed) > r.o.WaitOther {
		do := steps.Instruction{Who: steps.T("somebody who may do what was handed over"), What: d.Summary}
		return false, &OtherSideError{Step: step, Instruction: do, Handed: r.handed(), Waited: now.Sub(p.handed)}
	}
	if err := r.world.rest(ctx, p.wait); err != nil {
		return false, err
	}
	p.wait = min(2*p.wait, lastLook)
	r.o.Live.DropAll()
	return true, nil
}

// uniqueWord is what is another one in every answer: a request's id as AWS's words
// and the SDK's name it, a UUID, S3's sixteen letters and digits. requestTail is what
// the SDK in the engine puts behind S3's and IAM's words, and what is left of such a
// thing without its words.
var (
	uniqueWord  = regexp.MustCompile(`(?i:\b(?:extended )?(?:request|host) ?id[:=]? ?[\w+/=-]+)|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[A-Z0-9]{16}\b`)
	requestTail = regexp.MustCompile(`\s*\((?:(?:Service|SDK Attempt Count): [^()]*|[,;\s]*)\)`)
)

// unnumbered is a refusal without what tells one try from the next.
func unnumbered(said string, f *failure.Failure) string {
	if f != nil && f.RequestID != "" {
		said = strings.ReplaceAll(said, f.RequestID, "")
	}
	return requestTail.ReplaceAllString(uniqueWord.ReplaceAllString(said, ""), "")
}

// handed are the steps of what was handed over unseen, each once.
func (r *Runner) handed() (list []steps.StepID) {
	for _, c := range r.unseen {
		if !slices.Contains(list, c.Step) {
			list = append(list, c.Step)
		}
	}
	return list
}

// unread is what can be said of a change that was not read back.
func (r *Runner) unread(ctx context.Context, s Step, c steps.Change) (_ steps.Text, seen bool) {
	if witness, ok := s.(Witness); ok {
		if seen, err := witness.Witnessed(ctx, r.world, c); seen && err == nil {
			return steps.T("%s cannot be read here; its effect is seen.", c.Ref), true
		}
	}
	return steps.T("%s cannot be read here; whether it is so is unknown.", c.Ref), false
}

// handOver tells what somebody else has to do, and waits until it is done.
func (r *Runner) handOver(ctx context.Context, step steps.StepID, do steps.Instruction, done func() (bool, error)) error {
	since, wait := r.o.Clock.Now(), firstLook
	e := steps.Waiting{Reason: steps.T("%s: %s", do.Who, do.What), Since: since.UTC(), Instruction: &do}
	if err := r.emit(step, e); err != nil {
		return err
	}
	for {
		ok, err := done()
		if err != nil {
			return err
		}
		r.isWell()
		if ok {
			r.waiting(step, steps.Text{})
			return nil
		}
		waited := r.o.Clock.Now().Sub(since)
		if r.o.WaitOther != Forever && waited+wait > r.o.WaitOther {
			return &OtherSideError{Step: step, Instruction: do, Waited: waited}
		}
		if err := r.world.rest(ctx, wait); err != nil {
			return err
		}
		wait = min(2*wait, lastLook)
	}
}
