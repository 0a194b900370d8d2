package wizard

import (
	"strings"
	"testing"

	"snapferry/ui/ask"
)

// TestThroughThePages: where all was answered, enter, enter, … leads through.
func TestThroughThePages(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}, Sandbox: true})
	p.on("start", ask.Goal).says("SANDBOX", "Nothing is changed before you saw and approved the plan", "nothing is real")
	var pages []string
	for range 40 {
		s, is := p.screen.(interface{ asking() (string, ask.Key) })
		if !is {
			break
		}
		if name, _ := s.asking(); len(pages) == 0 || pages[len(pages)-1] != name {
			pages = append(pages, name)
		}
		// The title and the keys are those of what is shown now.
		p.says(p.Words.Say(p.screen.Title())+" ", p.screen.Keys()[0].Help().Desc)
		p.press("enter")
	}
	if got := strings.Join(pages, " "); got != "start source-account target-account domains bucket move" || p.at != atChecks {
		t.Errorf("came through %v\n%s", pages, p.shows())
	}
	p.says("the clock is right").press("esc").on(movePage, indicesKey)
}

// TestNoEmptyFrame: a page that is through stays until the next one is there.
func TestNoEmptyFrame(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}}).press("enter").on(startPage, "shape").says("Where do the indices go")
	_, cmd := p.Update(pressed["enter"])
	p.says("To a domain of another account")
	p.do(cmd)
	p.on("source-account", "")
	p.turned(p.open(movePage))
	p.press("enter").says("More to set")
	_, cmd = p.Update(pressed["enter"])
	p.says("More to set")
	p.do(cmd)
	p.says("the clock is right")
}

// TestReal: who is not in the sandbox is told so.
func TestReal(t *testing.T) {
	if shown := sit(t, Options{Deeds: &desk{}}).says("This works on real accounts", "--sandbox").shows(); strings.Contains(shown, "SANDBOX") {
		t.Errorf("it is taken for the sandbox:\n%s", shown)
	}
}
