package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/panel"
)

// running is the board of a run that is under way. The run is done beside the
// program's loop; what it tells is folded into a state of the screen's own.
type running struct {
	made
	planned Planned
	by      string
	// life ends when the screen is left, and with it the run.
	life   context.Context
	cancel context.CancelFunc
	state  *steps.State
	board  *panel.Run
	calls  []panel.Call
	// failed is a failed step that waits to be decided about; mend is what the plan
	// is to put right when the run has stopped for it.
	failed *failed
	mend   *steps.Finding
	// stops counts how often the run was asked to stop; pausing says that it is to
	// stand still before its next step.
	stops   int
	pausing bool
	// over says that the run has come back, told that its last record was folded in.
	over, told bool
	err        error
}

// What a run tells.
type (
	toldMsg struct {
		batch []steps.Record
		err   error
	}
	overMsg   struct{ err error }
	failedMsg struct{ failure Failure }
	// mendedMsg says that the answers make a plan that puts right what failed.
	mendedMsg struct{ answers *ask.Answers }
	// graceMsg says that whatever a run that is over had to tell was told, or is not told.
	graceMsg struct{}
	// secondMsg is the clock of the calls: a step that waits tells nothing.
	secondMsg struct{}
)

// grace is how long the last records of a run that is over are waited for.
const grace = 2 * time.Second

func newRunning(m made, planned Planned, by string) screen {
	s := &running{made: m, planned: planned, by: by, state: &steps.State{}}
	if planned.State != nil {
		s.state = planned.State.Clone()
	}
	s.board = panel.NewRun(s.look(0))
	s.life, s.cancel = context.WithCancel(m.ctx)
	return s
}

func (s *running) Init() tea.Cmd {
	run := func() tea.Msg { return s.mine(overMsg{s.Deeds.Run(s.life, s.by)}) }
	return tea.Batch(run, s.listen(), s.failure(), s.second())
}

// listen waits for records: one command that is issued again, so that they come in
// order and at most one picture is drawn a batch.
func (s *running) listen() tea.Cmd {
	return func() tea.Msg {
		batch, err := s.planned.Feed.Next(s.life)
		return s.mine(toldMsg{batch, err})
	}
}

// failure waits for a failed step.
func (s *running) failure() tea.Cmd {
	if s.planned.Failures == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case f, ok := <-s.planned.Failures:
			if ok {
				return s.mine(failedMsg{f})
			}
		case <-s.life.Done():
		}
		return nil
	}
}

func (s *running) second() tea.Cmd {
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return s.mine(secondMsg{}) })
}

func (s *running) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case toldMsg:
		return s.fold(msg)
	case overMsg:
		if s.over {
			return nil
		}
		s.over, s.err = true, msg.err
		if cmd := s.end(); cmd != nil {
			return cmd
		}
		return tea.Tick(grace, func(time.Time) tea.Msg { return s.mine(graceMsg{}) })
	case graceMsg:
		s.cancel()
	case failedMsg:
		s.failed = &failed{made: s.made, Failure: msg.failure}
		s.cover.sheet = nil // it would hide it
	case secondMsg:
		if s.over {
			return nil
		}
		s.newest()
		return s.second()
	case mendedMsg:
		*s.Answers = *msg.answers
		return s.want(goMsg{to: atChecks})
	case tea.KeyPressMsg:
		return s.press(msg)
	}
	return nil
}

// fold takes a batch in and listens on. The feed of a run that is over ends.
func (s *running) fold(msg toldMsg) tea.Cmd {
	for _, r := range msg.batch {
		s.state.Apply(r)
	}
	s.newest()
	if msg.err != nil {
		s.told = true
		return s.end()
	}
	return s.listen()
}

// mostCalls is how many calls the board has room for at most.
const mostCalls = 16

// newest reads the newest calls.
func (s *running) newest() {
	if s.planned.Calls != nil {
		s.calls = s.planned.Calls(mostCalls)
	}
}

// end goes on when the run has come back and everything it told was folded in: to
// the report, or to the plan that puts right what it failed of.
func (s *running) end() tea.Cmd {
	if !s.over || !s.told {
		return nil
	}
	s.cancel()
	if s.mend == nil {
		return s.want(goMsg{to: atReport, state: s.state, err: s.err})
	}
	answers, finding := s.Answers.Clone(), *s.mend
	return func() tea.Msg {
		if _, err := s.Deeds.Fix(s.ctx, answers, finding); err != nil {
			return s.mine(goMsg{to: atReport, state: s.state, err: err})
		}
		return s.mine(mendedMsg{answers})
	}
}
