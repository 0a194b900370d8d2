// Package report tells a run's story from its State: what was moved and proven,
// what was changed where with the undo for each, what was not moved and why,
// the estimate against what came true, and the list for the day after.
//
// It is pure, reads nothing but the State, and does not know how a run is done.
package report

import (
	"snapferry/steps"
)

// Report is the account of one run, ready to be written in any form.
type Report struct{}

// Options of a report.
type Options struct {
	// Mask hides account ids and names; nil hides nothing.
	Mask *steps.Masker
	// Undo is the command shown for taking things back.
	Undo string
}

// New makes the account of a state.
func New(s *steps.State, o Options) Report { return Report{} }

// Markdown, HTML and JSON are the forms. HTML is one self-contained page.
func (r Report) Markdown() []byte { return nil }

// HTML is one self-contained page without scripts.
func (r Report) HTML() []byte { return nil }

// JSON is one object, schema snapferry/1.
func (r Report) JSON() []byte { return nil }
