package prompt

import (
	"os"
	"time"

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

// waits says whether a console has a line to be read, within a time. It tells of
// every move of a key, also of those that make no line: none is promised.
func waits(*os.File, time.Duration) bool { return false }

// flush drops what was typed at a console and not read yet.
func flush(file *os.File) { _ = windows.FlushConsoleInputBuffer(windows.Handle(file.Fd())) }
