package security

import (
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// Health is the one call that asks for no name.
func (p *Plugin) Health(mode string) Answer {
	if mode == "" {
		mode = "strict"
	}
	o := wire.Obj("message", nil, "mode", mode, "status", "UP")
	return Answer{200, o.SetIf(p.atLeast(3, 0), "settings", wire.Obj("plugins.security.cache.ttl_minutes", 60))}
}

// AuthInfo tells a caller who he is, above all which roles he has in effect.
func (p *Plugin) AuthInfo(u *User, from string) Answer {
	return Answer{200, wire.Obj(
		"user", u.String(), "user_name", u.Name, "user_requested_tenant", nil, "remote_address", from,
		"backend_roles", list(u.BackendRoles), "custom_attribute_names", list(u.attributes), "roles", list(u.Roles), "tenants", p.tenants(u),
		"principal", nil, "peer_certificates", "0", "sso_logout_url", nil,
	)}
}

// Account is the same in the form of the REST API.
func (p *Plugin) Account(u *User) Answer {
	e := u.internal
	if e == nil {
		e = &Entry{}
	}
	return Answer{200, wire.Obj(
		"user_name", u.Name, "is_reserved", e.Reserved, "is_hidden", e.Hidden, "is_internal_user", u.internal != nil, "user_requested_tenant", nil,
		"backend_roles", list(u.BackendRoles), "custom_attribute_names", list(u.attributes), "tenants", p.tenants(u), "roles", list(u.Roles),
	)}
}

// list is never null.
func list(in []string) []string { return append([]string{}, in...) }

// tenants are a user's own, and the global one where a role writes to all.
func (p *Plugin) tenants(u *User) wire.Object {
	o := wire.Object{}
	for _, r := range u.Roles {
		e := p.entry(rolesKind, r)
		if e == nil {
			continue
		}
		if grants, _ := e.Body["tenant_permissions"].([]any); len(grants) > 0 {
			o = wire.Obj("global_tenant", true)
		}
	}
	return o.Set(u.Name, true)
}

// PermissionsInfo tells whether the REST API is open to a caller.
func (p *Plugin) PermissionsInfo(u *User) Answer {
	disabled := wire.Object{}
	if !u.manages() {
		for _, e := range p.endpoints() {
			disabled = disabled.Set(e, strings.Fields("GET POST PUT DELETE OPTIONS HEAD PATCH TRACE CONNECT"))
		}
	}
	return Answer{200, wire.Obj("user", u.String(), "user_name", u.Name, "has_api_access", u.manages(), "disabled_endpoints", disabled)}
}

// endpoints are the names of the REST API's parts.
func (p *Plugin) endpoints() []string {
	out := strings.Fields(`ACCOUNT ACTIONGROUPS ALLOWLIST AUDIT AUTHTOKEN CACHE CONFIG INTERNALUSERS MIGRATE NODESDN PERMISSIONSINFO
		ROLES ROLESMAPPING SSL SYSTEMINFO TENANTS VALIDATE WHITELIST`)
	if p.atLeast(3, 0) {
		out = slices.DeleteFunc(out, func(e string) bool { return e == "WHITELIST" })
		out = append(out, "RATELIMITERS", "RESOURCE_SHARING", "ROLLBACK_VERSION", "VIEW_VERSION")
	}
	return out
}

// ChangePassword lets an internal user change his own password, by the old one.
func (p *Plugin) ChangePassword(u *User, raw []byte) (a Answer, changed bool) {
	k := kind{members: map[string]string{"current_password": text, "password": text, "hash": text}}
	body, no := p.read(k, raw)
	current, _ := body["current_password"].(string)
	switch {
	case no != nil:
		return *no, false
	case body["current_password"] == nil:
		a := invalid("Invalid configuration")
		a.Body = a.Body.(wire.Object).Set("missing_mandatory_keys", wire.Obj("keys", "current_password"))
		return *a, false
	case u.internal == nil:
		return said(404, "account '%s' not found.", u.Name), false
	}
	if hash, _ := u.internal.Body["hash"].(string); !verify(current, hash) {
		return said(400, "Could not validate your current password."), false
	}
	next := clone(u.internal.Body).(object)
	next["password"] = body["password"]
	if no := p.readyUser(u.Name, next); no != nil {
		return *no, false
	}
	u.internal.Body = next
	return said(200, "'%s' updated.", u.Name), true
}
