package cluster

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"snapferry/awsx/failure"
)

// Role is a role of fine-grained access control. Its lists are sets.
type Role struct {
	Name        string `json:"-"`
	Description string `json:"description,omitempty"`
	// ClusterPermissions are actions and action groups.
	ClusterPermissions []string           `json:"cluster_permissions"`
	IndexPermissions   []IndexPermission  `json:"index_permissions"`
	TenantPermissions  []TenantPermission `json:"tenant_permissions"`
	// Fixed says that the plugin keeps the role to itself (static, reserved,
	// hidden): it cannot be changed from here.
	Fixed bool `json:"-"`
}

// IndexPermission is what a role may do with indices, and which of their
// documents and fields it sees: all where DLS and FLS are empty.
type IndexPermission struct {
	Patterns     []string `json:"index_patterns"`
	DLS          string   `json:"dls,omitempty"`
	FLS          []string `json:"fls,omitempty"`
	MaskedFields []string `json:"masked_fields,omitempty"`
	Actions      []string `json:"allowed_actions"`
}

// TenantPermission is what a role may do in tenants of the dashboards.
type TenantPermission struct {
	Patterns []string `json:"tenant_patterns"`
	Actions  []string `json:"allowed_actions"`
}

type roleAnswer struct {
	Role
	Reserved bool `json:"reserved"`
	Hidden   bool `json:"hidden"`
	Static   bool `json:"static"`
}

func (r roleAnswer) named(name string) Role {
	r.Name, r.Fixed = name, r.Reserved || r.Hidden || r.Static
	return r.Role
}

// Roles lists the roles, those of the plugin included, by name. Needs the
// security API, as all calls for roles do.
func (c *Cluster) Roles(ctx context.Context) ([]Role, error) {
	var out map[string]roleAnswer
	if err := c.get(ctx, c.security("api", "roles"), nil, &out); err != nil {
		return nil, err
	}
	var list []Role
	for _, name := range slices.Sorted(maps.Keys(out)) {
		list = append(list, out[name].named(name))
	}
	return list, nil
}

// Role reads one role; nil when there is none of this name.
func (c *Cluster) Role(ctx context.Context, name string) (*Role, error) {
	var out map[string]roleAnswer
	if err := c.get(ctx, c.security("api", "roles", name), nil, &out); err != nil {
		return nil, absent(err)
	}
	a, there := out[name]
	if !there {
		return nil, nil
	}
	r := a.named(name)
	return &r, nil
}

// PutRole makes or replaces a role. It fails with failure.Conflict where any role
// of the domain was written at the same moment, and with failure.Invalid before
// Elasticsearch 7.
func (c *Cluster) PutRole(ctx context.Context, r Role) error {
	if c.oldSecurity() {
		return &failure.Failure{
			Kind: failure.Invalid, Operation: "PUT " + c.security("api", "roles", r.Name), Host: c.host,
			Message: "roles of Elasticsearch before 7 have another form, which is not written here",
		}
	}
	if r.ClusterPermissions == nil {
		r.ClusterPermissions = []string{}
	}
	if r.IndexPermissions == nil {
		r.IndexPermissions = []IndexPermission{}
	}
	if r.TenantPermissions == nil {
		r.TenantPermissions = []TenantPermission{}
	}
	return c.call(ctx, http.MethodPut, c.security("api", "roles", r.Name), nil, r, nil)
}

// DeleteRole removes a role; absent is no error. Its mapping stays behind.
func (c *Cluster) DeleteRole(ctx context.Context, name string) error {
	return absent(c.call(ctx, http.MethodDelete, c.security("api", "roles", name), nil, nil, nil))
}
