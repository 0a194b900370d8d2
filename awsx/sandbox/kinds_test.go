package sandbox_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
)

// openAs starts a sandbox with options of its own.
func openAs(t *testing.T, o sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	o.Pace = sandbox.PaceInstant
	s, err := sandbox.Open(context.Background(), o)
	must(t, err)
	t.Cleanup(func() { shut(t, s) })
	return s
}

// unsigned asks a domain without a signature, with a password if there is one.
func unsigned(t *testing.T, rt http.RoundTripper, d sandbox.DomainInfo, user, password, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, "https://"+d.Endpoint+path, strings.NewReader(body))
	must(t, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if user != "" {
		req.SetBasicAuth(user, password)
	}
	return answerOf(t, rt, req)
}

// TestControlPlaneTellsTheKind is all that somebody outside can learn of a
// domain's access: never who the master is.
func TestControlPlaneTellsTheKind(t *testing.T) {
	for kind, want := range map[sandbox.AccessKind]struct {
		enabled, internal bool
		principal         string
	}{
		sandbox.AccessIAMMaster:      {true, false, "arn:aws:iam::111111111111:root"},
		sandbox.AccessInternalMaster: {true, true, "*"},
		sandbox.AccessPolicy:         {false, false, "arn:aws:iam::111111111111:root"},
		sandbox.AccessOpen:           {false, false, "*"},
	} {
		s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": kind}})
		admin, d := labelled(t, s.Info(), "source", "source")
		out, err := clientsOf(admin, s.Transport()).opensearch.DescribeDomain(context.Background(), &opensearch.DescribeDomainInput{DomainName: aws.String("logs-prod")})
		must(t, err)
		o := out.DomainStatus.AdvancedSecurityOptions
		if *o.Enabled != want.enabled || *o.InternalUserDatabaseEnabled != want.internal || *o.AnonymousAuthEnabled {
			t.Errorf("%s: %v, %v", kind, *o.Enabled, *o.InternalUserDatabaseEnabled)
		}
		if !strings.Contains(*out.DomainStatus.AccessPolicies, `"Principal":{"AWS":"`+want.principal+`"}`) {
			t.Errorf("%s: %s", kind, *out.DomainStatus.AccessPolicies)
		}
		if d.Access != kind || (d.Master != "") != want.enabled || (d.MasterPassword != "") != want.internal {
			t.Errorf("%s: %+v", kind, d)
		}
		if kind == sandbox.AccessIAMMaster && d.Master != "arn:aws:iam::111111111111:user/admin" {
			t.Errorf("the master is %s", d.Master)
		}
	}
}

// TestKindsOutliveTheProcess: a world is of the kinds it was made with.
func TestKindsOutliveTheProcess(t *testing.T) {
	o := sandbox.Options{
		Dir: t.TempDir(), Access: map[string]sandbox.AccessKind{"source": sandbox.AccessOpen, "target": sandbox.AccessInternalMaster},
		Versions: map[string]awsid.EngineVersion{"source": {Family: awsid.Elasticsearch, Major: 7, Minor: 10, Patch: 2}},
	}
	s := openAs(t, o)
	before := s.Info().Domains
	shut(t, s)
	s = openAs(t, sandbox.Options{Dir: o.Dir})
	for i, d := range s.Info().Domains {
		if d != before[i] {
			t.Errorf("%+v was %+v", d, before[i])
		}
	}
	if before[0].Version.String() != "Elasticsearch_7.10.2" && before[0].Version.Number() != "7.10.2" {
		t.Errorf("the source is %s", before[0].Version)
	}
	shut(t, s)
	o.Access["source"], o.Pace = sandbox.AccessPolicy, sandbox.PaceInstant
	if s, err := sandbox.Open(context.Background(), o); err == nil {
		shut(t, s)
		t.Error("a domain has become another one")
	} else if !strings.Contains(err.Error(), "the domain source of the sandbox in "+o.Dir+" is open, not policy") {
		t.Error(err)
	}
}

// TestOpenDomainsTakeEverybody: signed or not, and with a password that nobody
// asked for.
func TestOpenDomainsTakeEverybody(t *testing.T) {
	s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessOpen}})
	admin, d := labelled(t, s.Info(), "source", "source")
	if status, body := unsigned(t, s.Transport(), d, "", "", "GET", "/_cat/indices", ""); status != 200 {
		t.Errorf("unsigned: %d %s", status, body)
	}
	if status, body := unsigned(t, s.Transport(), d, "somebody", "else", "GET", "/", ""); status != 200 {
		t.Errorf("with a password: %d %s", status, body)
	}
	if status, body := call(t, s.Transport(), admin, d.Endpoint, "GET", "/", ""); status != 200 {
		t.Errorf("signed: %d %s", status, body)
	}
	// S3 is reached with a role, and only an IAM identity can pass one.
	status, body := unsigned(t, s.Transport(), d, "", "", "PUT", "/_snapshot/mig", register)
	if want := `{"Message":"User: anonymous is not authorized to perform: iam:PassRole on resource: ` + roleARN + `"}`; status != 403 || body != want {
		t.Errorf("registering unsigned: %d %s", status, body)
	}
	if status, body := unsigned(t, s.Transport(), d, "", "", "GET", "/_plugins/_security/authinfo", ""); status != 401 || !strings.Contains(body, "is not allowed by Amazon Elasticsearch Service") {
		t.Errorf("the security API of a domain without it: %d %s", status, body)
	}
}
