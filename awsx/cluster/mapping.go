package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
)

// RoleMapping says who has a role: the users, and whoever has one of the backend
// roles, comes from one of the hosts, or has all of AndBackendRoles.
type RoleMapping struct {
	Role string
	// Users are ARNs of IAM users and names of internal ones, BackendRoles ARNs
	// of IAM roles. They are in the order in which they lie there.
	Users, BackendRoles, AndBackendRoles, Hosts []string
	// Fixed says that the plugin keeps the mapping to itself (reserved, hidden):
	// it cannot be changed from here.
	Fixed bool

	// rest is what else stands there, such as a description.
	rest map[string]json.RawMessage
	// backendKey is how the engine spells backend_roles.
	backendKey string
}

// RoleMapping reads who has a role; nil when nobody was ever given it, or there
// is no such role. Needs the security API: security_manager on a managed domain,
// for which all_access is not enough.
func (c *Cluster) RoleMapping(ctx context.Context, role string) (*RoleMapping, error) {
	var out map[string]map[string]json.RawMessage
	if err := c.get(ctx, c.security("api", "rolesmapping", role), nil, &out); err != nil {
		return nil, absent(err)
	}
	fields, there := out[role]
	if !there {
		return nil, nil
	}
	m := &RoleMapping{Role: role, rest: maps.Clone(fields), backendKey: "backend_roles"}
	if _, old := fields["backendroles"]; old {
		m.backendKey = "backendroles"
	}
	for key, list := range m.lists() {
		if err := read(fields, key, list); err != nil {
			return nil, err
		}
		delete(m.rest, key)
	}
	for _, key := range []string{"reserved", "hidden", "readonly"} {
		var is bool
		if err := read(fields, key, &is); err != nil {
			return nil, err
		}
		m.Fixed = m.Fixed || is
		delete(m.rest, key) // the API gives them and refuses to take them
	}
	return m, nil
}

func read(fields map[string]json.RawMessage, key string, into any) error {
	raw, there := fields[key]
	if !there {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s of a role mapping: %w", key, err)
	}
	return nil
}

// lists are the mapping's lists by their names in JSON.
func (m *RoleMapping) lists() map[string]*[]string {
	and := "and_backend_roles"
	if m.backendKey == "backendroles" {
		and = "and_backendroles"
	}
	return map[string]*[]string{"users": &m.Users, m.backendKey: &m.BackendRoles, and: &m.AndBackendRoles, "hosts": &m.Hosts}
}

// PutRoleMapping writes the whole mapping: whoever is not in it loses the role.
// Change what RoleMapping gave, which keeps what this package does not know of.
//
// It fails with failure.Conflict where any mapping of the domain was written at
// the same moment: they lie in one document. Then read again and write again.
func (c *Cluster) PutRoleMapping(ctx context.Context, m RoleMapping) error {
	if m.backendKey == "" {
		m.backendKey = "backend_roles"
		if c.oldSecurity() {
			m.backendKey = "backendroles"
		}
	}
	body := map[string]any{}
	for key, raw := range m.rest {
		body[key] = raw
	}
	for key, list := range m.lists() {
		if len(*list) == 0 {
			*list = []string{} // null is no list to the plugin
		}
		body[key] = *list
	}
	return c.call(ctx, http.MethodPut, c.security("api", "rolesmapping", m.Role), nil, body, nil)
}

// DeleteRoleMapping takes a role from everybody; absent is no error.
func (c *Cluster) DeleteRoleMapping(ctx context.Context, role string) error {
	return absent(c.call(ctx, http.MethodDelete, c.security("api", "rolesmapping", role), nil, nil, nil))
}
