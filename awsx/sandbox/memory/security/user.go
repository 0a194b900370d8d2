package security

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/backend"
)

// User is a caller whom the plugin knows.
type User struct {
	Name         string
	BackendRoles []string
	// host is the address he calls from.
	host string
	// Roles are the security roles in effect, sorted.
	Roles []string
	// attributes are names of an internal user's attributes.
	attributes []string
	internal   *Entry
}

// String is the user as refusals name him.
func (u *User) String() string {
	return fmt.Sprintf("User [name=%s, backend_roles=[%s], requestedTenant=null]", u.Name, strings.Join(u.BackendRoles, ", "))
}

// fill puts the user into a pattern of a role.
func (u *User) fill(pattern string) string {
	return strings.NewReplacer("${user.name}", u.Name, "${user_name}", u.Name).Replace(pattern)
}

// Login is how a caller came: the name and the password of the request's own
// header, and the host it came from.
type Login struct{ Name, Password, Host string }

// Know finds out who calls. The front has verified what is signed; a password
// is verified here. Nil is nobody: unsigned, an unknown user or a wrong
// password, which are answered alike.
func (p *Plugin) Know(id backend.Identity, l Login) *User {
	switch {
	case id.None:
		return nil
	case !id.InternalUser:
		u := &User{Name: id.Name, BackendRoles: id.BackendRoles, host: l.Host}
		u.Roles = p.mapped(u, nil)
		return u
	}
	e := p.state.Entries[usersKind][id.Name]
	if e == nil || l.Name != id.Name {
		return nil
	}
	if hash, _ := e.Body["hash"].(string); !verify(l.Password, hash) {
		return nil
	}
	u := &User{Name: l.Name, host: l.Host, BackendRoles: texts(e.Body["backend_roles"]), internal: e}
	attributes, _ := e.Body["attributes"].(object)
	for _, a := range slices.Sorted(maps.Keys(attributes)) {
		u.attributes = append(u.attributes, "attr.internal."+a)
	}
	u.Roles = p.mapped(u, texts(e.Body["opendistro_security_roles"]))
	return u
}

// mapped are the roles mappings give a user, beside those he has directly.
func (p *Plugin) mapped(u *User, direct []string) []string {
	roles := map[string]bool{}
	for _, r := range direct {
		roles[r] = true
	}
	for name, e := range p.state.Entries[mappingsKind] {
		has := func(pattern string) bool {
			return slices.ContainsFunc(u.BackendRoles, func(r string) bool { return matches(pattern, r) })
		}
		lacks := func(pattern string) bool { return !has(pattern) }
		all := texts(e.Body["and_backend_roles"])
		switch {
		case matchesAny(texts(e.Body["users"]), u.Name),
			matchesAny(texts(e.Body["hosts"]), u.host),
			slices.ContainsFunc(texts(e.Body["backend_roles"]), has),
			len(all) > 0 && !slices.ContainsFunc(all, lacks):
			roles[name] = true
		}
	}
	return slices.Sorted(maps.Keys(roles))
}

// manages says that the REST API is open to a user.
func (u *User) manages() bool { return slices.Contains(u.Roles, manager) }
