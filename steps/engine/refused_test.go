package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// forbidden is how IAM refuses whoever may not make roles.
func forbidden(kind failure.Kind) error {
	return &failure.Failure{
		Kind: kind, Front: failure.FrontAWS, Operation: "IAM CreateRole", Transient: kind == failure.Throttled,
		Message: "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: iam:CreateRole on resource: role acme-snap",
	}
}

// refusals are how a write is refused, and what comes of it.
var refusals = map[string]struct {
	limit, after time.Duration // when somebody else acts; 0 never
	ref          steps.Ref
	kind         failure.Kind
	part         string // what the refused call left behind
	unread       bool   // nobody can look what it left
	sits         bool   // somebody can be asked what to do
	code         int
	handed       bool
}{
	"done while it is waited for": {limit: Forever, after: 10 * time.Minute, ref: role, kind: failure.Denied, handed: true},
	"done within the limit":       {limit: time.Hour, after: 30 * time.Minute, ref: policyOf, kind: failure.Denied, handed: true},
	"not done within the limit":   {limit: 5 * time.Minute, ref: role, kind: failure.Denied, code: 4, handed: true},
	"nobody to wait for":          {ref: role, kind: failure.Denied, code: 4, handed: true},
	"whoever sits here is asked":  {limit: Forever, ref: role, kind: failure.Denied, sits: true, code: 1, handed: true},
	"half made":                   {limit: time.Hour, ref: role, kind: failure.Denied, part: "trust", code: 1},
	"nobody can look":             {limit: time.Hour, ref: role, kind: failure.Denied, unread: true, code: 1},
	"no refusal":                  {limit: time.Hour, ref: role, kind: failure.Invalid, code: 1},
	"trouble that passes":         {limit: time.Hour, ref: role, kind: failure.Throttled, code: 1},
	"the domain's own business":   {limit: time.Hour, ref: repo, kind: failure.Denied, code: 1},
}

// refusing is a road on which a thing is refused, or left in part.
func refusing(t *testing.T, ref steps.Ref, kind failure.Kind, part string, unread bool) *bench {
	t.Helper()
	b, refused := newBench(t), 0
	b.paper = &paper{}
	road(b)
	b.steps[1] = wants("source-role", role, thing{"trust": "es", "rights": "s3"})
	b.e.onWrite = func(at steps.Ref) error {
		if at != ref || ref == policyOf && !b.e.get(policyOf).Exists() {
			return nil
		}
		refused++
		if part != "" {
			b.e.edit(ref, part, "es")
		}
		return forbidden(kind)
	}
	b.e.onRead = func(at steps.Ref) error {
		if at == ref && unread && refused > 0 {
			return forbidden(failure.Denied)
		}
		return nil
	}
	return b
}

// TestARefusedWriteIsHandedOver: what the identity here may not do somebody else does,
// as where nobody was named for it, and it is not ours to take back.
func TestARefusedWriteIsHandedOver(t *testing.T) {
	for name, tt := range refusals {
		t.Run(name, func(t *testing.T) {
			b := refusing(t, tt.ref, tt.kind, tt.part, tt.unread)
			began := b.clock.Now()
			b.clock.each = func(time.Duration) {
				if tt.after > 0 && b.clock.Now().Sub(began) >= tt.after {
					b.bothParts()
					b.e.edit(policyOf, "share", "target")
				}
			}
			b.options = func(o *Options) {
				o.WaitOther = tt.limit
				if tt.sits {
					o.Failed = func(context.Context, steps.StepID, steps.Diagnosis) Decision { return Stop }
				}
			}
			r, err := b.run()
			told := instructed(t, b)
			if ExitCode(err) != tt.code || (len(told) == 1) != tt.handed || len(told) > 1 {
				t.Fatalf("%v, instructed %+v", err, told)
			}
			if !tt.handed {
				if r.State().PendingOn(tt.ref) == nil {
					t.Error("what may be half made is not ours any more")
				}
				return
			}
			if do := told[0]; do.CLI != "aws make "+tt.ref.Name || !strings.Contains(do.What.String(), "IAM CreateRole") || !strings.Contains(do.What.String(), "user/ann is not authorized to perform: iam:CreateRole on resource: role acme-snap") {
				t.Errorf("instructed %+v", do)
			}
			for _, c := range r.State().Takebacks(steps.Undo) {
				if c.Change.Ref == tt.ref && c.Step != "bucket" {
					t.Errorf("it is taken for ours: %+v", c)
				}
			}
			b.refusedGoesOn(t, r, err, tt.code)
		})
	}
}

// bothParts is the role as somebody else makes it.
func (b *bench) bothParts() {
	b.e.edit(role, "trust", "es")
	b.e.edit(role, "rights", "s3")
}

// refusedGoesOn looks at how it ended, and has it done if it was not yet: then the
// next start goes on, and nothing is ours that somebody else did.
func (b *bench) refusedGoesOn(t *testing.T, r *Runner, err error, code int) {
	t.Helper()
	if code == 0 {
		if got := statuses(r.State()); !strings.Contains(got, "verify:done") || strings.Contains(got, "failed") {
			t.Errorf("came to %s", got)
		}
		return
	}
	var failed *StepError
	if stopped := strings.Contains(statuses(r.State()), "source-role:stopped"); code == 4 && !stopped || code == 1 && !errors.As(err, &failed) {
		t.Errorf("%v: %s", err, statuses(r.State()))
	}
	if code == 4 && !strings.Contains(err.Error(), "is not authorized to perform: iam:CreateRole") {
		t.Errorf("%v", err)
	}
	b.bothParts()
	again := b.mustRun().State()
	if got := statuses(again); !strings.Contains(got, "source-role:existed") || again.Changed("source-role") {
		t.Errorf("resumed to %s", got)
	}
}

// TestDoneInAnotherWay: what is there then is neither as it was nor as it was
// approved, so that it is shown and approved anew.
func TestDoneInAnotherWay(t *testing.T) {
	b := newBench(t)
	road(b)
	b.e.onWrite = func(ref steps.Ref) error {
		if ref == role {
			return forbidden(failure.Denied)
		}
		return nil
	}
	b.options = func(o *Options) { o.WaitOther = Forever }
	waited := 0
	b.clock.each = func(time.Duration) {
		if waited++; waited == 20 {
			b.e.edit(role, "trust", "ec2")
		}
	}
	var drift *DriftError
	if _, err := b.run(); !errors.As(err, &drift) || drift.Live != doc(thing{"trust": "ec2"}) {
		t.Errorf("%v", err)
	}
}
