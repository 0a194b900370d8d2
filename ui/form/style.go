package form

import (
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"

	"snapferry/ui/theme"
)

// styles are a look for huh. They are made once: huh asks for them several times a
// field and frame, and whether the background is dark is known better outside.
func styles(th theme.Theme) huh.Theme {
	plain := lipgloss.NewStyle()
	f := huh.FieldStyles{
		// Titles are ours. A style for them would give the empty one a height of one:
		// huh takes it out of the list's rows [v2.0.3].
		Base: plain, Title: plain, Description: plain,
		ErrorIndicator: plain, ErrorMessage: plain,
		SelectSelector:   th.Accent.SetString(th.Glyphs.Cursor + " "),
		Option:           th.Text,
		SelectedOption:   th.Selected,
		UnselectedOption: th.Text,
		TextInput: huh.TextInputStyles{
			Cursor: th.Accent, CursorText: th.Accent, Placeholder: th.Faint, Prompt: th.Accent, Text: th.Text,
		},
	}
	s := &huh.Styles{Focused: f, Blurred: f, Help: th.Help()}
	return huh.ThemeFunc(func(bool) *huh.Styles { return s })
}
