package panel

import (
	"strings"

	"snapferry/steps"
)

// Command shows something that is to be copied, whole.
func (l Look) Command(command string, width int) []string {
	if command == "" {
		return l.Hint(steps.T("There is no command for this: nothing has to be done, or only the program can do it."), width)
	}
	lines := []string{l.heading(steps.T("As a command"), width)}
	lines = append(lines, l.Hint(steps.T("Hand it to whoever may run it. It is on the clipboard where the terminal allows that; names in capitals are yours to fill in."), width)...)
	return append(append(lines, ""), l.block(command, width)...)
}

// Document is something to be copied where it stands, line by line.
func (l Look) Document(s string, width int) []string { return l.block(s, width) }

// Choice is a key and what it decides.
type Choice struct {
	Key  string
	Does steps.Text
}

// Choices lists what can be decided, a line each.
func (l Look) Choices(list []Choice, width int) []string {
	var lines []string
	for _, c := range list {
		words := l.words(l.as(c.Does), width-4, l.Text.Render)
		for i := range words {
			head := "    "
			if i == 0 {
				head = l.Key.Render(l.Fit(c.Key, 4))
			}
			lines = append(lines, head+words[i])
		}
	}
	return lines
}

// Typed shows the end of a text that is being typed, with the cursor behind it.
func (l Look) Typed(body string, width, height int) []string {
	if height <= 0 {
		return nil
	}
	lines := strings.Split(body, "\n")
	var drawn []string
	for i, line := range lines[max(0, len(lines)-height):] {
		line = l.Plain(l.Mask(strings.ReplaceAll(line, "\t", "  ")))
		if i == len(lines[max(0, len(lines)-height):])-1 {
			line += "_"
		}
		drawn = append(drawn, l.broken(line, width, l.Text.Render)...)
	}
	return drawn[max(0, len(drawn)-height):]
}
