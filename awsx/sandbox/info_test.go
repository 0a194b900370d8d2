package sandbox_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
)

// TestWhoAnswersWhere asks each host with a request that is not signed: the
// words tell the service.
func TestWhoAnswersWhere(t *testing.T) {
	s := open(t, t.TempDir())
	_, d := labelled(t, s.Info(), "source", "source")
	const (
		query   = "<Code>MissingAuthenticationToken</Code>"
		store   = "<Code>AccessDenied</Code>"
		json    = `{"message":"Missing Authentication Token"}`
		target  = `{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`
		domain  = `{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet`
		nowhere = ""
	)
	for host, want := range map[string]string{
		"sts.amazonaws.com": query, "sts.eu-west-1.amazonaws.com": query, "STS.EU-WEST-1.AMAZONAWS.COM:443": query, "iam.amazonaws.com": query,
		"kms.eu-west-1.amazonaws.com": target, "es.eu-west-1.amazonaws.com": json, "opensearch.ap-northeast-2.amazonaws.com": json,
		"s3.amazonaws.com": store, "s3.eu-west-1.amazonaws.com": store, "s3-eu-west-1.amazonaws.com": store, "s3.dualstack.eu-west-1.amazonaws.com": store,
		"127.0.0.1": store, "localhost:8443": store,
		d.Endpoint: domain, "logs-next.eu-west-1.es.amazonaws.com": domain,
		"logs-prod.eu-west-1.es.amazonaws.com": nowhere, "logs-next.us-east-1.es.amazonaws.com": nowhere, "search-x.eu-west-1.es.amazonaws.com": nowhere,
		"iam.eu-west-1.amazonaws.com": nowhere, "sts.eu-west-1.amazonaws.com.evil.example": nowhere,
		"evil-sts.amazonaws.com": nowhere, "amazonaws.com": nowhere, "": nowhere,
	} {
		req, err := http.NewRequest(http.MethodGet, "https://"+host+"/", nil)
		must(t, err)
		resp, err := s.Transport().RoundTrip(req)
		if want == nowhere {
			if err == nil {
				resp.Body.Close()
				t.Errorf("%q answered %s", host, resp.Status)
			}
			continue
		}
		must(t, err)
		body := make([]byte, 1024)
		n, _ := resp.Body.Read(body)
		resp.Body.Close()
		status := http.StatusForbidden
		if want == target {
			status = http.StatusBadRequest
		}
		if got := string(body[:n]); resp.StatusCode != status || !strings.Contains(got, want) {
			t.Errorf("%s: %d %s", host, resp.StatusCode, got)
		}
	}
}

func TestFilesForOtherPrograms(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	i := s.Info()
	config, err := os.ReadFile(i.ConfigFile)
	must(t, err)
	for _, section := range []string{"[default]\n", "[profile source]\n", "[profile target]\n", "[profile jump]\n"} {
		if !strings.Contains(string(config), section+"region = eu-west-1\n") {
			t.Errorf("no %s in\n%s", section, config)
		}
	}
	credentials, err := os.ReadFile(i.CredentialsFile)
	must(t, err)
	for _, a := range i.Accounts {
		if !strings.Contains(string(credentials), "["+a.Label+"]\naws_access_key_id = "+a.AccessKey+"\naws_secret_access_key = "+a.Secret+"\n") {
			t.Errorf("no keys of %s in\n%s", a.Label, credentials)
		}
	}
	for _, name := range []string{i.CredentialsFile, filepath.Join(dir, "sandbox.json"), filepath.Join(dir, "world.json"), filepath.Join(dir, "requests.jsonl"), filepath.Join(dir, "ca-key.pem")} {
		if st, err := os.Stat(name); err != nil || st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v, %v", name, st.Mode(), err)
		}
	}
	var published sandbox.Info
	b, err := os.ReadFile(filepath.Join(dir, "sandbox.json"))
	must(t, err)
	must(t, json.Unmarshal(b, &published))
	if published.PID != os.Getpid() || published.Proxy != "http://"+published.Address || !filepath.IsAbs(published.CAFile) {
		t.Errorf("%+v", published)
	}
}

func TestEnvironmentLeadsToTheSandboxOnly(t *testing.T) {
	s := open(t, t.TempDir())
	env := map[string]string{}
	for _, v := range s.Env() {
		env[v.Name] = v.Value
	}
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		if env[name] != s.Info().Proxy {
			t.Errorf("%s=%s", name, env[name])
		}
	}
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		if v, there := env[name]; !there || v != "" {
			t.Errorf("%s=%q, %v: an exception of the person's own would lead past the sandbox", name, v, there)
		}
	}
	for _, name := range []string{"AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		if _, err := os.Stat(env[name]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if env["AWS_EC2_METADATA_DISABLED"] != "true" {
		t.Error("clients may ask the machine's own metadata service")
	}
	for _, name := range sandbox.Ambient() {
		if _, both := env[name]; both {
			t.Errorf("%s is set and to be unset", name)
		}
	}
}
