package failure

import (
	"context"
	"errors"
	"net/http"
)

func (f *Failure) Error() string { return f.Message }
func (f *Failure) Unwrap() error { return f.err }

// NeedsLogin says that a new login, and nothing else, makes the call work again.
func (f *Failure) NeedsLogin() bool { return f.Kind == Expired || f.Kind == Credentials }

// Of says what err is; nil for nil. A *Failure anywhere in err's chain is given back as it is.
func Of(err error) *Failure {
	if err == nil {
		return nil
	}
	return &Failure{Kind: Unknown, Message: err.Error(), err: err}
}

// Is says whether err is a failure of one of the kinds.
func Is(err error, kinds ...Kind) bool { return false }

// FromResponse reads an HTTP answer that is not a success.
func FromResponse(operation, host string, status int, header http.Header, body []byte) *Failure {
	return &Failure{Kind: Unknown, Status: status, Operation: operation, Host: host, Body: body}
}

// Parse reads a body alone, as a person pastes it. Status 0 means unknown.
func Parse(status int, body []byte) *Failure { return FromResponse("", "", status, nil, body) }

// SystemClock is the real time.
func SystemClock() Clock { return nil }

// Retry calls op until it succeeds, fails for good, or the policy is used up;
// it gives the last error. Only calls that may be repeated without harm belong here.
func Retry(ctx context.Context, clock Clock, p Policy, op func(context.Context) error) error {
	return errors.New("not filled yet")
}
