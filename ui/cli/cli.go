// Package cli is the command line: one file a command, each an options struct
// and a run function, and wire.go, the one place where concrete types are
// chosen. It knows flags, exit codes and streams; it does not know how a step
// works or what AWS answers.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/engine"
	"snapferry/ui/board"
	"snapferry/ui/prompt"
	"snapferry/ui/stream"
	"snapferry/ui/term"
)

// Version is what the program calls itself; releases set it when linking.
var Version = "dev"

// Main runs the program on the process's own streams and gives its exit code.
func Main(args []string, signals <-chan os.Signal) int {
	return Run(context.Background(), args, Process{Streams: term.System(), Signals: signals})
}

// Process is what a command runs in. Tests bring their own.
type Process struct {
	term.Streams
	// Signals are SIGINT, SIGTERM and SIGHUP as they come.
	Signals <-chan os.Signal
	// Points is told the durable points of a run, for tests that kill there.
	Points func(name string)
	// Call is told of every finished call, for tests that kill there.
	Call func(operation string)
	// Now is nil for time.Now.
	Now func() time.Time
	// Clock is what a run waits by, nil for the system's.
	Clock clock
}

// app is one start of the program.
type app struct {
	Process
	globals
	// masker hides names once the answers are known; nil hides nothing.
	masker *steps.Masker
	// accounts name the sides in reports, once the answers are known.
	accounts map[steps.Side]string
	// partial says that the answers need not be whole: what was not said is told by
	// whoever misses it.
	partial bool
	// unmapped says that nothing is done as a mapper: nobody is asked for its password.
	unmapped bool
	// questions are what somebody at the terminal is asked; nil asks nothing.
	questions *questions
	// typing reads what is typed; see keyboard.
	typing *prompt.Keyboard
	// understood says that the command line was; errors before are usage.
	understood bool
}

// Run runs the program once.
func Run(ctx context.Context, args []string, p Process) int {
	if p.Now == nil {
		p.Now = time.Now
	}
	// A signal is answered while a prompt or a view writes.
	p.Err = &sharedWriter{out: p.Err}
	a := &app{Process: p}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	err := root.ExecuteContext(ctx)
	if err != nil && !a.understood {
		err = usage(err)
	}
	a.explain(err)
	return exitCode(err)
}

// sharedWriter lets several goroutines write, a whole line each.
type sharedWriter struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *sharedWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(b)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "snapferry",
		Short: "Moves an OpenSearch domain to another AWS account, by snapshot",
		Long: `snapferry moves an Amazon OpenSearch Service (or Elasticsearch Service) domain
by manual S3 snapshot: it asks, checks, plans, does each step while showing it, and proves
the result. Nothing is changed before the plan was shown and approved. Without a command it
asks everything, on a full screen or, with --plain, line by line.

Exit codes: 0 done, 1 failed (also: preflight could find out nothing), 2 usage,
3 preflight found a blocker, 4 waiting for the other side, 5 paused too long,
130 interrupted. Results go to standard output, everything else to standard
error.`,
		Version:       Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.noCommand,
		RunE:          a.start,
	}
	a.globals.flags(root.PersistentFlags())
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(a.usage)
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		a.understood = true
		if err := a.globals.check(); err != nil {
			return err
		}
		return a.globals.real(c)
	}
	root.AddCommand(a.runCommand(), a.planCommand(), a.preflightCommand(), a.cleanUpCommand(), a.undoCommand(), a.explainCommand(), a.probeCommand(), a.reportCommand(), a.sandboxCommand())
	root.Long = reflow(root.Long, a.Width)
	for _, c := range root.Commands() {
		c.Long = reflow(c.Long, a.Width)
		if c.Args == nil {
			c.Args = a.noArgs
		}
	}
	return root
}

// reflow breaks paragraphs to a width, wherever the source breaks them.
func reflow(long string, cells int) string {
	var out []string
	for _, paragraph := range strings.Split(long, "\n\n") {
		l := board.Line{Text: strings.Join(strings.Fields(paragraph), " ")}
		out = append(out, strings.Join(l.Wrap(cells), "\n"))
	}
	return strings.Join(out, "\n\n")
}

// start is the bare command. On a terminal it asks everything; elsewhere it says
// which command to use.
func (a *app) start(c *cobra.Command, _ []string) error {
	if a.Interactive() && !a.json {
		full, err := a.fullScreen()
		switch {
		case err != nil:
			return err
		case full:
			return a.screen(c.Context())
		}
		return a.guided(c.Context())
	}
	if a.sandboxed() {
		return a.run(c.Context(), &runOptions{})
	}
	return term.Exit(term.ExitUsage, &steps.Error{
		Summary: steps.T("There is nothing to do yet"),
		Fix:     steps.T("snapferry run --sandbox practises a whole migration; snapferry run --file ANSWERS.yaml does one; snapferry --help lists all commands"),
	})
}

func usage(err error) error { return term.Exit(term.ExitUsage, err) }

// words renders texts for this start.
func (a *app) words() board.Words {
	return board.NewWords(language.English, a.masker.Mask)
}

// exitCode maps an error to the promised code: what the command said, else what
// the engine knows about it.
func exitCode(err error) int {
	var e *term.ExitError
	if err == nil || errors.As(err, &e) {
		return term.Code(err)
	}
	return engine.ExitCode(err)
}

// explain says on the error stream what went wrong and what to do about it.
func (a *app) explain(err error) {
	if err == nil || brokenPipe(err) {
		return
	}
	var exit *term.ExitError
	if errors.As(err, &exit) {
		if exit.Err == nil {
			return
		}
		err = exit.Err
	}
	w := a.words()
	var many answersError
	var step *engine.StepError
	var one *steps.Error
	switch {
	case errors.As(err, &many):
		for _, e := range many {
			a.sayError(e)
		}
	case errors.As(err, &step):
		a.sayDiagnosis(step)
	case errors.As(err, &one):
		a.sayError(one)
	default:
		// Through the diagnosis, which takes out what must not be shown.
		a.say(w.Say(diagnose.Error(err).Summary), "")
	}
}

// say writes an error and the way out of it to the error stream.
func (a *app) say(what, fix string) {
	const head = "snapferry: "
	lines := []board.Line{{Text: head + what, Hang: len(head)}}
	if fix != "" {
		parts := board.Indent(fix, strings.Repeat(" ", len(head)))
		lines = append(lines, board.Line{Text: parts[0], Hang: len(head)})
		for _, l := range parts[1:] { // commands stand below the words, to be copied as they are
			lines = append(lines, board.Line{Text: l, Hang: board.Verbatim})
		}
	}
	_ = stream.Print(a.Err, lines, a.errCells()) // there is nobody left to tell
}

// sayDiagnosis names the step, what happened, and the likeliest way out; the
// view of the run has shown the rest.
func (a *app) sayDiagnosis(e *engine.StepError) {
	fix := ""
	if len(e.Diagnosis.Causes) > 0 {
		fix = a.words().Say(e.Diagnosis.Causes[0].Fix)
	}
	a.say(fmt.Sprintf("step %s: %s", e.Step, a.words().Say(e.Diagnosis.Summary)), fix)
}

func (a *app) sayError(e *steps.Error) {
	where := e.Field
	if e.Line > 0 {
		where = fmt.Sprintf("line %d", e.Line)
		if e.Field != "" {
			where += ", " + e.Field
		}
	}
	if where != "" {
		where += ": "
	}
	a.say(where+a.words().Say(e.Summary), a.words().Say(e.Fix))
}

// brokenPipe says that the reader went away, which is no news to him.
func brokenPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}
