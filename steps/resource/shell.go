package resource

import (
	"bytes"
	"encoding/json"
	"strings"

	"snapferry/steps"
)

// AWS is a whole AWS CLI command, with what to do before it. Command is service and
// operation, args are options and their values in turn.
func (p Place) AWS(command string, args ...string) string { return p.whole(p.line(command, args...)) }

// whole puts before commands which roles to assume first: a profile is the account it
// was made for, and a role of another one's on top of it is in no profile we know.
func (p Place) whole(commands string) string {
	if commands == "" || len(p.Assumed) == 0 {
		return commands
	}
	var roles []string
	for _, role := range p.Assumed {
		roles = append(roles, role.String())
	}
	from := ""
	if p.Profile != "" {
		from = " from the profile " + p.Profile
	}
	return "# Assume " + strings.Join(roles, ", then ") + from + " first: these are calls of that role.\n" + commands
}

// line is one command. Each option stands on a line of its own.
func (p Place) line(command string, args ...string) string {
	var b strings.Builder
	b.WriteString("aws")
	if p.Profile != "" && len(p.Assumed) == 0 {
		b.WriteString(" --profile " + steps.ShellWord(p.Profile))
	}
	if p.Region != "" {
		b.WriteString(" --region " + steps.ShellWord(string(p.Region)))
	}
	b.WriteString(" " + command)
	for i := 0; i < len(args); i++ {
		b.WriteString(" \\\n  " + args[i])
		for i+1 < len(args) && !strings.HasPrefix(args[i+1], "--") {
			i++
			b.WriteString(" " + steps.ShellWord(args[i]))
		}
	}
	b.WriteString("\n")
	return b.String()
}

// onlyIfMade chains what makes a thing nobody here can look at: if it is there
// already, and somebody else's, the first call fails and the rest must not run.
func onlyIfMade(what string, lines []string) string {
	if len(lines) < 2 {
		return strings.Join(lines, "")
	}
	for i, line := range lines[:len(lines)-1] {
		lines[i] = strings.TrimSuffix(line, "\n") + " &&\n"
	}
	return "# Run this as one: what follows the call that makes the " + what + " is only for one that you have just made.\n" + strings.Join(lines, "")
}

// note is a document to be put somewhere by hand, as comments of a shell: pasted,
// they do nothing.
func note(what string, doc steps.Doc) string {
	return "# " + strings.ReplaceAll(what+":\n"+pretty(doc), "\n", "\n# ") + "\n"
}

// pretty is a document for people, indented; what is no JSON stays as it is.
func pretty(doc steps.Doc) string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(doc), "", "  "); err != nil {
		return string(doc)
	}
	return out.String()
}

// jsonArg is a document as the value of an option: the CLI takes it in place,
// over several lines.
func jsonArg(doc steps.Doc) string { return pretty(doc) }
