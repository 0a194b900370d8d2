package memory

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"snapferry/awsx/sandbox/memory/security"
	"snapferry/awsx/sandbox/memory/wire"
)

// call is a request on its way through a handler.
type call struct {
	http  *http.Request
	ctx   context.Context
	query url.Values
	vars  map[string]string
	body  []byte
	// user is who calls, nil where there is no access control.
	user *security.User
	// waited says that the lock was given up while waiting, so that what was
	// read before may have changed.
	waited bool
}

// reply is a handler's answer. The zero status means 200.
type reply struct {
	status int
	body   any
	// text replaces body where the answer is plain text.
	text  string
	plain bool
	// challenge asks for a name and a password.
	challenge string
}

// ok is a 200 with a body.
func ok(body any) (reply, *wire.Error) { return reply{body: body}, nil }

// acknowledged is the answer to most changes.
func acknowledged() (reply, *wire.Error) { return ok(wire.Obj("acknowledged", true)) }

// flag reads a boolean parameter. A parameter without value is true.
func (r *call) flag(name string, otherwise bool) (bool, *wire.Error) {
	if !r.query.Has(name) {
		return otherwise, nil
	}
	switch v := r.query.Get(name); v {
	case "", "true":
		return true, nil
	case "false":
		return false, nil
	default:
		return false, wire.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", v)
	}
}

// on is flag for handlers that need no error of it: nonsense counts as false.
func (r *call) on(name string) bool {
	v, err := r.flag(name, false)
	return err == nil && v
}

// number reads a parameter that is a whole number.
func (r *call) number(name string, otherwise int) (int, *wire.Error) {
	v := r.query.Get(name)
	if v == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, wire.IllegalArgument("Failed to parse int parameter [%s] with value [%s]", name, v).
			CausedBy(wire.NewForeign(400, "number_format_exception", "For input string: %q", v))
	}
	return n, nil
}

// span reads a time such as 30s or 1m.
func (r *call) span(name string, otherwise time.Duration) (time.Duration, *wire.Error) {
	v := r.query.Get(name)
	if v == "" {
		return otherwise, nil
	}
	d, ok := parseSpan(v)
	if !ok {
		return 0, wire.IllegalArgument("failed to parse setting [%s] with value [%s] as a time value: unit is missing or unrecognized", name, v)
	}
	return d, nil
}

// parseSpan reads the engine's time values: a number and a unit, or -1 and 0
// without one.
func parseSpan(v string) (time.Duration, bool) {
	for _, u := range []struct {
		suffix string
		unit   time.Duration
	}{{"nanos", 1}, {"micros", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}} {
		if n, err := strconv.ParseFloat(strings.TrimSuffix(v, u.suffix), 64); err == nil && strings.HasSuffix(v, u.suffix) {
			return time.Duration(n * float64(u.unit)), true
		}
	}
	return 0, v == "-1" || v == "0"
}

// decode reads the body as one JSON value; an empty body leaves v alone, and what
// comes after the value is not looked at.
func (r *call) decode(v any) *wire.Error {
	if len(bytes.TrimSpace(r.body)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return malformed(err)
	}
	return nil
}

// malformed is the engine's answer to a body that is no JSON; its parser names
// the place, which ours does differently.
func malformed(err error) *wire.Error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return wire.NewForeign(400, "json_e_o_f_exception", "Unexpected end-of-input: expected close marker for Object")
	}
	return wire.NewForeign(400, "json_parse_exception", "%s", err)
}

// object reads the body as a JSON object.
func (r *call) object() (object, *wire.Error) {
	o := object{}
	return o, r.decode(&o)
}
