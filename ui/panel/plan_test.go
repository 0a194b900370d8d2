package panel

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
)

// TestRowsOfAPlan: every change has a row that begins where it is said to, with the
// sign and the word of what it does.
func TestRowsOfAPlan(t *testing.T) {
	p := Plan{Plan: plan(3), Open: map[int]bool{1: true, 9: true}}
	for _, width := range []int{60, 89, 90, 200} {
		lines, rows := plainLook().Changes(p, width)
		if len(rows) != p.Len() {
			t.Fatalf("%d rows of %d changes", len(rows), p.Len())
		}
		for i, row := range rows {
			p.At = i
			c, step, ok := p.Change()
			sign, word, _ := plainLook().verb(c.Verb)
			if got := ansi.Strip(lines[row]); !ok || step.ID != c.Step || !strings.Contains(got, sign+" "+word) {
				t.Errorf("%d cells, row %d: %q", width, i, got)
			}
		}
		p.At = 0
	}
	p.At = p.Len()
	if _, _, ok := p.Change(); ok {
		t.Error("there is a change beyond the last one")
	}
}

// TestDestructionIsNotFoldedAway: what a restore deletes is said with its row closed.
func TestDestructionIsNotFoldedAway(t *testing.T) {
	lines, _ := plainLook().Changes(Plan{Plan: plan(3)}, 120)
	for _, words := range []string{"- deletes index logs-000001 of the target, for good", wide, "2 to delete"} {
		if !strings.Contains(bare(lines), words) {
			t.Errorf("no %q in\n%s", words, bare(lines))
		}
	}
}

// TestBack: with every change it is said whether it can be taken back.
func TestBack(t *testing.T) {
	made := steps.NewChange("bucket", steps.Ref{Kind: steps.KindBucket}, "", "{}", steps.T("x"))
	for name, c := range map[string]struct {
		edit func(*steps.Change)
		want string
	}{
		"made":          {func(*steps.Change) {}, "can be taken back by undo"},
		"a helper":      {func(c *steps.Change) { c.Helper = true }, "clean-up"},
		"for good":      {func(c *steps.Change) { c.Reversible = false }, "cannot be taken back"},
		"deletes":       {func(c *steps.Change) { c.Deletes = []string{"i"} }, "gone for good"},
		"somebody else": {func(c *steps.Change) { c.Unread = true }, "somebody else"},
		"exists":        {func(c *steps.Change) { c.Verb = steps.Exists }, "nothing is changed"},
		"a proof":       {func(c *steps.Change) { c.Verb, c.Ref.Kind, c.Reversible = steps.Act, steps.KindProof, false }, "nothing is changed"},
		"inside": {func(c *steps.Change) {
			c.Reversible, c.Within = false, steps.Ref{Kind: steps.KindBucket, Name: "acme"}
		}, "goes and stays with the bucket acme"},
	} {
		change := made
		c.edit(&change)
		p := Plan{Plan: steps.Plan{Steps: []steps.StepPlan{{ID: "bucket", Changes: []steps.Change{change}}}}, Open: map[int]bool{0: true}}
		lines, _ := plainLook().Changes(p, 100)
		if !strings.Contains(bare(lines), c.want) {
			t.Errorf("%s: no %q in\n%s", name, c.want, bare(lines))
		}
		final := strings.Contains(bare(plainLook().Beside(p.Plan, 100)), "Cannot be taken back: bucket.")
		if want := name == "for good" || name == "deletes"; final != want {
			t.Errorf("%s: counted as final: %v", name, final)
		}
	}
}

// TestTheListComesLast: it may be ten thousand lines.
func TestTheListComesLast(t *testing.T) {
	shown, at := bare(plainLook().Beside(plan(38), 120)), -1
	for _, head := range []string{"Cannot be taken back", "How long, and what is billed", "What does not move, and why", "What moves: "} {
		next := strings.Index(shown, head)
		if next <= at {
			t.Errorf("%q stands at %d, after %d", head, next, at)
		}
		at = next
	}
}

// TestBeside: what moves, what does not and why, and an estimate only where there is
// one.
func TestBeside(t *testing.T) {
	shown := bare(plainLook().Beside(plan(38), 120))
	for _, words := range []string{
		"What moves: 38 indices, 38,000 documents", "as " + wide, emoji, "data stream metrics", "What does not move, and why", "index .opendistro_security", "a restore that contains it is refused",
		"4 x ISM policy", "Export them with the API.", "snapshot about 47 min, restore about 31 min", "rests on  both throttles", "cost      S3 requests",
	} {
		if !strings.Contains(shown, words) {
			t.Errorf("no %q in\n%s", words, shown)
		}
	}
	p := plan(1)
	p.Estimate = steps.Estimate{Cost: []steps.Text{steps.T("requests")}}
	if shown := bare(plainLook().Beside(p, 120)); !strings.Contains(shown, "cannot be guessed") || !strings.Contains(shown, "cost      requests") {
		t.Errorf("without a guess:\n%s", shown)
	}
	for words, e := range map[string]steps.Estimate{
		"time      restore about 31 min\n":        {Bytes: 7, Restore: 31 * time.Minute, Basis: []steps.Text{steps.T("the snapshot is there")}},
		"time      nothing is left to be moved\n": {Basis: []steps.Text{steps.T("the snapshot is there")}},
	} {
		p.Estimate = e
		if shown := bare(plainLook().Beside(p, 120)); !strings.Contains(shown, words) {
			t.Errorf("no %q in\n%s", words, shown)
		}
	}
	if shown := bare(plainLook().Beside(steps.Plan{}, 120)); strings.Contains(shown, "How long") || strings.Contains(shown, "does not move") || !strings.Contains(shown, "No index.") {
		t.Errorf("of nothing:\n%s", shown)
	}
}

// TestLongNamesAreWhole: a name that has no room beside its figures stands above them.
func TestLongNamesAreWhole(t *testing.T) {
	p := plan(1)
	p.Moves[0].Index = strings.Repeat("a-long-name-", 20)
	shown := bare(plainLook().Beside(p, 60))
	if whole := strings.NewReplacer("\n", "", " ", "").Replace(shown); !strings.Contains(whole, p.Moves[0].Index) {
		t.Errorf("cannot be read whole:\n%s", shown)
	}
}
