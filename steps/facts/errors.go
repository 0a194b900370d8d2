package facts

import (
	"errors"
	"strings"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// ErrNobody says that a side has no identity of the role: somebody else does
// that part. ErrNotSaid says that an answer the fact needs was not given. Both
// mean that nobody was asked.
var (
	ErrNobody  = errors.New("nobody was named for this part")
	ErrNotSaid = errors.New("the answer this needs was not given")
)

// Error is a fact that could not be learned. It is never shown as a pass.
type Error struct {
	Fact Name
	Side steps.Side
	// How is what was tried, as How gives it.
	How steps.Text
	// Kind is what the error is, as package failure tells; "" where nobody was asked.
	Kind failure.Kind
	// Needs is the permission that would allow it ("iam:GetRole"), "" where
	// rights are not the matter.
	Needs string
	Err   error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// failed wraps what kept a fact from being learned; nil stays nil.
func (f *Facts) failed(name Name, side steps.Side, err error) error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		// A fact that rests on another passes on why that one is unknown.
		return err
	}
	e := &Error{Fact: name, Side: side, How: f.How(name, side), Err: f.Refused(err)}
	if !errors.Is(err, ErrNobody) && !errors.Is(err, ErrNotSaid) {
		e.Kind = failure.Of(err).Kind
	}
	if e.Kind == failure.Denied {
		e.Needs = sources[name].needs
	}
	return e
}

// Unasked is what kept something from being learned that the signer is refused and
// the mapper might see. Where the mapper could not be asked, as its password was not
// given, that is the cause, and the refusal is the cause's own.
func Unasked(refusal, mapper error) error {
	var said *steps.Error
	var fact *Error
	if !errors.Is(mapper, ErrNotSaid) || !errors.As(mapper, &said) || !errors.As(mapper, &fact) {
		return refusal
	}
	both, why := *fact, *said
	why.Cause = errors.Join(ErrNotSaid, refusal)
	both.Err = &why
	return &both
}

// nobody says which part is missing and where to name who does it.
func nobody(slot Slot) error {
	part := map[Role]string{Control: "calls the AWS APIs", Signer: "signs the calls to the domain", Mapper: "edits role mappings"}[slot.Role]
	return &steps.Error{
		Field:   string(slot.Side) + "." + string(slot.Role),
		Summary: steps.T("Nobody was named who %s of the %s", part, string(slot.Side)),
		Fix:     steps.T("Name an identity under %s.%s, or hand this part to somebody who has one", string(slot.Side), string(slot.Role)),
		Cause:   ErrNobody,
	}
}

// notSaid names the answer that a fact waits for.
func notSaid(field string) error {
	return &steps.Error{
		Field:   field,
		Summary: steps.T("%s was not said", field),
		Fix:     steps.T("Say %s in the answers", field),
		Cause:   ErrNotSaid,
	}
}

// noPassword is for what only an internal user may do or see.
func noPassword(side steps.Side, user string) error {
	return &steps.Error{
		Field:   string(side) + ".mapper.user",
		Summary: steps.T("The password of the internal user %s of the %s was not given", user, string(side)),
		Fix:     steps.T("Put it into the environment as SNAPFERRY_%s_MAPPER_PASSWORD, give a file descriptor with --%s-mapper-password-fd, or type it when asked", strings.ToUpper(string(side)), string(side)),
		Cause:   ErrNotSaid,
	}
}
