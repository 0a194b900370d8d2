package front_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/world"
)

// check compares an answer in the service's own shape and looks whether the
// engine was asked, which a refusal must prevent.
func (l *lab) check(t *testing.T, q request, status int, body string) {
	t.Helper()
	gotStatus, gotBody := l.do(q)
	if gotStatus != status || gotBody != body {
		t.Errorf("%s %s\ngot  %d %s\nwant %d %s", q.method, q.path, gotStatus, gotBody, status, body)
	}
	if reached := l.engine.request != nil; reached != (status == 200) {
		t.Errorf("%s %s: the engine was reached: %v", q.method, q.path, reached)
	}
}

// TestSignatureRefusals have a small m.
func TestSignatureRefusals(t *testing.T) {
	l := newLab(t)
	good := l.signed(fixture.Admin)
	arn := l.Role(fixture.Source, "/", "ops", fixture.Trusting("AWS", "111111111111", ""), fixture.Admin)
	var session request
	l.Write(func(s *world.State) {
		a, r := s.RoleByARN(arn)
		given := s.NewSession(a, r, "me", l.Clock.Now().Add(-2*time.Hour), time.Hour, nil)
		session = request{path: "/", key: given.Key, secret: given.Secret, token: given.Token}
	})
	const mismatch = `{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}`
	const invalid = `{"message":"The security token included in the request is invalid."}`
	with := func(change func(*request)) request { q := good; change(&q); return q }
	for name, tc := range map[string]struct {
		ask  request
		body string
	}{
		"wrong secret": {with(func(q *request) { q.secret = "x" }), mismatch},
		"path changed": {with(func(q *request) {
			q.change = func(r *http.Request) { r.URL.Path, r.RequestURI = "/_cat/indices", "/_cat/indices" }
		}), mismatch},
		"host changed":      {with(func(q *request) { q.change = func(r *http.Request) { r.Host = "localhost:9200" } }), mismatch},
		"body changed":      {with(func(q *request) { q.change = func(r *http.Request) { r.Body = reader("other") } }), mismatch},
		"unknown key":       {with(func(q *request) { q.key = "AKIANOBODY" }), invalid},
		"token left out":    {request{path: "/", key: session.key, secret: session.secret}, invalid},
		"session has ended": {session, `{"message":"The security token included in the request is expired"}`},
		"slow clock":        {with(func(q *request) { q.skew = -6 * time.Minute }), `{"message":"Signature expired: 20261122T095400Z is now earlier than 20261122T095500Z (20261122T100000Z - 5 min.)"}`},
		"fast clock":        {with(func(q *request) { q.skew = 6 * time.Minute }), `{"message":"Signature not yet current: 20261122T100600Z is still later than 20261122T100500Z (20261122T100000Z + 5 min.)"}`},
	} {
		t.Run(name, func(t *testing.T) { l.check(t, tc.ask, 403, tc.body) })
	}
	l.check(t, good, 200, "engine")
}

// TestPolicyRefusals have a capital M.
func TestPolicyRefusals(t *testing.T) {
	l := newLab(t)
	otherPolicy := strings.Replace(accountPolicy, "arn:aws:iam::111111111111:root", "arn:aws:iam::333333333333:root", 1)
	const ann = "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: "
	for name, tc := range map[string]struct {
		access   string
		policies []string
		foreign  bool
		unsigned bool
		method   string
		want     string
	}{
		"allowed by identity":                   {access: accountPolicy, policies: []string{fixture.Allow("es:ESHttpGet", every)}},
		"method forgotten":                      {access: accountPolicy, policies: []string{fixture.Allow("es:ESHttpGet", every)}, method: "POST", want: ann + "es:ESHttpPost because no identity-based policy allows the es:ESHttpPost action"},
		"resource without the star":             {access: accountPolicy, policies: []string{fixture.Allow("es:*", domain)}, want: ann + "es:ESHttpGet because no identity-based policy allows the es:ESHttpGet action"},
		"explicit deny":                         {access: accountPolicy, policies: []string{fixture.Admin, fixture.Deny("es:ESHttpPut", "*")}, method: "PUT", want: ann + "es:ESHttpPut with an explicit deny in an identity-based policy"},
		"denied by the domain":                  {access: strings.Replace(openPolicy, `"Allow"`, `"Deny"`, 1), policies: []string{fixture.Admin}, want: ann + "es:ESHttpGet with an explicit deny in a resource-based policy"},
		"open domain, silent user":              {access: openPolicy},
		"domain without policy":                 {policies: []string{fixture.Admin}},
		"other principals, but allowed at home": {access: otherPolicy, policies: []string{fixture.Admin}},
		"other account on both sides":           {access: strings.Replace(accountPolicy, "111111111111:root", "222222222222:root", 1), policies: []string{fixture.Admin}, foreign: true},
		"other account, domain silent":          {access: accountPolicy, policies: []string{fixture.Admin}, foreign: true, want: "User: arn:aws:iam::222222222222:user/ann is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action"},
		"unsigned":                              {access: accountPolicy, unsigned: true, want: "User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action"},
		"unsigned, put":                         {access: accountPolicy, unsigned: true, method: "PUT", want: "User: anonymous is not authorized to perform: es:ESHttpPut because no resource-based policy allows the es:ESHttpPut action"},
		"unsigned on an open domain":            {access: openPolicy, unsigned: true},
		"address let in":                        {access: byAddress("127.0.0.1/32"), unsigned: true, want: "User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action"},
		"address of the caller let in":          {access: byAddress("192.0.2.0/24"), unsigned: true},
	} {
		t.Run(name, func(t *testing.T) {
			l.domain(func(d *world.Domain) { d.AccessPolicy = tc.access })
			account := fixture.Source
			if tc.foreign {
				account = fixture.Target
			}
			q := request{method: tc.method, path: "/_cat/indices"}
			if q.key, q.secret = l.User(account, "ann", tc.policies...); tc.unsigned {
				q.key = ""
			}
			if tc.want == "" {
				l.check(t, q, 200, "engine")
				return
			}
			l.check(t, q, 403, `{"Message":"`+tc.want+`"}`)
		})
	}
}

// byAddress is an access policy for unsigned callers from an address; the test
// requests come from 192.0.2.1.
func byAddress(cidr string) string {
	return strings.Replace(openPolicy, `"Action"`, `"Condition":{"IpAddress":{"aws:SourceIp":"`+cidr+`"}},"Action"`, 1)
}

func TestClosedDoors(t *testing.T) {
	l := newLab(t)
	l.domain(func(d *world.Domain) { d.AccessPolicy = openPolicy })
	for _, tc := range []struct {
		method, path, body string
		closed             bool
	}{
		{"GET", "/", "", false},
		{"GET", "/_cat/indices?v=true", "", false},
		{"GET", "/_cat/nodeattrs", "", true},
		{"POST", "/_cluster/reroute", "{}", true},
		{"GET", "/_cluster/health", "", false},
		{"GET", "/_cluster/allocation/explain", "", false},
		{"POST", "/_nodes/reload_secure_settings", "", true},
		{"GET", "/_nodes/stats", "", false},
		{"POST", "/_shutdown", "", true},
		{"GET", "/_dangling", "", true},
		{"PUT", "/_snapshot/r/s", "{}", false},
		{"PUT", "/logs/_doc/1", "{}", false},
		{"POST", "/logs/_close", "", false},
		{"GET", "/_plugins/_security/authinfo", "", true},
		{"GET", "/_opendistro/_security/api/account", "", true},
		{"GET", "//_cluster//reroute", "", true},
		{"PUT", "/_cluster/settings", `{"persistent":{"cluster.max_shards_per_node":"2000"}}`, false},
		{"PUT", "/_cluster/settings", `{"transient":{"cluster":{"routing":{"allocation":{"enable":"none"}}}}}`, true},
		{"PUT", "/_cluster/settings", `{"persistent":{"action":{"auto_create_index":"false"}}}`, false},
		{"GET", "/_cluster/settings", "", false},
		{"PUT", "/_cluster/settings", `{`, false},
	} {
		q := request{method: tc.method, path: tc.path, body: tc.body}
		if tc.closed {
			path, _, _ := strings.Cut(tc.path, "?")
			l.check(t, q, 401, `{"Message":"Your request: '`+path+`' is not allowed by Amazon Elasticsearch Service."}`)
			continue
		}
		l.check(t, q, 200, "engine")
		if l.engine.body != tc.body {
			t.Errorf("%s: the engine got %q", tc.path, l.engine.body)
		}
	}
	l.domain(func(d *world.Domain) { d.Security.Enabled = true })
	l.check(t, request{path: "/_plugins/_security/authinfo"}, 200, "engine")
	l.check(t, request{path: "/_plugins/_security/api/securityconfig"}, 401, `{"Message":"Your request: '/_plugins/_security/api/securityconfig' is not allowed by Amazon Elasticsearch Service."}`)
	l.domain(func(d *world.Domain) {
		d.Version = awsid.EngineVersion{Family: awsid.Elasticsearch, Major: 7, Minor: 1}
	})
	l.check(t, request{method: "POST", path: "/logs/_close"}, 401, `{"Message":"Your request: '/logs/_close' is not allowed by Amazon Elasticsearch Service."}`)
}
