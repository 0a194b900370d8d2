package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/ui/term"
	"snapferry/ui/wizard"
)

// handled is a fault card and how the plan gets over it.
type handled struct {
	card, answers string
	// check names it before a run.
	check steps.CheckID
	// fixed says that answers have to be changed; what is asked is answered by them.
	fixed bool
	asked map[string]string
	// step is the one that puts it right, "" where it is in nobody's way.
	step steps.StepID
}

var handledCards = []handled{
	{card: "unmapped-signer", check: "source-signer-mapped", fixed: true, asked: map[string]string{"master": "arn:aws:iam::111111111111:role/search-master"}, step: "source-mapping"},
	{card: "pass-role-missing", check: "source-signer-may-pass-role", step: "source-signer"},
	{card: "trust-mismatch", check: "target-role-trusts-service", step: "target-role"},
	{card: "trust-mismatch", answers: adoptedThere, check: "target-role-trusts-service", fixed: true, step: "target-role"},
	{card: "role-name-case", check: "role-exact-spelling", fixed: true, step: "source-role"},
	{card: "bucket-policy-missing", check: "target-bucket-policy-allows", step: "share-bucket"},
	{card: "security-index-in-restore", check: "snapshots-without-security-index"},
	{card: "security-manager-missing", check: "source-mapper-may-map"},
	{card: "key-not-shared", check: "target-key-policy-allows", step: "share-key"},
}

// adoptedThere takes the target's role as it is.
var adoptedThere = strings.Replace(small, "    user: master\n", "    user: master\n  role:\n    arn: arn:aws:iam::222222222222:role/snapferry-logs-prod-snapshot\n", 1)

// TestEveryCardIsHandled: from a fault that preflight names, by a fix from inside
// where one is needed, to a run that goes through; and what others had made is
// afterwards as it was, byte for byte.
func TestEveryCardIsHandled(t *testing.T) {
	for _, card := range faultCards() {
		if !slices.ContainsFunc(handledCards, func(h handled) bool { return h.card == card.ID }) {
			t.Errorf("nothing is told of the card %s", card.ID)
		}
	}
	for _, h := range handledCards {
		name := h.card
		if h.answers != "" {
			name += ", adopted"
		} else {
			h.answers = small
		}
		t.Run(name, func(t *testing.T) { h.played(t) })
	}
}

func (h handled) played(t *testing.T) {
	dir := t.TempDir()
	s := seated(t, dir, h.answers, h.card)
	s.asked.answers = h.asked
	found := worst(s.looked(), h.check)
	if found.Outcome == steps.Pass || blocked([]steps.Finding{found}) != h.fixed {
		t.Fatalf("%s is %s: %s", h.check, found.Outcome, found.Cause)
	}
	s.leave()
	before := everything(t, dir)

	s = seated(t, dir, h.answers)
	s.asked.answers = h.asked
	found = worst(s.looked(), h.check)
	if s.desk.Fixable(found) != h.fixed {
		t.Fatalf("can be fixed: %v, %+v", !h.fixed, found.Fix)
	}
	if h.fixed {
		s.fixed(found)
	}
	if found := s.looked(); blocked(found) {
		t.Errorf("after the fix: %s", blockers(found))
	}
	p := s.planned()
	if h.step != "" && len(changed(p.Plan, h.step)) == 0 {
		t.Errorf("step %s changes nothing", h.step)
	}
	if err := s.desk.Run(t.Context(), "typed the target account id"); err != nil {
		t.Fatal(err)
	}
	s.leave()
	snapferry(t, dir, deleteAll...).wants(t, term.ExitDone)
	after := everything(t, dir)
	for _, state := range []map[string]any{before, after} {
		// An engine leaves its list of no snapshots behind, in a bucket that is not ours.
		drop(state, "objects", "acme-os-migration")
	}
	same(t, before, after)
}

// looked is what the checks say now.
func (s *seat) looked() []steps.Finding {
	s.Helper()
	found, err := s.desk.Check(s.Context(), s.a)
	if err != nil {
		s.Fatal(err)
	}
	return found
}

// fixed has a finding put right, and keeps the answers as the screen does.
func (s *seat) fixed(f steps.Finding) {
	s.Helper()
	said, err := s.desk.Fix(s.Context(), s.a, f)
	if err != nil {
		s.Fatal(err)
	}
	for _, a := range f.Fix.Answers {
		if value := a.Value; value != "" && a.Ask.IsZero() && !strings.Contains(said.String(), value) {
			s.Errorf("%q does not tell of %s", said, value)
		}
	}
}

// worst is what a check says that stands in the way most.
func worst(found []steps.Finding, id steps.CheckID) (w steps.Finding) {
	order := []steps.Outcome{"", steps.Pass, steps.Skipped, steps.Unknown, steps.Note, steps.Warn, steps.Block}
	for _, f := range found {
		if f.ID == id && slices.Index(order, f.Outcome) > slices.Index(order, w.Outcome) {
			w = f
		}
	}
	return w
}

// changed are the changes of a step that change something.
func changed(p steps.Plan, id steps.StepID) (list []steps.Change) {
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			if s.ID == id && c.Mutates() {
				list = append(list, c)
			}
		}
	}
	return list
}

// patient leaves a question up until the answer fits; wrong is what it was told.
type patient struct {
	scripted
	typed []string
	wrong []string
	help  string
}

func (p *patient) AskUntil(_ context.Context, q wizard.Question) (string, error) {
	p.help = q.Help.String()
	for _, typed := range p.typed {
		err := q.Fits(typed)
		if err == nil {
			return typed, nil
		}
		p.wrong = append(p.wrong, err.Error())
	}
	return "", wizard.ErrTurnedDown
}

// TestAnAnswerThatDoesNotFitIsAskedForAgain: at once, before anything is looked at;
// who is asked is told where the answer is found.
func TestAnAnswerThatDoesNotFitIsAskedForAgain(t *testing.T) {
	s := seated(t, t.TempDir(), small, "unmapped-signer")
	by := &patient{typed: []string{"search-master", " "}}
	s.desk.Attach(by)
	found := worst(s.looked(), "source-signer-mapped")
	before := len(requests(t, s.dir))
	if _, err := s.desk.Fix(t.Context(), s.a, found); !errors.Is(err, wizard.ErrTurnedDown) {
		t.Errorf("%v", err)
	}
	if len(by.wrong) != 2 || len(requests(t, s.dir)) != before {
		t.Fatalf("told %q, and looked", by.wrong)
	}
	says(t, by.wrong[0], "ARN")
	says(t, by.wrong[1], "needs an answer")
	says(t, by.help, "whoever made the domain", "master_user_arn")
}

// TestAFixThatDoesNotHelp is refused, and changes no answer: another identity that
// may not map either, one that is no identity, and none at all.
func TestAFixThatDoesNotHelp(t *testing.T) {
	s := seated(t, t.TempDir(), small, "unmapped-signer")
	found := worst(s.looked(), "source-signer-mapped")
	before := string(s.a.Draft().WriteAnswers())
	for typed, want := range map[string]string{
		"arn:aws:iam::111111111111:role/nobody": "does not help: ",
		"search-master":                         "ARN",
		"":                                      "needs an answer",
	} {
		s.asked.answers = map[string]string{"master": typed}
		said, err := s.desk.Fix(t.Context(), s.a, found)
		if err == nil || !strings.Contains(err.Error(), want) || !said.IsZero() {
			t.Errorf("%q: %v, %s", typed, err, said)
		}
	}
	s.asked.answers = map[string]string{"master": "arn:aws:iam::111111111111:role/nobody"}
	_, err := s.desk.Fix(t.Context(), s.a, found)
	var told *steps.Error
	if !errors.As(err, &told) {
		t.Fatalf("%v", err)
	}
	for _, words := range []string{"no role arn:aws:iam::111111111111:role/nobody", "trust policy", "sts:AssumeRole"} {
		says(t, told.Fix.String(), words)
	}
	if strings.Contains(told.Fix.String(), "ESHttp") {
		t.Errorf("a role that cannot be assumed is to be given %s", told.Fix)
	}
	s.asked.answers = nil
	if _, err := s.desk.Fix(t.Context(), s.a, found); err == nil {
		t.Error("nobody answered, and it went on")
	}
	if got := string(s.a.Draft().WriteAnswers()); got != before {
		t.Errorf("the answers are others now:\n%s", got)
	}
	if s.desk.Fixable(steps.Finding{Outcome: steps.Block}) {
		t.Error("without answers nothing can be fixed")
	}
}

// TestAMasterWithAPassword is named from inside: a user whom the domain does not know,
// or a wrong password, changes nothing and is asked for anew.
func TestAMasterWithAPassword(t *testing.T) {
	s := seated(t, t.TempDir(), small, "source=internal-master")
	found := worst(s.looked(), "source-signer-mapped")
	if found.Outcome != steps.Block || !s.desk.Fixable(found) {
		t.Fatalf("%+v", found)
	}
	for _, typed := range []string{"wrong", "wrong again"} {
		s.asked.answers, s.asked.asked = map[string]string{"Name of": "nobody", "Password of": typed}, nil
		_, err := s.desk.Fix(t.Context(), s.a, found)
		if err == nil || !strings.Contains(err.Error(), "refuses the internal user nobody") || len(s.asked.asked) != 2 {
			t.Errorf("asked %q: %v", s.asked.asked, err)
		}
	}
	s.asked.answers = map[string]string{"Name of": "master"} // whose password the sandbox made
	s.fixed(found)
	if found := s.looked(); blocked(found) {
		t.Fatal(blockers(found))
	}
	s.planned()
	if err := s.desk.Run(t.Context(), "typed the target account id"); err != nil {
		t.Fatal(err)
	}
}

// TestNobodyMapsAtTheDesk: what somebody else has to do before there can be a plan is
// told with its lines; the directory is free meanwhile, and once it is done there is
// a plan.
func TestNobodyMapsAtTheDesk(t *testing.T) {
	s := seated(t, t.TempDir(), strings.Replace(small, "    profile: source\n", "    profile: source\n  mapper:\n    base: none\n", 1), "unmapped-signer")
	for range 2 {
		_, err := s.desk.Plan(t.Context(), s.a, nil)
		var told *wizard.HandedError
		if !errors.As(err, &told) || !strings.Contains(told.Err.Fix.String(), "source.mapper") {
			t.Fatalf("%v", err)
		}
		says(t, told.Command, "# ", "\ncurl ", "rolesmapping/manage_snapshots")
	}
	s.a.Amend("source.mapper", "")
	s.a.Amend("source.mapper.base", "profile")
	s.a.Amend("source.mapper.profile", "source")
	s.a.Amend("source.mapper.chain.1.role", "arn:aws:iam::111111111111:role/search-master")
	if p := s.planned(); p.Uncovered == 0 {
		t.Error("nothing is to be done")
	}
}

// TestTheFixThatIsPrinted: what plain mode prints as the answers to give is enough.
func TestTheFixThatIsPrinted(t *testing.T) {
	dir := t.TempDir()
	file := answersFile(t, small)
	s := snapferry(t, dir, "preflight", "--file", file, "--fault", "role-name-case").wants(t, term.ExitBlocked)
	says(t, s.out, "or let the plan do it: have the answers say", "      name: Snapferry-Logs-Prod-Snapshot")
	mended := strings.Replace(small, "    profile: source\n", "    profile: source\n  role:\n    name: Snapferry-Logs-Prod-Snapshot\n", 1)
	snapferry(t, dir, "run", "--yes", "--file", answersFile(t, mended)).wants(t, term.ExitDone)
}
