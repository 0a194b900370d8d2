package panel

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// hang is how far what goes on in the next line is moved in.
const hang = 4

// continued breaks a command that is longer than a line at blanks outside quotes,
// with the backslash by which a shell joins the lines again. nil for what is no
// command, or cannot be broken so.
func continued(line string, width int) []string {
	if ansi.StringWidth(line) <= width || !strings.HasPrefix(line, "curl ") && !strings.HasPrefix(line, "aws ") {
		return nil
	}
	words, closed := shellWords(line)
	if !closed || strings.HasSuffix(line, `\`) {
		return nil
	}
	var lines []string
	now := words[0]
	for _, w := range words[1:] {
		if room := width - 2; ansi.StringWidth(now+strings.TrimRight(w, " ")) <= room {
			now += w
			continue
		}
		lines = append(lines, now+`\`)
		now = strings.Repeat(" ", hang) + w
	}
	lines = append(lines, now)
	for _, l := range lines {
		if ansi.StringWidth(l) > width {
			return nil
		}
	}
	return lines
}

// shellWords are the words of a command with the blanks behind them; closed says that
// every quote ends.
func shellWords(line string) (words []string, closed bool) {
	var quote rune
	from, escaped, blank := 0, false, false
	for i, r := range line {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && quote != '\'':
			escaped = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		}
		if blank && r != ' ' {
			words, from = append(words, line[from:i]), i
		}
		blank = r == ' ' && quote == 0 && !escaped
	}
	return append(words, line[from:]), quote == 0 && !escaped
}
