package rig

import (
	"archive/zip"
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/google/go-cmp/cmp"
)

// securedHome is a fakeHome with the documents the security plugin ships.
func securedHome(t *testing.T) Home {
	t.Helper()
	h := fakeHome(t)
	shipped := filepath.Join(h.Dir, securityDir, "config")
	if err := os.MkdirAll(shipped, 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(shipped, "roles.yml"), "_meta:\n  type: roles\nsome_role:\n  reserved: true\n")
	writeFile(t, filepath.Join(shipped, "roles_mapping.yml"), "all_access:\n  backend_roles: [admin]\n")
	writeFile(t, filepath.Join(shipped, "internal_users.yml"), "admin:\n  hash: known to everybody\n")
	writeFile(t, filepath.Join(shipped, "opensearch.yml.example"), "not: wanted\n")
	return h
}

func TestSecuredNodeIsFurnished(t *testing.T) {
	for name, tc := range map[string]struct {
		security     Security
		under, value string
	}{
		"role": {Security{MasterARN: "arn:aws:iam::1:role/m"}, "backend_roles", "arn:aws:iam::1:role/m"},
		"user": {Security{MasterARN: "arn:aws:iam::1:user/m"}, "users", "arn:aws:iam::1:user/m"},
		"name": {Security{MasterUser: "captain", MasterPassword: "hush"}, "users", "captain"},
	} {
		t.Run(name, func(t *testing.T) {
			h, dir := securedHome(t), t.TempDir()
			if err := h.furnish(Options{DataDir: dir, Security: &tc.security}, 1, 2); err != nil {
				t.Fatal(err)
			}
			documents := filepath.Join(dir, "config", "opensearch-security")
			mapping := map[string]any{"reserved": false, tc.under: []any{tc.value}}
			meta := func(kind string) any { return map[string]any{"type": kind, "config_version": 2} }
			for file, want := range map[string]map[string]any{
				"roles_mapping.yml":  {"_meta": meta("rolesmapping"), "all_access": mapping, "security_manager": mapping},
				"internal_users.yml": {"_meta": meta("internalusers")},
				"roles.yml":          {"_meta": map[string]any{"type": "roles"}, "some_role": map[string]any{"reserved": true}, "security_manager": map[string]any{"reserved": true}},
			} {
				if d := cmp.Diff(want, readYAML(t, filepath.Join(documents, file))); d != "" {
					t.Errorf("%s: %s", file, d)
				}
			}
			for _, file := range filesBelow(t, filepath.Join(dir, "config")) {
				if b, _ := os.ReadFile(filepath.Join(dir, "config", file)); strings.Contains(string(b), "hush") {
					t.Errorf("the password lies in %s", file)
				}
			}
			if _, err := os.Lstat(filepath.Join(dir, securityDir)); err != nil {
				t.Errorf("the node has no security plugin: %v", err)
			}
			settings := readYAML(t, filepath.Join(dir, "config", "opensearch.yml"))
			if settings["plugins.security.ssl.transport.pemcert_filepath"] != "node.pem" {
				t.Errorf("the node's settings are %v", settings)
			}
		})
	}
}

func readYAML(t *testing.T, file string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := yaml.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, b)
	}
	return v
}

// TestInternalMasterIsMade: the password goes to the node alone, from the master
// whom the headers name.
func TestInternalMasterIsMade(t *testing.T) {
	o := Options{DataDir: nodeDir(t, ""), Security: &Security{MasterUser: "captain", MasterPassword: "hush"}}
	log := logOf(t, startFake(t, securedHome(t), o))
	for _, want := range []string{
		"GET /_cluster/health captain captain 127.0.0.1",
		`PUT /_plugins/_security/api/internalusers/captain captain captain 127.0.0.1 {"password":"hush"}`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("%q is missing in\n%s", want, log)
		}
	}
	o.DataDir = nodeDir(t, "weak password")
	if _, err := securedHome(t).Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "making the internal user captain: 400 Bad Request Weak password") {
		t.Errorf("got %v", err)
	}
}

func TestPlainNodeIsAskedWithoutIdentity(t *testing.T) {
	if log := logOf(t, startFake(t, fakeHome(t), Options{DataDir: nodeDir(t, "")})); !strings.Contains(log, "GET /_cluster/health    \n") {
		t.Errorf("an identity without security:\n%s", log)
	}
}

func TestCertificates(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	files, err := certificates(now)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(files["ca.pem"]) {
		t.Fatal("the authority is no certificate")
	}
	block, _ := pem.Decode(files["node.pem"])
	node, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
		if _, err := node.Verify(x509.VerifyOptions{Roots: roots, DNSName: "127.0.0.1", CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{usage}}); err != nil {
			t.Errorf("usage %v: %v", usage, err)
		}
	}
	if got := node.Subject.String(); got != "CN="+nodeName {
		t.Errorf("the subject is %s", got)
	}
	block, _ = pem.Decode(files["node-key.pem"])
	if _, err := x509.ParsePKCS8PrivateKey(block.Bytes); err != nil || block.Type != "PRIVATE KEY" {
		t.Errorf("the key is %s: %v", block.Type, err)
	}
}

func TestUnpackRefuses(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"no local name":              {"../out.jar": ""},
		"holds no plugin-descriptor": {"a.jar": ""},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "p.zip")
		writeFile(t, file, string(zipped(t, files)))
		if _, err := unpack(file, filepath.Join(dir, "p")); err == nil || !strings.Contains(err.Error(), want) && !strings.Contains(err.Error(), "insecure") {
			t.Errorf("%v: %v", files, err)
		}
	}
}

func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
