package wizard

import (
	"fmt"
	"maps"
	"strings"

	"snapferry/steps"
)

// accept accepts a warning of weight, or takes that back.
func (s *checks) accept(id steps.CheckID) {
	if s.board.Accepted[id] {
		delete(s.board.Accepted, id)
		delete(s.accepted, id)
		return
	}
	s.board.Accepted[id] = true
	s.accepted[id] = s.saying(id)
}

// recall has what was accepted accepted still, at this visit and at a later one, where
// it says the same as then. What it says now may not be what somebody would accept.
func (s *checks) recall() {
	clear(s.board.Accepted)
	maps.DeleteFunc(s.accepted, func(id steps.CheckID, then string) bool {
		now := s.saying(id)
		s.board.Accepted[id] = now == then
		return now != "" && now != then
	})
	maps.DeleteFunc(s.board.Accepted, func(_ steps.CheckID, is bool) bool { return !is })
}

// saying is all that a check's warnings of weight say, "" where it warns of nothing.
func (s *checks) saying(id steps.CheckID) string {
	var b strings.Builder
	for _, f := range s.board.Found {
		if f.ID == id && f.Outcome == steps.Warn && f.Weighty {
			fmt.Fprintln(&b, f.Subject, f.Summary, f.Cause, f.Evidence)
		}
	}
	return b.String()
}
