package resource

import (
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// Render shows a mapping as the domain call that makes it. Where people are only
// added to a mapping that is there, that is the call that appends: the line may
// be run by somebody else, later, and must not lose who came in the meantime.
func (k roleMappingKind) Render(c steps.Change) Renderings {
	before, existed, err1 := ParseRoleMapping(c.Before)
	after, _, err2 := ParseRoleMapping(c.After)
	if firstOf(err1, err2) != nil || after.Reserved {
		return Renderings{}
	}
	body := any(map[string]any{"users": after.Users, "backend_roles": after.BackendRoles, "and_backend_roles": after.AndBackendRoles, "hosts": after.Hosts})
	method := "PUT"
	if existed && c.Unread {
		return k.unseen(c, after, body)
	}
	if patch := appended(before, after); existed && patch != nil {
		method, body = "PATCH", patch
	}
	return k.opts.security(c, "rolesmapping", method, body)
}

// unseen is the call that adds to a mapping nobody here can read, and must lose
// nobody who is in it. What to send in its place, where the domain answers that
// there is nothing yet to add to, stands behind it as comments: sent unasked it
// would replace others.
func (k roleMappingKind) unseen(c steps.Change, more RoleMapping, whole any) Renderings {
	out := k.opts.security(c, "rolesmapping", "PATCH", added(more))
	list := k.opts.security(c, "rolesmapping", "PATCH", appended(RoleMapping{}, more)).Curl
	if out.Curl == "" || list == "" {
		return out
	}
	out.Curl = strings.TrimSpace(out.Curl) + "\n" +
		commented("Only where it answers Missing field, as nobody is in that list yet:", list) +
		commented("Only where it answers not found, as nobody is mapped at all yet:", k.opts.security(c, "rolesmapping", "PUT", whole).Curl)
	return out
}

func commented(when, command string) string {
	return "# " + when + "\n# " + strings.ReplaceAll(strings.TrimSpace(command), "\n", "\n# ") + "\n"
}

// operation is one step of a JSON patch.
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// appended is the patch that adds what after has beyond before; nil where after
// lacks something. A list without entries is missing to the plugin, and is given
// whole [seen on a 2.19.4 and a 3.4.0 node].
func appended(before, after RoleMapping) []operation {
	var patch []operation
	for i, name := range mappingLists {
		was, want := *before.lists()[i], *after.lists()[i]
		more := move(nil, was, want)
		switch {
		case slices.ContainsFunc(was, func(s string) bool { return !slices.Contains(want, s) }):
			return nil
		case len(was) == 0 && len(more) > 0:
			patch = append(patch, operation{"add", "/" + name, more})
		default:
			for _, s := range more {
				patch = append(patch, operation{"add", "/" + name + "/-", s})
			}
		}
	}
	return patch
}

// added is the patch that adds to lists that are there.
func added(more RoleMapping) []operation {
	var patch []operation
	for i, name := range mappingLists {
		for _, s := range *more.lists()[i] {
			patch = append(patch, operation{"add", "/" + name + "/-", s})
		}
	}
	return patch
}

// mappingLists are the lists of a mapping in JSON, in the order of lists.
var mappingLists = []string{"users", "backend_roles", "and_backend_roles", "hosts"}

// security renders a call of the security API, made as the mapper.
func (o Options) security(c steps.Change, what, method string, body any) Renderings {
	if o.MapperCurl == nil || c.Verb == steps.Exists {
		return Renderings{}
	}
	target := cluster.SecurityPath(o.place(c.Ref.Side).Engine, "api", what, c.Ref.Name)
	if c.Verb == steps.Delete {
		return Renderings{Curl: o.MapperCurl(c.Ref.Side, "DELETE", target, nil)}
	}
	return Renderings{Curl: o.MapperCurl(c.Ref.Side, method, target, []byte(pretty(canonical(body))))}
}
