package contract

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/backend"
)

func TestActing(t *testing.T) {
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := backend.IdentityFrom(r.Context())
		user, password, _ := r.BasicAuth()
		_, _ = fmt.Fprintf(w, "%s %v %v %v %s:%s", id.Name, id.BackendRoles, id.InternalUser, id.None, user, password)
	})
	for name, tc := range map[string]struct {
		actor Actor
		want  string
	}{
		"IAM":      {Actors["signer"], account + "role/signer [" + account + "role/signer] false false :"},
		"internal": {MasterInternal, "captain [] true false captain:" + MasterInternal.Password},
		"nobody":   {Actor{}, " [] false true :"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := Acting(echo)(tc.actor).Get("http://x/")
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if b, _ := io.ReadAll(resp.Body); string(b) != tc.want {
				t.Errorf("came as %s", b)
			}
		})
	}
}

// secured makes a runner's target one with actors, who are all the same here.
func secured(s *scripted, internal bool) runner {
	var passed time.Duration
	r := over(s, &passed)
	r.scenario.Internal = internal
	r.target.As = func(a Actor) *http.Client { return Acting(s)(a) }
	return r
}

// TestCleanSecurity: what a scenario made goes, what belongs to the plugin, to
// the service and to the master stays, and the security index is left alone.
func TestCleanSecurity(t *testing.T) {
	const api = "/_plugins/_security/api/"
	s := &scripted{answers: map[string][]string{
		"GET " + listOfIndices:         {`200 [{"index":"` + securityIndex + `"},{"index":"logs"}]`},
		"GET " + api + "rolesmapping":  {`200 {"all_access":{},"security_manager":{},"made":{},"kept":{"reserved":true}}`},
		"GET " + api + "roles":         {`200 {"all_access":{"static":true},"security_manager":{"reserved":true},"observer":{"reserved":false}}`},
		"GET " + api + "internalusers": {`200 {"captain":{},"crew":{}}`},
	}}
	secured(s, true).clean(t)
	var changed []string
	for i, call := range s.calls {
		if !strings.HasPrefix(call, "GET") {
			changed = append(changed, strings.TrimSpace(call+" "+s.bodies[i]))
		}
	}
	want := []string{
		"DELETE /logs",
		"DELETE " + api + "rolesmapping/made", "DELETE " + api + "roles/observer", "DELETE " + api + "internalusers/crew",
		"PUT " + api + `rolesmapping/all_access {"users":["captain"]}`, "PUT " + api + `rolesmapping/security_manager {"users":["captain"]}`,
	}
	if d := cmp.Diff(want, changed); d != "" {
		t.Error(d)
	}
}

func TestMasterMapping(t *testing.T) {
	for want, r := range map[string]runner{
		`{"users":["captain"]}`: secured(&scripted{}, true), `{"backend_roles":["` + account + `role/master"]}`: secured(&scripted{}, false),
	} {
		if got := string(r.master().mapping()); got != want {
			t.Errorf("mapped by %s, want %s", got, want)
		}
	}
}

// TestSecurityPathsOfOldEngines: Elasticsearch has the security API under its
// first name.
func TestSecurityPathsOfOldEngines(t *testing.T) {
	for version, want := range map[string]string{"7.10.2": "GET /_opendistro/_security/authinfo", "3.4.0": "GET /_plugins/_security/authinfo"} {
		s := &scripted{}
		r := secured(s, false)
		r.version = version
		r.sendAs(t, "signer", "GET "+security+"authinfo", "")
		if !slices.Equal(s.calls, []string{want}) {
			t.Errorf("%s: asked %v", version, s.calls)
		}
	}
}

func TestStatusLeftToTheRecord(t *testing.T) {
	l := &listener{}
	runner{version: "3.4.0"}.judge(l, Case{Status: asRecorded}, Answer{Status: 418})
	if l.said != nil {
		t.Errorf("said %v", l.said)
	}
}

// TestMarks: refusals demand the plugin's words, but of answers without a body.
func TestMarks(t *testing.T) {
	got := refused(Case{Call: "GET /x", Until: "a=b"}, Case{Call: "HEAD /x"}, Case{Call: "GET /y", Reason: "z"})
	want := []Case{
		{Call: "GET /x", Status: 403, Error: "security_exception", Reason: `^no permissions for \[`},
		{Call: "HEAD /x", Status: 403},
		{Call: "GET /y", Status: 403, Error: "security_exception", Reason: "z"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	named := as("signer", Case{Name: "a", Call: "GET /x"}, Case{Call: "GET /y"})
	if d := cmp.Diff([]Case{{Name: "signer-a", As: "signer", Call: "GET /x"}, {As: "signer", Call: "GET /y"}}, named); d != "" {
		t.Error(d)
	}
	for _, s := range SecurityScenarios() {
		for _, c := range s.Cases {
			if _, known := Actors[c.As]; c.As != "" && !known {
				t.Errorf("%s: nobody knows %q", s.Name, c.As)
			}
		}
	}
}
