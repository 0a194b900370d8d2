//go:build judges

package cli

import (
	"snapferry/steps"
)

// handed are the commands the run told somebody else to run, as its journal has
// them.
func (a *article) handed() (commands []string) {
	a.Helper()
	run := app{globals: globals{dir: a.run}}
	a.must(run.replay(func(r steps.Record) error {
		if w, ok := r.Event.(steps.Waiting); ok && w.Instruction != nil {
			commands = append(commands, w.Instruction.CLI+w.Instruction.Curl)
		}
		return nil
	}))
	return commands
}

// third is somebody elsewhere who was given a command and runs it as it stands,
// in a shell of an account's administrator.
func (a *article) third(account, command string) {
	a.Helper()
	if out, err := (witness{a.T, a.box}).ask("sh", "-ec", "export AWS_PROFILE="+account+"\n"+command); err != nil {
		a.Fatalf("%v\n%s\nfor\n%s", err, out, command)
	}
}
