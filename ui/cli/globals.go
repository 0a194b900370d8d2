package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"snapferry/steps"
)

// globals are the flags every command takes.
type globals struct {
	// sandbox is "" for the real AWS, inRunDir for the embedded one in the run
	// directory, or the directory of one that is running.
	sandbox string
	file    string
	dir     string
	plain   bool
	json    bool
	lang    string
	mask    bool
	// instant makes the embedded cluster skip its waits; for tests and demos in
	// a hurry.
	pace string
	// access are the kinds of access the sandbox's domains are made with: LABEL=KIND.
	access []string
	// faults are the fault cards the sandbox is begun with.
	faults []string
	// passwordFD are the file descriptors passwords of internal users come by.
	passwordFD map[steps.Side]int
}

// inRunDir is the value of a bare --sandbox.
const inRunDir = "in the run directory"

// sandboxFlag is --sandbox or --sandbox=DIR. It passes for a switch, so that help
// shows it as it is typed and no argument behind it is swallowed.
type sandboxFlag struct{ dir *string }

func (f sandboxFlag) String() string { return "" }
func (f sandboxFlag) Type() string   { return "bool" }

func (f sandboxFlag) Set(s string) error {
	switch s {
	case "":
		return errors.New("it wants a directory behind the sign, or stands alone")
	case "true":
		s = inRunDir
	}
	*f.dir = s
	return nil
}

// descriptorFlag is a file descriptor that a side's password comes by.
type descriptorFlag struct {
	to   *globals
	side steps.Side
}

func (f descriptorFlag) String() string { return "" }
func (f descriptorFlag) Type() string   { return "number" }

func (f descriptorFlag) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 3 {
		return errors.New("it wants the number of an open file descriptor, 3 or above")
	}
	if f.to.passwordFD == nil {
		f.to.passwordFD = map[steps.Side]int{}
	}
	f.to.passwordFD[f.side] = n
	return nil
}

func (g *globals) flags(f *pflag.FlagSet) {
	f.Var(sandboxFlag{&g.sandbox}, "sandbox", "use the embedded AWS with a world in the run directory; `[=DIR]` joins the one that snapferry sandbox --data DIR is running. Nothing can be harmed there: without a terminal a plan for it is approved by itself")
	f.Lookup("sandbox").NoOptDefVal = "true"
	f.StringVar(&g.file, "file", "", "answers `file` (YAML); without it, the one in the run directory")
	f.StringVar(&g.dir, "dir", "snapferry-run", "run `directory`: journal, answers and reports of one run")
	f.BoolVar(&g.plain, "plain", false, "plain lines out and, on a terminal, line prompts in; no full screen")
	f.BoolVar(&g.json, "json", false, "one JSON object a line on standard output (schema snapferry/1)")
	f.StringVar(&g.lang, "lang", "en", "`language` of the words: en (ko and ja are not translated yet)")
	f.BoolVar(&g.mask, "mask", false, "hide account ids and names in all output")
	f.Var(descriptorFlag{g, steps.Source}, "source-mapper-password-fd", "file descriptor (`number`) with the password of source.mapper.user")
	f.Var(descriptorFlag{g, steps.Target}, "target-mapper-password-fd", "file descriptor (`number`) with the password of target.mapper.user")
	f.StringSliceVar(&g.access, "sandbox-access", nil, "how the domains of a new sandbox (source, next, target) decide, as `LABEL=KIND`,…: iam-master or internal-master with fine-grained access control, policy or open without")
	f.StringArrayVar(&g.faults, "fault", nil, "fault card (`ID`) that a new sandbox is mis-set with; repeat for more; snapferry sandbox --list-faults has them")
	f.StringVar(&g.pace, "sandbox-pace", "realistic", "the `pace` of the embedded cluster: realistic or instant")
}

func (g *globals) check() error {
	if g.lang != "en" {
		return usage(fmt.Errorf("--lang %s is not translated yet; en is", g.lang))
	}
	if g.pace != "realistic" && g.pace != "instant" {
		return usage(fmt.Errorf("--sandbox-pace is realistic or instant, not %q", g.pace))
	}
	if g.dir == "" {
		return usage(fmt.Errorf("--dir is empty; leave it out for ./snapferry-run"))
	}
	if len(g.access)+len(g.faults) > 0 && g.sandboxed() && g.sandbox != inRunDir {
		return usage(fmt.Errorf("--sandbox-access and --fault are said where a sandbox begins, and %s is running already", g.sandbox))
	}
	if err := knownFaults(g.faults); err != nil {
		return err
	}
	_, err := accessKinds(g.access)
	return err
}

// real refuses what is said of a sandbox where none is: who left --sandbox out would
// look at the real AWS, and take what is well there for a fault that does no harm.
func (g *globals) real(c *cobra.Command) error {
	if g.sandboxed() || c.Name() == sandboxName {
		return nil
	}
	for _, name := range []string{"fault", "sandbox-access", "sandbox-pace"} {
		if c.Flags().Changed(name) {
			return usage(&steps.Error{Summary: steps.T("--%s is said of the sandbox, and this is the real AWS", name), Fix: steps.T("Add --sandbox, or leave it out")})
		}
	}
	return nil
}

func (g *globals) sandboxed() bool { return g.sandbox != "" }

// resumeLine is the command that goes on with this run.
func (g *globals) resumeLine(command string) string {
	line := strings.TrimSpace("snapferry " + command)
	switch g.sandbox {
	case "":
	case inRunDir:
		line += " --sandbox"
	default:
		line += " --sandbox=" + steps.ShellWord(g.sandbox)
	}
	if g.dir != "snapferry-run" {
		line += " --dir " + steps.ShellWord(g.dir)
	}
	return line
}
