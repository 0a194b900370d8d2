package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/term"
)

// busy answers as the screen does: while it is asked, the screen goes on drawing.
type busy struct {
	scripted
	meanwhile func()
	unseen    []bool
}

func (b *busy) Ask(ctx context.Context, question steps.Text, unseen bool) (string, error) {
	b.meanwhile()
	b.unseen = append(b.unseen, unseen)
	return b.scripted.Ask(ctx, question, unseen)
}

// TestAskedThroughTheScreen: what a deed needs of a person is asked by the screen,
// which goes on meanwhile; secrets are typed unseen and told nowhere.
func TestAskedThroughTheScreen(t *testing.T) {
	dir := t.TempDir()
	seated(t, dir, small).leave()
	snapferry(t, dir, "preflight").wants(t, term.ExitDone)
	id, secret := sandboxKeys(t, dir, "source")
	s := seated(t, dir, typedKeysAnswers)
	by := &busy{scripted: scripted{answers: map[string]string{"Access key id": id, "Secret access key": secret, "Session token": ""}}}
	by.meanwhile = func() { s.desk.Route(); _, _ = s.desk.Keep(s.a) }
	s.desk.Attach(by)
	if found := s.looked(); blocked(found) || len(by.asked) != 3 {
		t.Fatalf("asked %q: %v", by.asked, blockers(found))
	}
	if by.unseen[0] || !by.unseen[1] || !by.unseen[2] || strings.HasSuffix(by.asked[0], ":") {
		t.Errorf("%q, unseen: %v", by.asked, by.unseen)
	}
	if r := s.desk.Route(); r.Source.Who.String() != "admin via typed keys" || !strings.HasPrefix(r.Source.Engine, "OpenSearch ") || r.Bucket.Name != "acme-os-copies" || r.Bucket.Encryption != "SSE-S3" {
		t.Errorf("%+v", r)
	}
	if s.planned(); len(by.asked) != 3 {
		t.Errorf("asked again: %q", by.asked)
	}
	if s.stderr.Len() > 0 {
		t.Errorf("the screen is written over: %s", s.stderr)
	}
	s.leave()
	_ = filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && !strings.Contains(path, "sandbox") {
			if b, _ := os.ReadFile(path); strings.Contains(string(b), secret) {
				t.Errorf("the secret is in %s", path)
			}
		}
		return nil
	})
}

// never is a screen on which nobody answers.
type never struct{ asked chan struct{} }

func (n never) Ask(ctx context.Context, _ steps.Text, _ bool) (string, error) {
	n.asked <- struct{}{}
	<-ctx.Done()
	return "", ctx.Err()
}

// TestNobodyAnswers: a question ends with the deed that is given up, and with the
// desk, whoever asks without an end.
func TestNobodyAnswers(t *testing.T) {
	s := seated(t, t.TempDir(), typedKeysAnswers)
	by := never{make(chan struct{}, 4)}
	s.desk.Attach(by)
	ctx, giveUp := context.WithCancel(t.Context())
	go func() { <-by.asked; giveUp() }()
	if _, err := s.desk.Check(ctx, s.a); err == nil {
		t.Error("a look that was given up went on")
	}
	over := make(chan error, 1)
	go func() {
		_, err := s.desk.place.mfa()(context.Background(), "arn:aws:iam::111111111111:mfa/me")
		over <- err
	}()
	<-by.asked
	s.leave()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestDeskKeepsAnswers where nobody else's are lost: new ones in the run directory,
// again there, and beside it once a run is claimed.
func TestDeskKeepsAnswers(t *testing.T) {
	s := seated(t, t.TempDir(), "")
	own := filepath.Join(s.dir, "run", answersName)
	keep := func(indices, want string) {
		t.Helper()
		if indices != "" {
			s.a.Amend("move.indices", indices)
		}
		path, err := s.desk.Keep(s.a)
		if err != nil || path != want {
			t.Fatalf("%s in %q, %v", indices, path, err)
		}
		if b, _ := os.ReadFile(want); want != "" && !strings.Contains(string(b), indices) {
			t.Errorf("%s is not in\n%s", indices, b)
		}
	}
	keep("", "")
	keep("audit-*", own)
	keep("", own)
	keep("metrics-*", own)
	s.planned()
	keep("audit-2026-*", own) // nobody approved that plan
	s.planned()
	if err := s.desk.Run(t.Context(), "typed"); err != nil {
		t.Fatal(err)
	}
	s.leave()
	s = seated(t, s.dir, "")
	keep("logs-*", filepath.Join(s.dir, "run-answers-2.yaml"))
	keep("metrics-*", filepath.Join(s.dir, "run-answers-2.yaml"))
}

// TestResumedFromTheStart: whoever chooses to go on with the run of the directory has
// its answers, and its report to look at.
func TestResumedFromTheStart(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	s := seated(t, dir, "")
	o, err := s.desk.Fetch(t.Context(), s.a, ask.Request{What: ask.Runs})
	if err != nil || len(o.Options) == 0 {
		t.Fatalf("%+v %v", o, err)
	}
	past, state, err := s.desk.pastRun(t.Context())
	if err != nil || !state.Done.OK || !strings.Contains(inWords(t, past.Report(state)), "audit-") {
		t.Fatalf("%v %+v", err, state)
	}
	s.a.Amend(ask.Goal, ask.GoalResume)
	if found := s.looked(); blocked(found) {
		t.Fatal(blockers(found))
	}
	if p := s.planned(); p.Uncovered != 0 {
		t.Errorf("%d changes", p.Uncovered)
	}
}

// TestExplainedAtTheDesk: offline, and with a look at the world.
func TestExplainedAtTheDesk(t *testing.T) {
	s := seated(t, t.TempDir(), small, "unmapped-signer")
	const body = `{"error":{"root_cause":[{"type":"security_exception","reason":"no permissions for [cluster:admin/repository/put] and User [name=arn:aws:iam::111111111111:user/admin, backend_roles=[], requestedTenant=null]"}],"type":"security_exception","reason":"no permissions for [cluster:admin/repository/put] and User [name=arn:aws:iam::111111111111:user/admin, backend_roles=[], requestedTenant=null]"},"status":403}`
	d, err := s.desk.Explain(t.Context(), s.a, body, false)
	if err != nil || d.Unknown || d.Causes[0].Verdict != "" {
		t.Fatalf("%v %+v", err, d)
	}
	if d, err = s.desk.Explain(t.Context(), s.a, body, true); err != nil || d.Causes[0].Verdict != steps.Confirmed {
		t.Errorf("%v %+v", err, d)
	}
	if d, err = s.desk.Explain(t.Context(), s.a, "hello", true); err != nil || !d.Unknown {
		t.Errorf("%v %+v", err, d)
	}
}

// TestAPanicIsAnError: a mistake in a deed ends neither the program nor the next one.
func TestAPanicIsAnError(t *testing.T) {
	s := seated(t, t.TempDir(), small)
	broken := &busy{meanwhile: func() { panic("a mistake") }}
	s.desk.Attach(broken)
	s.a.Amend("source.control.base", "keys")
	if _, err := s.desk.Check(t.Context(), s.a); err == nil || !strings.Contains(err.Error(), "a mistake") {
		t.Errorf("%v", err)
	}
	s.desk.Attach(s.asked)
	s.a.Amend("source.control.base", "profile")
	if _, err := s.desk.Check(t.Context(), s.a); err != nil {
		t.Errorf("after it: %v", err)
	}
}
