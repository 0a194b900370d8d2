package account_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
)

// script answers what the embedded AWS has no occasion to: shapes as AWS's API
// references show them. A call is "Action" for the query APIs, the target's last
// part for JSON ones, else "METHOD host/path?query".
type script struct {
	t       *testing.T
	answers map[string]reply
	asked   []string
	forms   []url.Values
	bodies  []string
	headers []http.Header
}

type reply struct {
	status int
	body   string
	region string // x-amz-bucket-region
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	form, _ := url.ParseQuery(string(body))
	call := r.Method + " " + r.URL.Host + strings.TrimSuffix(r.URL.RequestURI(), "=")
	if a := form.Get("Action"); a != "" {
		call = a
		if m := form.Get("Marker"); m != "" {
			call += " after " + m
		}
	} else if target := r.Header.Get("X-Amz-Target"); target != "" {
		call = target[strings.LastIndexByte(target, '.')+1:]
	}
	if owner := r.Header.Get("X-Amz-Expected-Bucket-Owner"); owner != "" {
		call += " of " + owner
	}
	s.asked, s.forms = append(s.asked, call), append(s.forms, form)
	s.bodies, s.headers = append(s.bodies, string(body)), append(s.headers, r.Header)
	a, known := s.answers[call]
	if !known {
		s.t.Errorf("unexpected call %s", call)
		a = reply{status: 418}
	}
	h := http.Header{}
	if a.region != "" {
		h.Set("X-Amz-Bucket-Region", a.region)
	}
	out := a.body
	if r.Method == http.MethodHead {
		out = ""
	}
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(strings.NewReader(out)), Request: r}, nil
}

func scripted(t *testing.T, answers map[string]reply) (*account.Account, *script) {
	t.Helper()
	s := &script{t: t, answers: answers}
	id := session.Identity{Base: session.Base{Kind: session.BaseKeys, Keys: session.Keys{AccessKeyID: "AKIA1", Secret: session.NewSecret("s")}}}
	sess, err := session.Open(ctx, network.New(network.Options{Isolated: true, RoundTripper: s}), id, "eu-west-1", session.Options{Isolated: true})
	if err != nil {
		t.Fatal(err)
	}
	return account.New(sess), s
}

func queryAnswer(action, result string) reply {
	return reply{status: 200, body: "<" + action + "Response><" + action + "Result>" + result + "</" + action + "Result></" + action + "Response>"}
}

func queryError(status int, code string) reply {
	return reply{status: status, body: "<ErrorResponse><Error><Code>" + code + "</Code><Message>no</Message></Error></ErrorResponse>"}
}

func s3Error(status int, code string) reply {
	return reply{status: status, body: "<Error><Code>" + code + "</Code><Message>no</Message></Error>"}
}

var caller = queryAnswer("GetCallerIdentity", "<Arn>arn:aws:iam::111111111111:user/a</Arn><UserId>AIDA</UserId><Account>111111111111</Account>")
