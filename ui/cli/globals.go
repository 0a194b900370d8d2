package cli

import (
	"errors"
	"fmt"

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

func (g *globals) flags(f *pflag.FlagSet) {
	f.Var(sandboxFlag{&g.sandbox}, "sandbox", "use the embedded AWS with a world in the run directory; `[=DIR]` joins the one that snapferry sandbox --data DIR is running. Nothing can be harmed there: without a terminal a plan for it is approved by itself")
	f.Lookup("sandbox").NoOptDefVal = "true"
	f.StringVar(&g.file, "file", "", "answers `file` (YAML); without it, the one in the run directory")
	f.StringVar(&g.dir, "dir", "snapferry-run", "run `directory`: journal, answers and reports of one run")
	f.BoolVar(&g.plain, "plain", false, "plain lines out and, on a terminal, line prompts in; no full screen (this version has no other view)")
	f.BoolVar(&g.json, "json", false, "one JSON object a line on standard output (schema snapferry/1)")
	f.StringVar(&g.lang, "lang", "en", "`language` of the words: en (ko and ja are not translated yet)")
	f.BoolVar(&g.mask, "mask", false, "hide account ids and names in all output")
	f.StringVar(&g.pace, "sandbox-pace", "realistic", "how long the embedded cluster takes: `realistic` or instant")
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
	return nil
}

func (g *globals) sandboxed() bool { return g.sandbox != "" }

// resumeLine is the command that goes on with this run.
func (g *globals) resumeLine(command string) string {
	line := "snapferry " + command
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
