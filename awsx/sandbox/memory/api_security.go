package memory

import (
	"snapferry/awsx/sandbox/memory/security"
	"snapferry/awsx/sandbox/memory/wire"
)

// healthPath is the one path that asks for no name.
const healthPath = "/_security/health"

// securityRoutes are the APIs of this family: who am I, and the resources that
// say who may do what. OpenSearch answers under the old prefix too. They have no
// action: the plugin judges them by itself.
func (c *Cluster) securityRoutes() []route {
	if c.opt.Security == nil {
		return nil
	}
	prefixes := []string{"/_opendistro/_security"}
	if c.eng.openSearch() {
		prefixes = append(prefixes, "/_plugins/_security")
	}
	var out []route
	for _, at := range prefixes {
		for _, method := range []string{"GET", "POST"} {
			out = append(out,
				route{method, at + "/health", "", "mode", c.securityHealth},
				route{method, at + "/authinfo", "", "auth_type verbose", c.authInfo})
		}
		out = append(out,
			route{"GET", at + "/api/permissionsinfo", "", "", c.permissionsInfo},
			route{"GET", at + "/api/account", "", "", c.account},
			route{"PUT", at + "/api/account", "", "", c.changePassword})
		for _, kind := range security.Kinds() {
			serve := func(r *call) (reply, *wire.Error) { return c.securityResource(kind, r) }
			for _, method := range security.Methods(kind, false) {
				out = append(out, route{method, at + "/api/" + kind, "", "", serve})
			}
			for _, method := range security.Methods(kind, true) {
				out = append(out, route{method, at + "/api/" + kind + "/{name}", "", "", serve})
			}
		}
	}
	return out
}

// answered hands the plugin's answer on, and keeps what it changed before
// anybody hears of it.
func (c *Cluster) answered(a security.Answer, changed bool) (reply, *wire.Error) {
	if changed {
		if err := c.save(); err != nil {
			return reply{}, storageError(err)
		}
	}
	return reply{status: a.Status, body: a.Body}, nil
}

// securityHealth says that the plugin is up.
func (c *Cluster) securityHealth(r *call) (reply, *wire.Error) {
	return c.answered(c.plugin.Health(r.query.Get("mode")), false)
}

// authInfo tells a caller who he is here.
func (c *Cluster) authInfo(r *call) (reply, *wire.Error) {
	return c.answered(c.plugin.AuthInfo(r.user, from(r)), false)
}

// permissionsInfo tells whether the resources are open to a caller.
func (c *Cluster) permissionsInfo(r *call) (reply, *wire.Error) {
	return c.answered(c.plugin.PermissionsInfo(r.user), false)
}

// account shows a caller's own account.
func (c *Cluster) account(r *call) (reply, *wire.Error) {
	return c.answered(c.plugin.Account(r.user), false)
}

// changePassword is for internal users alone.
func (c *Cluster) changePassword(r *call) (reply, *wire.Error) {
	return c.answered(c.plugin.ChangePassword(r.user, r.body))
}

// securityResource reads and changes roles, mappings and users.
func (c *Cluster) securityResource(kind string, r *call) (reply, *wire.Error) {
	method := r.http.Method
	if method == "HEAD" {
		method = "GET"
	}
	return c.answered(c.plugin.Resource(r.user, kind, r.vars["name"], method, r.body))
}
