package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/fixture"
)

// node pretends to be a node of 3.4.0 and remembers what was registered.
func node(t *testing.T, settings string, s3 bool) (url string, registered *string) {
	t.Helper()
	registered = new(string)
	plugins := "[]"
	if s3 {
		plugins = `[{"name":"repository-s3"}]`
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			_, _ = io.WriteString(w, `{"version":{"distribution":"opensearch","number":"3.4.0"}}`)
		case strings.HasPrefix(r.URL.Path, "/_nodes/"):
			_, _ = io.WriteString(w, `{"nodes":{"n":{"settings":`+settings+`,"plugins":`+plugins+`}}}`)
		case r.Method == http.MethodPut:
			b, _ := io.ReadAll(r.Body)
			*registered = string(b)
			_, _ = io.WriteString(w, `{"acknowledged":true}`)
		default:
			_, _ = io.WriteString(w, `{"node":true}`)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL, registered
}

func TestNodeWithOurS3Clients(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	admin, d := labelled(t, s.Info(), "source", "source")
	url, registered := node(t, `{"s3.client.slot1.endpoint":"x"}`, true)
	must(t, s.UseNode(context.Background(), "source", url, nil))
	if _, now := labelled(t, s.Info(), "source", "source"); now.Backend != url {
		t.Errorf("%+v", now)
	}
	if joined, err := sandbox.Join(dir); err != nil || joined.Domains[0].Backend != url {
		t.Errorf("%+v, %v", joined.Domains, err)
	}
	if status, body := call(t, s.Transport(), admin, d.Endpoint, "GET", "/_cluster/health", ""); status != 200 || body != `{"node":true}` {
		t.Fatalf("%d %s", status, body)
	}
	c := clientsOf(admin, s.Transport())
	prepare(t, c, fixture.Trusting("Service", "es.amazonaws.com", ""))
	if status, body := call(t, s.Transport(), admin, d.Endpoint, "PUT", "/_snapshot/mig", register); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	var got struct {
		Type     string
		Settings map[string]any
	}
	must(t, json.Unmarshal([]byte(*registered), &got))
	if got.Type != "s3" || got.Settings["client"] != "slot1" || got.Settings["role_arn"] != nil {
		t.Errorf("the node was told %s", *registered)
	}

	// What the node signs with the slot's keys is the role, as it is now.
	slots, err := s.Slots("source")
	must(t, err)
	if len(slots) < 2 || slots[0].Client != "slot1" {
		t.Fatalf("%+v", slots)
	}
	put := func(slot sandbox.Slot) error {
		as := clientsOf(sandbox.Account{AccessKey: slot.AccessKey, Secret: slot.Secret}, s.Transport())
		_, err := as.s3.PutObject(context.Background(), &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String("k"), Body: strings.NewReader("v")})
		return err
	}
	must(t, put(slots[0]))
	if put(slots[1]) == nil {
		t.Error("a slot that is bound to nobody may write")
	}
	_, err = c.iam.UpdateAssumeRolePolicy(context.Background(), &iam.UpdateAssumeRolePolicyInput{
		RoleName: aws.String(roleName), PolicyDocument: aws.String(fixture.Trusting("Service", "ec2.amazonaws.com", "")),
	})
	must(t, err)
	if put(slots[0]) == nil {
		t.Error("a slot outlives the trust of its role")
	}
}

func TestNodeThatReachesBucketsAsFolders(t *testing.T) {
	s := open(t, t.TempDir())
	admin, d := labelled(t, s.Info(), "target", "target")
	root, err := json.Marshal(s.StoreRoot())
	must(t, err)
	url, _ := node(t, `{"path.repo":[`+string(root)+`]}`, true)
	must(t, s.UseNode(context.Background(), "target", url, nil))
	if status, body := call(t, s.Transport(), admin, d.Endpoint, "GET", "/x", ""); status != 200 || body != `{"node":true}` {
		t.Errorf("%d %s", status, body)
	}
	other, _ := node(t, `{}`, true)
	if err := s.UseNode(context.Background(), "target", other, nil); err == nil || !strings.Contains(err.Error(), "path.repo") {
		t.Errorf("a node that reaches no bucket: %v", err)
	}
	if err := s.UseNode(context.Background(), "elsewhere", url, nil); err == nil {
		t.Error("an unknown domain was given a node")
	}
	if _, err := s.Slots("elsewhere"); err == nil {
		t.Error("an unknown domain has slots")
	}
}

func TestUpstreamByOption(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	root, err := json.Marshal(s.StoreRoot())
	must(t, err)
	shut(t, s)
	url, _ := node(t, `{"path.repo":[`+string(root)+`]}`, false)
	s, err = sandbox.Open(context.Background(), sandbox.Options{Dir: dir, Upstream: map[string]string{"source": url}})
	must(t, err)
	if _, d := labelled(t, s.Info(), "source", "source"); d.Backend != url || d.Version.Number() != "3.4.0" {
		t.Errorf("%+v", d)
	}
	shut(t, s)
	if _, d := labelled(t, open(t, dir).Info(), "source", "source"); d.Backend != "memory" || d.Version.Number() != "2.19.4" {
		t.Errorf("without the node: %+v", d)
	}
}
