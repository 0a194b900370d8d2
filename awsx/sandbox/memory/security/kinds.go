package security

import (
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// kind is one sort of resource of the REST API.
type kind struct {
	// path is its name in paths, noun that in texts.
	path, noun string
	// members are what a body may hold with the type of each.
	members map[string]string
	// oneOf are members of which a body needs at least one.
	oneOf []string
	// shown are the members an answer has in their order; "flags" stands for
	// reserved and hidden, and a trailing question mark for one that is left out
	// where there is none.
	shown []string
	// readOnly kinds are here to be looked at.
	readOnly bool
}

const (
	rolesKind    = "roles"
	mappingsKind = "rolesmapping"
	usersKind    = "internalusers"
	groupsKind   = "actiongroups"
)

// The types of members, as texts name them.
const (
	array  = "Array"
	text   = "String"
	anyObj = "Object"
)

var kinds = []kind{
	{
		path: mappingsKind, noun: "rolesmapping",
		members: map[string]string{"backend_roles": array, "and_backend_roles": array, "hosts": array, "users": array, "description": text},
		oneOf:   []string{"backend_roles", "hosts", "and_backend_roles", "users"},
		shown:   strings.Fields("hosts users flags backend_roles and_backend_roles description?"),
	},
	{
		path: rolesKind, noun: "role",
		members: map[string]string{"cluster_permissions": array, "index_permissions": array, "tenant_permissions": array, "description": text},
		shown:   strings.Fields("flags description? cluster_permissions index_permissions tenant_permissions static"),
	},
	{
		path: usersKind, noun: "user",
		members: map[string]string{"hash": text, "password": text, "backend_roles": array, "attributes": anyObj, "description": text, "opendistro_security_roles": array},
		shown:   strings.Fields("hash flags backend_roles attributes description? opendistro_security_roles static"),
	},
	{
		path: groupsKind, noun: "actiongroup", readOnly: true,
		members: map[string]string{"allowed_actions": array, "type": text, "description": text},
		shown:   strings.Fields("flags allowed_actions type? description? static"),
	},
}

// kindOf finds a kind by its place in paths.
func kindOf(path string) kind {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.path == path })
	return kinds[i]
}

// show is an entry as the API gives it, defaults filled in. A password's hash is
// never among it.
func (k kind) show(e *Entry) wire.Object {
	o := wire.Object{}
	for _, m := range k.shown {
		name, optional := strings.CutSuffix(m, "?")
		v, has := e.Body[name]
		switch {
		case m == "flags":
			o = append(o, wire.Obj("reserved", e.Reserved, "hidden", e.Hidden)...)
		case m == "static":
			o = o.Set(m, e.static)
		case m == "hash":
			o = o.Set(m, "")
		case m == "index_permissions":
			o = o.Set(m, showGrants(v))
		case has:
			o = o.Set(name, v)
		case optional:
		case k.members[name] == anyObj:
			o = o.Set(name, object{})
		default:
			o = o.Set(name, []any{})
		}
	}
	return o
}

// showGrants fills in what an index permission leaves out.
func showGrants(v any) []any {
	list, _ := v.([]any)
	out := make([]any, len(list))
	for i, one := range list {
		grant, _ := one.(object)
		o := wire.Object{}
		for _, m := range grantMembers {
			v, has := grant[m]
			switch {
			case has:
				o = o.Set(m, v)
			case m != "dls":
				o = o.Set(m, []any{})
			}
		}
		out[i] = o
	}
	return out
}

var grantMembers = strings.Fields("index_patterns dls fls masked_fields allowed_actions")

// Kinds are the resources of the REST API as paths name them.
func Kinds() []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.path)
	}
	return out
}

// Methods are those of a kind's path, for one resource or for all of them.
func Methods(path string, one bool) []string {
	switch {
	case kindOf(path).readOnly:
		return []string{"GET"}
	case one:
		return []string{"GET", "PUT", "PATCH", "DELETE"}
	}
	return []string{"GET", "PATCH"}
}
