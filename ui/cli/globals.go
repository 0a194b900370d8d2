package cli

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"snapferry/steps/migrate"
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

func (g *globals) flags(f *pflag.FlagSet) {
	f.StringVar(&g.sandbox, "sandbox", "", "use the embedded AWS; =DIR joins the one that `snapferry sandbox --data DIR` is running")
	f.Lookup("sandbox").NoOptDefVal = inRunDir
	f.StringVar(&g.file, "file", "", "answers file (YAML); without it, the one in the run directory")
	f.StringVar(&g.dir, "dir", "snapferry-run", "run directory: journal, answers and reports of one run")
	f.BoolVar(&g.plain, "plain", false, "plain lines, no full screen")
	f.BoolVar(&g.json, "json", false, "one JSON object a line on standard output")
	f.StringVar(&g.lang, "lang", "en", "language of the words: en (ko and ja are not translated yet)")
	f.BoolVar(&g.mask, "mask", false, "hide account ids and names in all output")
	f.StringVar(&g.pace, "sandbox-pace", "realistic", "how long the embedded cluster takes: realistic or instant")
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
		line += " --sandbox=" + g.sandbox
	}
	if g.dir != "snapferry-run" {
		line += " --dir " + g.dir
	}
	return line
}

// consents are what a person says beyond --yes, which approves the plan and
// nothing else.
type consents struct {
	yes           bool
	overwrite     []string
	accept        []string
	deleteContent bool
	deleteIndices bool
	pauseTimeout  time.Duration
}

func (c *consents) flags(f *pflag.FlagSet) {
	f.BoolVar(&c.yes, "yes", false, "approve the plan; nothing else")
	f.DurationVar(&c.pauseTimeout, "pause-timeout", time.Hour, "how long to wait for a new login when credentials expire")
}

func (c *consents) moveFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&c.overwrite, "overwrite-index", nil, "index of the target that may be deleted and replaced; repeat for more")
	f.StringArrayVar(&c.accept, "accept", nil, "check whose warning of weight is accepted; repeat for more")
}

func (c *consents) dataFlags(f *pflag.FlagSet) {
	f.BoolVar(&c.deleteContent, "delete-bucket-content", false, "also delete the snapshot and its files in the bucket")
	f.BoolVar(&c.deleteIndices, "delete-restored-indices", false, "also delete the restored indices nobody has written to since")
}

// deletes says whether a flag gave the confirmation that would be typed.
func (c *consents) deletes(typed string) bool {
	if typed == migrate.TypedIndices {
		return c.deleteIndices
	}
	return c.deleteContent
}
