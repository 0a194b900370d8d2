package cli

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"snapferry/awsx/account"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/ui/ask"
	"snapferry/ui/term"
	"snapferry/ui/wizard"
)

// trouble is a role of the target's that is adopted, whose trust goes wrong in the
// middle of a run.
type trouble struct {
	*seat
	acc  *account.Account
	once sync.Once
}

const (
	itsName = "snapferry-logs-prod-snapshot"
	itsPart = `{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"`
	trusts  = itsPart + `}]}`
	// doubts is the trust copied from another account.
	doubts = itsPart + `,"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}}]}`
	rights = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"*"},{"Effect":"Allow","Action":["kms:Decrypt","kms:DescribeKey"],"Resource":"*"}]}`
)

// hasty is a clock by which every wait is over at once, as if the time had passed.
type hasty struct {
	mu     sync.Mutex
	passed time.Duration
}

func (h *hasty) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Now().Add(h.passed)
}

func (h *hasty) Wait(ctx context.Context, d time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.passed += d
	return ctx.Err()
}

// troubled has do happen once the source's repository was registered.
func troubled(t *testing.T, do func(*trouble)) *trouble {
	t.Helper()
	x := &trouble{}
	proc := Process{Clock: &hasty{}, Call: func(operation string) {
		if x.seat != nil && strings.HasPrefix(operation, "PUT /_snapshot/snapferry") {
			x.once.Do(func() { do(x) })
		}
	}}
	x.seat = seatedIn(t, proc, t.TempDir(), adoptedThere)
	if _, err := x.desk.Check(t.Context(), x.a); err != nil {
		t.Fatal(err)
	}
	var err error
	if x.acc, err = x.desk.facts.Control(t.Context(), steps.Target); err == nil {
		_, err = x.acc.CreateRole(t.Context(), account.RoleSpec{Name: itsName, Trust: account.Document(trusts)})
	}
	if err == nil {
		err = x.acc.PutRolePolicy(t.Context(), itsName, "theirs", account.Document(rights))
	}
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// trust gives the role another trust policy.
func (x *trouble) trust(doc string) {
	if err := x.acc.PutTrust(x.Context(), itsName, account.Document(doc)); err != nil {
		x.Error(err)
	}
}

// run runs a plan, and answers its failures.
func (x *trouble) run(p wizard.Planned, answer func(wizard.Failure) wizard.Decision) error {
	x.Helper()
	over := make(chan error, 1)
	go func() { over <- x.desk.Run(x.Context(), "typed the target account id") }()
	for {
		select {
		case f := <-p.Failures:
			f.Decide <- answer(f)
		case err := <-over:
			return err
		}
	}
}

// TestRetriedAfterAFailure: what failed is told with its diagnosis, and tried again
// when somebody has mended it elsewhere.
func TestRetriedAfterAFailure(t *testing.T) {
	x := troubled(t, func(x *trouble) { x.trust(doubts) })
	p, failures := x.planned(), 0
	err := x.run(p, func(f wizard.Failure) wizard.Decision {
		failures++
		if f.Step != "target-repository" || f.Skippable || len(f.Diagnosis.Causes) == 0 {
			t.Errorf("%+v", f)
		}
		x.trust(trusts)
		return wizard.Retry
	})
	if err != nil || failures != 1 {
		t.Fatalf("%d failures, %v", failures, err)
	}
}

// TestFixedAndRetried: the plan takes over what the failed step shows to be wrong; a
// changed plan is approved again, what was done stays done, and the statement that
// somebody else wrote is left alone.
func TestFixedAndRetried(t *testing.T) {
	x := troubled(t, func(x *trouble) { x.trust(doubts) })
	first := x.planned()
	var fix steps.Finding
	err := x.run(first, func(f wizard.Failure) wizard.Decision { fix = f.Fix; return wizard.Stop })
	var failed *engine.StepError
	if !errors.As(err, &failed) || fix.ID != "target-role-trusts-service" || !x.desk.Fixable(fix) {
		t.Fatalf("%v, to be fixed by %s %+v", err, fix.ID, fix.Fix.Answers)
	}
	x.fixed(fix)
	second := x.planned()
	mends := changed(second.Plan, "target-role")
	if len(mends) != 1 || second.Uncovered == 0 || len(changed(second.Plan, "source-repository")) != 0 {
		t.Fatalf("%d uncovered, %+v", second.Uncovered, mends)
	}
	if after := string(mends[0].After); !strings.Contains(after, "Theirs") || !strings.Contains(after, "222222222222") {
		t.Errorf("the other's statement is lost, or ours is not there: %s", after)
	}
	if err := x.run(second, func(wizard.Failure) wizard.Decision { return wizard.Stop }); err != nil {
		t.Fatal(err)
	}
	x.leave()
	snapferry(t, x.dir, deleteAll...).wants(t, term.ExitDone)
	after, _ := json.Marshal(everything(t, x.dir)["world"])
	var want any
	_ = json.Unmarshal([]byte(doubts), &want)
	if as, _ := json.Marshal(want); !strings.Contains(string(after), `"Trust":`+string(as)) {
		t.Errorf("the trust is not as it was: %s, in %s", as, after)
	}
}

// TestMadeAnewAfterAnEdit: what the run itself had made and somebody edited since is
// planned, shown and approved again.
func TestMadeAnewAfterAnEdit(t *testing.T) {
	x := &trouble{}
	proc := Process{Clock: &hasty{}, Call: func(operation string) {
		if x.seat != nil && strings.HasPrefix(operation, "PUT /_snapshot/snapferry") {
			x.once.Do(func() { x.trust(doubts) })
		}
	}}
	x.seat = seatedIn(t, proc, t.TempDir(), small)
	first := x.planned()
	var err error
	if x.acc, err = x.desk.facts.Control(t.Context(), steps.Target); err != nil {
		t.Fatal(err)
	}
	var fix steps.Finding
	var failed *engine.StepError
	err = x.run(first, func(f wizard.Failure) wizard.Decision { fix = f.Fix; return wizard.Stop })
	if !errors.As(err, &failed) || fix.ID != "target-role-trusts-service" || !x.desk.Fixable(fix) {
		t.Fatalf("%v, to be fixed by %s", err, fix.ID)
	}
	x.fixed(fix)
	second := x.planned()
	if len(changed(second.Plan, "target-role")) != 1 || second.Uncovered != 1 {
		t.Errorf("%d uncovered of %+v", second.Uncovered, changed(second.Plan, "target-role"))
	}
	if err := x.run(second, func(wizard.Failure) wizard.Decision { return wizard.Stop }); err != nil {
		t.Fatal(err)
	}
}

// TestStoppedAndResumed: an interrupt stops the run at its next safe point, at a
// failure too; the same desk goes on with it, and so does another start.
func TestStoppedAndResumed(t *testing.T) {
	var p wizard.Planned
	x := troubled(t, func(*trouble) { p.Interrupt() })
	p = x.planned()
	if err := x.run(p, nil); !errors.Is(err, engine.ErrStopped) {
		t.Fatalf("%v", err)
	}
	o, err := x.desk.Fetch(t.Context(), x.a, ask.Request{What: ask.Runs})
	if err != nil || len(o.Options) == 0 || !strings.Contains(o.Options[0].Detail.String(), "stopped at source-repository") && !strings.Contains(o.Options[0].Detail.String(), "stopped at snapshot") {
		t.Errorf("%v: %v", o.Options, err)
	}
	again := x.planned()
	if again.Uncovered != 0 {
		t.Errorf("%d changes want another approval", again.Uncovered)
	}
	x.trust(doubts)
	err = x.run(again, func(f wizard.Failure) wizard.Decision {
		if n := again.Interrupt(); n != 1 {
			t.Errorf("interrupted %d times", n)
		}
		return wizard.Retry // which comes too late
	})
	var failed *engine.StepError
	if !errors.Is(err, engine.ErrStopped) && !errors.As(err, &failed) {
		t.Fatalf("%v", err)
	}
	x.trust(trusts)
	x.leave()
	snapferry(t, x.dir, "run").wants(t, term.ExitDone)
}
