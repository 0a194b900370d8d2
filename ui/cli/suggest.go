package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"snapferry/awsx/text"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// tellingPrefix is how much of a name says which one was meant.
const tellingPrefix = 4

// mistyped is the usage error of a name nobody knows, with the likeliest one.
func mistyped(summary, otherwise text.Text, typed string, known []string) error {
	fix, near := otherwise, spec.Nearest(typed, known)
	for _, k := range known { // "preflite" is far from "preflight" and means it
		if near == "" && len(typed) >= tellingPrefix && strings.HasPrefix(k, typed[:tellingPrefix]) {
			near = k
		}
	}
	if near != "" {
		fix = steps.T("Did you mean %s?", near)
	}
	return usage(&steps.Error{Summary: summary, Fix: fix})
}

// flagError is what a flag that cannot be read ends with.
func flagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return usage(err)
	}
	var known []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, "--"+f.Name)
		}
	})
	typed := unknown.GetSpecifiedName()
	if len(typed) > 1 {
		typed = "--" + typed
	}
	return mistyped(steps.T("%s has no flag %s", c.CommandPath(), dashed(typed)), steps.T("See %s --help", c.CommandPath()), typed, known)
}

func dashed(name string) string {
	if strings.HasPrefix(name, "-") {
		return name
	}
	return "-" + name
}

// noArgs refuses arguments of a command that takes none. A directory behind
// --sandbox is one that lost its sign.
func (a *app) noArgs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if a.sandbox == inRunDir {
		return usage(&steps.Error{
			Summary: steps.T("%s takes no arguments, but got %q", c.CommandPath(), args[0]),
			Fix:     steps.T("To join the sandbox of a directory, write it with the sign: --sandbox=%s", args[0]),
		})
	}
	return usage(fmt.Errorf("%s takes no arguments, but got %q", c.CommandPath(), args[0]))
}

// noCommand refuses what is no command.
func (a *app) noCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 || a.sandbox == inRunDir {
		return a.noArgs(root, args)
	}
	var known []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			known = append(known, c.Name())
		}
	}
	return mistyped(steps.T("There is no command %q", args[0]), steps.T("There are: %s", strings.Join(known, ", ")), args[0], known)
}
