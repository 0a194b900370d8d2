package report

import (
	"strings"
	"testing"

	"snapferry/steps"
)

// shared is a migration whose sharing was handed over unread.
func shared(how ...any) *steps.State {
	p := plan()
	p.Steps[1].Changes[0].Unread = true
	s := story(&steps.State{}, steps.RunStarted{RunID: "run-1"}, steps.PlanMade{Plan: p, Digest: p.Digest()}, steps.Approved{Digest: p.Digest()})
	done(s, "bucket")
	story(s, append([]any{steps.StepID("share-bucket"), steps.StepStarted{}}, how...)...)
	done(s, "snapshot")
	done(s, "restore")
	return story(s, steps.StepID(""), steps.RunDone{OK: true})
}

func TestWhatWasHandedOverIsNeitherProvenNorOurs(t *testing.T) {
	seen := steps.Evidence{Summary: steps.T("0 of 1 read back."), Lines: []steps.Text{steps.T("its effect is seen."), steps.T("and more.")}}
	all := "every step was verified by reading back"
	for name, tt := range map[string]struct {
		s         *steps.State
		says, not []string
		proven    int
	}{
		"unknown": {
			shared(steps.StepSkipped{Why: steps.T("whether it is so cannot be read here.")}),
			[]string{"Handed over and not read back here: 1. Everything else", "## What was handed over", "| target | bucket-policy acme-move | Let &lt;the other side> read | whether it is so cannot be read here. | Whoever made it"},
			[]string{all, "as was chosen"},
			3,
		},
		"seen by its effect": {
			shared(steps.StepDone{Existed: true, Evidence: seen}),
			[]string{"Handed over and not read back here: 1.", "| its effect is seen. |", "- share-bucket: and more."},
			[]string{all, "- share-bucket: its effect is seen."},
			4,
		},
		"left out by choice": {
			story(done(begun(), "bucket"), steps.StepID("share-bucket"), steps.StepStarted{}, steps.StepSkipped{Why: steps.T("you chose")}, steps.StepID(""), steps.RunDone{OK: true}),
			[]string{"Skipped, as was chosen: 1. The others"},
			[]string{all, "What was handed over"},
			1,
		},
		"nothing of it": {stories()["done"], []string{all}, []string{"handed over"}, 4},
	} {
		r := New(tt.s, Options{})
		md := string(written(r.Markdown))
		for _, w := range tt.says {
			if !strings.Contains(md, w) {
				t.Errorf("%s does not say %q:\n%s", name, w, md)
			}
		}
		for _, w := range tt.not {
			if strings.Contains(md, w) {
				t.Errorf("%s says %q", name, w)
			}
		}
		if len(r.Proven) != tt.proven {
			t.Errorf("%s: %d proofs", name, len(r.Proven))
		}
	}
	for _, c := range []steps.Kind{steps.KindRole, steps.KindSignerGrant, steps.KindRoleMapping, steps.KindBucket} {
		if got := steps.OthersUndo(steps.Ref{Kind: c, Name: "n", In: "i"}).String(); !strings.HasPrefix(got, "Whoever made it") || strings.Contains(got, "%!") {
			t.Errorf("%s: %q", c, got)
		}
	}
}
