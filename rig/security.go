package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Security switches fine-grained access control on, set up as a managed domain
// has it. The master is either an IAM identity or an internal user.
type Security struct {
	// MasterARN is the ARN of a role or user. It reaches the node as the proxy
	// headers say, never by a signature.
	MasterARN string
	// MasterUser and MasterPassword are an internal user's. The plugin refuses
	// passwords that are easy to guess.
	MasterUser, MasterPassword string
}

// The headers by which whoever stands before the node tells it who asks. The
// node believes them from 127.0.0.1, and looks at them only when there is an
// X-Forwarded-For.
const (
	headerUser      = "x-proxy-user"
	headerRoles     = "x-proxy-roles"
	headerForwarded = "X-Forwarded-For"
)

// nodeName is the subject of the node's certificate.
const nodeName = "node"

func (s *Security) check(h Home) error {
	switch {
	case s == nil:
		return nil
	case !h.Secured():
		return fmt.Errorf("rig: no security plugin is published for %s", h.Version)
	case (s.MasterARN == "") == (s.MasterUser == ""):
		return errors.New("rig: a secured node has one master, an ARN or an internal user")
	case (s.MasterUser == "") != (s.MasterPassword == ""):
		return errors.New("rig: an internal master has a name and a password")
	}
	return nil
}

// name is the master's name inside the engine.
func (s *Security) name() string { return s.MasterARN + s.MasterUser }

// settings are the lines of the engine's configuration file, in their order.
func (s *Security) settings() [][2]string {
	if s == nil {
		return nil
	}
	const p = "plugins.security."
	return [][2]string{
		{p + "ssl.transport.pemcert_filepath", "node.pem"},
		{p + "ssl.transport.pemkey_filepath", "node-key.pem"},
		{p + "ssl.transport.pemtrustedcas_filepath", "ca.pem"},
		{p + "ssl.transport.enforce_hostname_verification", "false"},
		{p + "ssl.http.enabled", "false"},
		{p + "nodes_dn", `["CN=` + nodeName + `"]`},
		{p + "authcz.admin_dn", `["CN=admin"]`},
		{p + "allow_default_init_securityindex", "true"},
		// On a managed domain all_access alone does not open the security API.
		{p + "restapi.roles_enabled", `["security_manager"]`},
		{p + "audit.type", "noop"},
		{p + "enable_snapshot_restore_privilege", "true"},
		{p + "check_snapshot_restore_write_privileges", "true"},
		{p + "system_indices.enabled", "true"},
	}
}

// authentication makes the node take identities from the proxy in front of it,
// and passwords from its own database.
const authentication = `_meta:
  type: config
  config_version: 2
config:
  dynamic:
    http:
      anonymous_auth_enabled: false
      xff:
        enabled: true
        internalProxies: '127\.0\.0\.1'
        remoteIpHeader: X-Forwarded-For
    authc:
      proxy:
        http_enabled: true
        transport_enabled: true
        order: 0
        http_authenticator:
          type: proxy
          challenge: false
          config:
            user_header: ` + headerUser + `
            roles_header: ` + headerRoles + `
            roles_separator: '\|'
        authentication_backend:
          type: noop
      basic:
        http_enabled: true
        transport_enabled: true
        order: 1
        http_authenticator:
          type: basic
          challenge: true
        authentication_backend:
          type: intern
`

// document is one of the plugin's configuration documents.
func document(kind, rest string) []byte {
	return []byte("_meta:\n  type: " + kind + "\n  config_version: 2\n" + rest)
}

// mappings give the master what a new domain gives it, and nobody else anything.
func (s *Security) mappings() []byte {
	under := "users"
	if strings.Contains(s.MasterARN, ":role/") {
		under = "backend_roles"
	}
	var b strings.Builder
	for _, role := range []string{"all_access", "security_manager"} {
		fmt.Fprintf(&b, "%s:\n  reserved: false\n  %s: [%s]\n", role, under, strconv.Quote(s.name()))
	}
	return document("rolesmapping", b.String())
}

// securityManager is a role of the managed service that the plugin does not
// bring. Its power is not in it but in restapi.roles_enabled.
const securityManager = "\nsecurity_manager:\n  reserved: true\n"

// furnish writes certificates and the security documents. The documents count
// at the node's first start only; from then on they are in an index.
func (s *Security) furnish(home, config string) error {
	files, err := certificates(time.Now())
	if err != nil {
		return err
	}
	shipped := filepath.Join(home, securityDir, "config")
	entries, err := os.ReadDir(shipped)
	if err != nil {
		return err
	}
	const folder = "opensearch-security"
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".yml") {
			if files[filepath.Join(folder, e.Name())], err = os.ReadFile(filepath.Join(shipped, e.Name())); err != nil {
				return err
			}
		}
	}
	at := func(name string) string { return filepath.Join(folder, name) }
	files[at("config.yml")] = []byte(authentication)
	files[at("roles_mapping.yml")] = s.mappings()
	files[at("internal_users.yml")] = document("internalusers", "")
	files[at("tenants.yml")] = document("tenants", "")
	files[at("roles.yml")] = append(files[at("roles.yml")], securityManager...)
	if err := os.MkdirAll(filepath.Join(config, folder), 0o755); err != nil {
		return err
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(config, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// identify makes a request come from the master, by the way of the headers.
func (s *Security) identify(r *http.Request) {
	if s == nil {
		return
	}
	r.Header.Set(headerForwarded, "127.0.0.1")
	r.Header.Set(headerUser, s.name())
	r.Header.Set(headerRoles, s.name())
}

// makeUser makes the internal master. Files can hold it only by a hash that
// nothing here can make; the node makes it.
func (n *Node) makeUser(ctx context.Context) error {
	s := n.security
	if s == nil || s.MasterUser == "" {
		return nil
	}
	body, err := json.Marshal(map[string]string{"password": s.MasterPassword})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, n.URL+"/_plugins/_security/api/internalusers/"+s.MasterUser, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	s.identify(req)
	resp, err := direct.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		why, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("rig: making the internal user %s: %s %s", s.MasterUser, resp.Status, why)
	}
	return nil
}
