package term

import "errors"

// Exit codes, as the product promises them.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitBlocked     = 3
	ExitWaiting     = 4
	ExitPaused      = 5
	ExitInterrupted = 130
)

// ExitError ends a command with a code. Err is nil where everything worth saying
// has been said already.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

func (e *ExitError) Unwrap() error { return e.Err }

// Exit wraps an error with the code it ends with.
func Exit(code int, err error) error { return &ExitError{Code: code, Err: err} }

// Code is the exit code of an error: 0 for none, 1 for one that names no other.
func Code(err error) int {
	if err == nil {
		return ExitDone
	}
	var e *ExitError
	if errors.As(err, &e) {
		return e.Code
	}
	return ExitFailed
}
