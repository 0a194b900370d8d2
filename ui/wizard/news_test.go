package wizard

import (
	"context"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// TestLastProofIsSeen: what was proven of a page's last answer stands at the top of the
// next page while its first question is asked, whole, at every size.
func TestLastProofIsSeen(t *testing.T) {
	const note = "You are arn:aws:iam::111111111111:role/a-role-with-a-long-name, by profile signer; good for another 52 min."
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 40}} {
		d := &desk{fetch: func(_ context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
			if r.What == ask.Identity && r.Slot == "signer" {
				return ask.Offer{Note: steps.T(note)}, nil
			}
			return ask.Offer{}, nil
		}}
		said := map[ask.Key]string{"source.signer.profile": "signer", "source.signer.base": "profile"}
		for k, v := range preset {
			said[k] = v
		}
		p := sit(t, Options{Answers: answered(t, said), Deeds: d, Width: size[0], Height: size[1], Sandbox: true})
		p.turned(p.open("source-account"))
		for range 12 {
			if p.page != "source-account" {
				break
			}
			p.press("enter")
		}
		if got := strings.Join(strings.Fields(p.shows()), " "); !strings.Contains(got, "✓ "+note) || p.page != "target-account" {
			t.Errorf("%v, %s:\n%s", size, p.page, p.shows())
		}
		p.press("enter", "enter")
		if got := p.shows(); strings.Contains(got, "by profile signer") {
			t.Errorf("%v: it stays:\n%s", size, got)
		}
	}
}
