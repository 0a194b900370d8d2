package wire_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/sigv4"
	"snapferry/awsx/sandbox/wire"
)

// TestTarget is the JSON protocol from the outside: how operations are found and
// what every kind of error looks like.
func TestTarget(t *testing.T) {
	f := fixture.New(t)
	key, secret := f.User(fixture.Source, "ann")
	service := wire.Target{
		Verifier: sigv4.Verifier{Service: "kms", Region: fixture.Region, Tolerance: time.Minute, Now: f.Clock.Now, Lookup: f.Gate.Key},
		Prefix:   "Svc.",
		Operations: map[string]wire.TargetOperation{
			"Echo": {Mutates: true, Run: func(in *wire.TargetInput) (any, error) {
				var body struct{ Say string }
				err := in.Into(&body)
				return map[string]string{"Said": body.Say, "By": in.Caller.Name(), "Region": in.Facts["aws:RequestedRegion"][0]}, err
			}},
			"Silent": {Run: func(*wire.TargetInput) (any, error) { return nil, nil }},
			"Refuse": {Run: func(*wire.TargetInput) (any, error) { return nil, wire.NewFault(403, "AccessDenied", "no") }},
			"Break":  {Run: func(*wire.TargetInput) (any, error) { return nil, errors.New("broken") }},
			"Odd":    {Run: func(*wire.TargetInput) (any, error) { return func() {}, nil }},
		},
	}
	for name, tc := range map[string]struct {
		method, target, body, key string
		status                    int
		want                      string
	}{
		"answered":          {"POST", "Svc.Echo", `{"Say":"a"}`, key, 200, `{"By":"arn:aws:iam::111111111111:user/ann","Region":"eu-west-1","Said":"a"}`},
		"nothing to say":    {"POST", "Svc.Silent", `{}`, key, 200, ""},
		"no JSON":           {"POST", "Svc.Echo", `{`, key, 400, `{"__type":"SerializationException","message":"Unexpected JSON: unexpected end of JSON input"}`},
		"unknown operation": {"POST", "Svc.None", `{}`, key, 400, `{"__type":"UnknownOperationException"}`},
		"another service":   {"POST", "Other.Echo", `{}`, key, 400, `{"__type":"UnknownOperationException"}`},
		"no operation":      {"POST", "", `{}`, key, 400, `{"__type":"UnknownOperationException"}`},
		"another method":    {"GET", "Svc.Echo", "", key, 400, `{"__type":"UnknownOperationException"}`},
		"refused":           {"POST", "Svc.Refuse", `{}`, key, 400, `{"__type":"AccessDeniedException","message":"no"}`},
		"broken":            {"POST", "Svc.Break", `{}`, key, 500, `{"__type":"InternalFailure","message":"broken"}`},
		"no JSON to say":    {"POST", "Svc.Odd", `{}`, key, 500, "json: unsupported type: func()\n"},
		"key of nobody":     {"POST", "Svc.Echo", `{}`, "AKIANOBODY", 400, `{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}`},
		"not signed":        {"POST", "Svc.Echo", `{}`, "", 400, `{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`},
	} {
		r := httptest.NewRequest(tc.method, "https://kms.eu-west-1.amazonaws.com/", strings.NewReader(tc.body))
		r.Header.Set("X-Amz-Target", tc.target)
		if tc.key != "" {
			sum := sha256.Sum256([]byte(tc.body))
			err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: tc.key, SecretAccessKey: secret}, r, hex.EncodeToString(sum[:]), "kms", "eu-west-1", f.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
		}
		w := httptest.NewRecorder()
		service.ServeHTTP(w, r)
		if w.Code != tc.status || w.Body.String() != tc.want {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if w.Code == http.StatusOK && w.Header().Get("Content-Type") != "application/x-amz-json-1.1" {
			t.Errorf("%s: %s", name, w.Header().Get("Content-Type"))
		}
	}
}
