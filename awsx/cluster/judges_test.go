//go:build judges

package cluster_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/failure"
)

// TestCurlLineIsEqual gives lines that any curl signs rightly (CurlSince 7.75)
// as they are printed to a shell and the curl of this machine, and wants the
// answer our own request gets: with lasting keys, where AWS_SESSION_TOKEN is not
// set, and with temporary ones.
func TestCurlLineIsEqual(t *testing.T) {
	r := open(t)
	c := r.domain("source")
	r.do(c, "PUT", "/curl-judge", `{"settings":{"index":{"number_of_shards":2}}}`)
	r.do(c, "POST", "/curl-judge/_bulk", "{\"index\":{\"_id\":\"1\"}}\n{\"t\":\"é\"}\n")
	r.must(c.Refresh(ctx, []string{"curl-judge"}))
	info := r.world.Info()
	for name, key := range map[string][]string{"lasting": lasting(r), "temporary": temporary(r)} {
		for _, call := range []struct{ method, target, body string }{
			{"GET", "/", ""},
			{"GET", "/_cat/indices?v&h=index,docs.count&format=json&s=index:desc", ""},
			{"GET", "/curl-judge/_count", ""},
			{"GET", "/curl-judge/_search?preference=_shards:1", `{"size":2,"sort":[{"_seq_no":"asc"}],"query":{"match":{"t":"é"}}}`},
			{"PUT", "/curl-judge/_settings", `{"index":{"number_of_replicas":"1"}}`},
			{"POST", "/_bulk", "{\"index\":{\"_index\":\"it's\",\"_id\":\"1\"}}\n{\"a\":1}\n"},
			{"HEAD", "/curl-judge", ""},
			{"DELETE", "/curl-judge/_doc/never", ""},
		} {
			t.Run(name+" "+call.method+" "+call.target, func(t *testing.T) {
				req, err := c.Request(call.method, call.target, []byte(call.body))
				if err != nil {
					t.Fatal(err)
				}
				if req.CurlSince() != "7.75" {
					t.Fatalf("%s needs curl %s", call.target, req.CurlSince())
				}
				out := shell(t, req.Curl(), append(key, "HTTPS_PROXY="+info.Proxy, "CURL_CA_BUNDLE="+info.CAFile))
				if f := failure.Parse(0, []byte(out)); f.Front == failure.FrontService {
					t.Fatalf("%s\nwas refused: %s", req.Curl(), out)
				}
				if call.method == "HEAD" && !strings.Contains(out, " 200") {
					t.Errorf("%s answered %s", req.Curl(), out)
				}
				if call.method != "GET" {
					return
				}
				own, err := c.Send(ctx, req)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(decoded(t, string(own.Body)), decoded(t, out)); d != "" {
					t.Errorf("%s\n%s", req.Curl(), d)
				}
			})
		}
	}
}

func lasting(r *road) []string {
	keys := r.session.Identity().Base.Keys
	return []string{"AWS_ACCESS_KEY_ID=" + keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + keys.Secret.Reveal()}
}

// temporary assumes a role that may do what the administrator may.
func temporary(r *road) []string {
	s := r.assumed()
	creds, err := s.Credentials().Retrieve(ctx)
	r.must(err)
	return []string{"AWS_ACCESS_KEY_ID=" + creds.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + creds.SecretAccessKey, "AWS_SESSION_TOKEN=" + creds.SessionToken}
}

func shell(t *testing.T, line string, env []string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60e9)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Env = append(env, "PATH="+os.Getenv("PATH"), "HOME="+t.TempDir())
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s\n%v: %s", line, err, errs.String())
	}
	return string(out)
}

// decoded drops what is never the same twice.
func decoded(t *testing.T, body string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if m, ok := v.(map[string]any); ok {
		delete(m, "took")
	}
	return v
}
