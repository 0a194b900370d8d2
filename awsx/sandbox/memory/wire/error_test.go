package wire_test

import (
	"encoding/json"
	"testing"

	"snapferry/awsx/sandbox/memory/wire"
)

func body(t *testing.T, v any) string {
	t.Helper()
	b, err := wire.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestErrorBodies(t *testing.T) {
	denied := func() *wire.Error { return wire.NewForeign(500, "s3_exception", "Access Denied") }
	upload := func() *wire.Error {
		return wire.NewForeign(500, "i_o_exception", "Unable to upload").CausedBy(denied())
	}
	for name, tc := range map[string]struct {
		err  *wire.Error
		want string
	}{
		"plain": {
			wire.New(404, "repository_missing_exception", "[%s] missing", "r"),
			`{"error":{"root_cause":[{"type":"repository_missing_exception","reason":"[r] missing"}],"type":"repository_missing_exception","reason":"[r] missing"},"status":404}`,
		},
		"details come after the reason, in the root cause too": {
			wire.New(404, "index_not_found_exception", "no such index [a]").With("index", "a"),
			`{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index [a]","index":"a"}],"type":"index_not_found_exception","reason":"no such index [a]","index":"a"},"status":404}`,
		},
		"the root cause stops before foreign exceptions": {
			wire.New(500, "repository_verification_exception", "[r] path").CausedBy(upload()),
			`{"error":{"root_cause":[{"type":"repository_verification_exception","reason":"[r] path"}],"type":"repository_verification_exception","reason":"[r] path",` +
				`"caused_by":{"type":"i_o_exception","reason":"Unable to upload","caused_by":{"type":"s3_exception","reason":"Access Denied"}}},"status":500}`,
		},
		"the root cause goes down the engine's own": {
			wire.New(500, "a", "outer").CausedBy(wire.New(400, "b", "inner")),
			`{"error":{"root_cause":[{"type":"b","reason":"inner"}],"type":"a","reason":"outer","caused_by":{"type":"b","reason":"inner"}},"status":500}`,
		},
		"a foreign outermost is its own root": {
			wire.IllegalArgument("no").CausedBy(wire.New(400, "b", "inner")),
			`{"error":{"root_cause":[{"type":"illegal_argument_exception","reason":"no"}],"type":"illegal_argument_exception","reason":"no","caused_by":{"type":"b","reason":"inner"}},"status":400}`,
		},
		"roots can be given": {
			&wire.Error{Status: 503, Type: "x", Reason: "all", Roots: []*wire.Error{}},
			`{"error":{"root_cause":[],"type":"x","reason":"all"},"status":503}`,
		},
		"suppressed": {
			&wire.Error{Status: 500, Type: "x", Reason: "one", Suppressed: []*wire.Error{denied()}},
			`{"error":{"root_cause":[{"type":"x","reason":"one"}],"type":"x","reason":"one","suppressed":[{"type":"s3_exception","reason":"Access Denied"}]},"status":500}`,
		},
		"validations are counted": {
			wire.Validation("first", "second"),
			`{"error":{"root_cause":[{"type":"validation_exception","reason":"Validation Failed: 1: first;2: second;"}],"type":"validation_exception","reason":"Validation Failed: 1: first;2: second;"},"status":400}`,
		},
		"a request's own validation": {
			wire.Invalid("type is missing"),
			`{"error":{"root_cause":[{"type":"action_request_validation_exception","reason":"Validation Failed: 1: type is missing;"}],"type":"action_request_validation_exception","reason":"Validation Failed: 1: type is missing;"},"status":400}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := body(t, tc.err.Body()); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestJavaText(t *testing.T) {
	for _, tc := range []struct {
		err  *wire.Error
		want string
	}{
		{wire.NewForeign(500, "s3_exception", "no"), "S3Exception[no];"},
		{wire.NewForeign(500, "i_o_exception", "a").CausedBy(wire.NewForeign(500, "amazon_s3_exception", "b")), "IOException[a]; nested: AmazonS3Exception[b];"},
		{wire.New(500, "repository_verification_exception", "[r] x").CausedBy(wire.NewForeign(500, "no_such_file_exception", "y")), "RepositoryVerificationException[[r] x]; nested: NoSuchFileException[y];"},
		{wire.NewForeign(500, "a_w_s_security_token_service_exception", "z"), "AWSSecurityTokenServiceException[z];"},
	} {
		if got := tc.err.Java(); got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
	}
}

func TestErrorIsAGoError(t *testing.T) {
	var err error = wire.New(500, "a", "outer").CausedBy(wire.New(400, "b", "inner"))
	if got := err.Error(); got != "a: outer: b: inner" {
		t.Error(got)
	}
}

func TestObjectsKeepTheirOrder(t *testing.T) {
	o := wire.Obj("z", 1, "a", wire.Obj("b", nil)).SetIf(false, "no", 1).SetIf(true, "yes", []string{"<&>"}).Set("n", json.Number("1.0"))
	if got, want := body(t, o), `{"z":1,"a":{"b":null},"yes":["<&>"],"n":1.0}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := body(t, wire.Object{}); got != "{}" {
		t.Errorf("an empty object is %s", got)
	}
	if _, err := wire.Encode(wire.Obj("f", func() {})); err == nil {
		t.Error("a function was encoded")
	}
}

func TestOddPairsPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	var pairs []any
	for _, p := range []string{"a", "1", "b"} {
		pairs = append(pairs, p)
	}
	wire.Obj(pairs...)
}
