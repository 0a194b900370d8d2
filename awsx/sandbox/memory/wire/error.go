package wire

import (
	"fmt"
	"strings"
)

// Error is an exception as the engine answers it. It is a Go error too.
type Error struct {
	// Status is the HTTP status of the answer when this error is the outermost.
	Status int
	// Type is the exception's class in snake case: index_not_found_exception.
	Type   string
	Reason string
	// Meta are the fields between reason and caused_by, e.g. index_uuid.
	Meta  Object
	Cause *Error
	// Foreign marks an exception that is not of the engine's own class tree
	// (java.io, java.lang, the AWS SDK). root_cause stops in front of those, so
	// the one of a failed upload is the engine's exception around it.
	Foreign bool
	// Roots overrides root_cause where several shards failed.
	Roots []*Error
	// Suppressed are failures beside this one, of work done at the same time.
	Suppressed []*Error
}

// New makes an exception of the engine's own tree.
func New(status int, kind, format string, args ...any) *Error {
	return &Error{Status: status, Type: kind, Reason: fmt.Sprintf(format, args...)}
}

// NewForeign makes an exception from outside the engine's tree.
func NewForeign(status int, kind, format string, args ...any) *Error {
	e := New(status, kind, format, args...)
	e.Foreign = true
	return e
}

// IllegalArgument is the engine's usual 400.
func IllegalArgument(format string, args ...any) *Error {
	return NewForeign(400, "illegal_argument_exception", format, args...)
}

// NullPointer is a mistake of the engine's own; older Java gives it no reason.
func NullPointer(reason string) *Error {
	return NewForeign(500, "null_pointer_exception", "%s", reason)
}

// Invalid is a request that its own validation refused: each problem is counted.
func Invalid(problems ...string) *Error {
	return New(400, "action_request_validation_exception", "%s", numbered(problems))
}

// Validation is a refusal by a cluster-wide rule, such as the shard limit.
func Validation(problems ...string) *Error {
	return New(400, "validation_exception", "%s", numbered(problems))
}

// numbered joins problems the way the engine's validations do.
func numbered(problems []string) string {
	var b strings.Builder
	b.WriteString("Validation Failed: ")
	for i, p := range problems {
		fmt.Fprintf(&b, "%d: %s;", i+1, p)
	}
	return b.String()
}

// With adds a field that is printed after the reason.
func (e *Error) With(key string, value any) *Error {
	e.Meta = e.Meta.Set(key, value)
	return e
}

// CausedBy sets the next error of the chain and gives the receiver back.
func (e *Error) CausedBy(cause *Error) *Error {
	e.Cause = cause
	return e
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Type + ": " + e.Reason + ": " + e.Cause.Error()
	}
	return e.Type + ": " + e.Reason
}

// Root follows the chain as long as it stays within the engine's own tree.
func (e *Error) Root() *Error {
	for !e.Foreign && e.Cause != nil && !e.Cause.Foreign {
		e = e.Cause
	}
	return e
}

// Body is the whole answer: {"error":{"root_cause":[…],…},"status":…}.
func (e *Error) Body() Object {
	roots := e.Roots
	if roots == nil {
		roots = []*Error{e.Root()}
	}
	list := make([]Object, 0, len(roots))
	for _, r := range roots {
		list = append(list, r.own())
	}
	inner := Obj("root_cause", list)
	inner = append(inner, e.Nested()...)
	return Obj("error", inner, "status", e.Status)
}

// Nested is the error with its causes as it stands inside other answers.
func (e *Error) Nested() Object {
	o := e.own()
	if e.Cause != nil {
		o = o.Set("caused_by", e.Cause.Nested())
	}
	var beside []Object
	for _, s := range e.Suppressed {
		beside = append(beside, s.Nested())
	}
	return o.SetIf(beside != nil, "suppressed", beside)
}

// own is the error without its causes.
func (e *Error) own() Object {
	var reason any = e.Reason
	if e.Reason == "" {
		reason = nil
	}
	return append(Obj("type", e.Type, "reason", reason), e.Meta...)
}

// Java is the chain as Java's toString prints it, the form in which failures
// of shards and nodes are quoted inside other texts: A[…]; nested: B[…];
func (e *Error) Java() string {
	parts := strings.Split(e.Type, "_")
	for i, p := range parts {
		if p != "" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	s := strings.Join(parts, "") + "[" + e.Reason + "];"
	if e.Cause != nil {
		s += " nested: " + e.Cause.Java()
	}
	return s
}
