package form

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// TestNothingSteersTheTerminal: what came from outside is shown and not obeyed.
func TestNothingSteersTheTerminal(t *testing.T) {
	evil := "x\x1b]0;mine\a\x1b[2J"
	fetch := func(_ context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
		if r.What == ask.Domain {
			return ask.Offer{}, &steps.Error{Summary: steps.T("%s", evil), Fix: steps.T("%s", evil)}
		}
		return ask.Offer{Options: []ask.Option{{Value: "logs-prod", Detail: steps.T("%s", evil)}, {Value: evil}}, Note: steps.T("%s", evil)}, nil
	}
	p := open(t, begun(t, map[ask.Key]string{"source.account": "111122223333"}), "domains", Options{Fetch: fetch})
	shown := p.View(0)
	p.press("enter")
	if shown += p.View(0); strings.Contains(shown, "\x1b]") || strings.Contains(shown, "\a") || strings.Contains(shown, "\x1b[2J") {
		t.Errorf("%q", shown)
	}
}

// TestJudgedAsTyped: where rules hold for every letter, they are told at once, and
// the example stays in sight.
func TestJudgedAsTyped(t *testing.T) {
	p := open(t, begun(t, map[ask.Key]string{"bucket.owner": "source"}), "bucket", Options{}).at("bucket.name")
	p.says("such as acme-os-migration").press("Acme").says("so far:", "capital")
	p.press("ctrl+u", "acme-os").says("such as acme-os-migration")
	if strings.Contains(p.shows(), "so far") {
		t.Errorf("nothing is wrong any more:\n%s", p.shows())
	}
	p.settle(p.Update(tea.PasteMsg{Content: "_"}))
	p.says("so far:").press("enter").at("bucket.name").says("✗")
	other := open(t, begun(t, map[ask.Key]string{"source.control.base": "environment"}), "source-account", Options{}).press("enter").at("source.region").press("eu-")
	if strings.Contains(other.shows(), "so far") {
		t.Errorf("half a region is no slip:\n%s", other.shows())
	}
}
