package prompt

import (
	"os"

	"golang.org/x/sys/windows"
)

// silence stops a console from showing what is typed, until show. With flush,
// what was typed and not yet read is thrown away.
func silence(file *os.File, flush bool) (show func(flush bool), err error) {
	console := windows.Handle(file.Fd())
	var was uint32
	if err := windows.GetConsoleMode(console, &was); err != nil {
		return nil, err
	}
	set := func(mode uint32, flush bool) error {
		if flush {
			_ = windows.FlushConsoleInputBuffer(console)
		}
		return windows.SetConsoleMode(console, mode)
	}
	hushed := was&^windows.ENABLE_ECHO_INPUT | windows.ENABLE_PROCESSED_INPUT | windows.ENABLE_LINE_INPUT
	return func(flush bool) { _ = set(was, flush) }, set(hushed, flush)
}
