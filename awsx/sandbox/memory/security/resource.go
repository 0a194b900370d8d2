package security

import (
	"fmt"
	"maps"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// Answer is what the REST API answers.
type Answer struct {
	Status int
	Body   any
}

// said is the usual answer: a status in words and a sentence.
func said(status int, format string, args ...any) Answer {
	word := map[int]string{200: "OK", 201: "CREATED", 400: "BAD_REQUEST", 403: "FORBIDDEN", 404: "NOT_FOUND"}[status]
	return Answer{status, wire.Obj("status", word, "message", fmt.Sprintf(format, args...))}
}

// refusal is said for where no refusal is nil.
func refusal(status int, format string, args ...any) *Answer {
	a := said(status, format, args...)
	return &a
}

// failure is an exception of the engine as an answer.
func failure(e *wire.Error) *Answer { return &Answer{e.Status, e.Body()} }

// Closed refuses who may not use the REST API, nil for who may. The last
// sentence is always there and says nothing.
func (p *Plugin) Closed(u *User) *Answer {
	if u.manages() {
		return nil
	}
	return refusal(403, "No permission to access REST API: User %s with Security roles [%s] does not have any role privileged for admin access. No ssl info found in request.",
		u.Name, strings.Join(u.Roles, ", "))
}

// Resource serves a call about one entry, or with an empty name about all of a
// kind. Where changed is true, the state is to be kept.
func (p *Plugin) Resource(u *User, path, name, method string, body []byte) (a Answer, changed bool) {
	if no := p.Closed(u); no != nil {
		return *no, false
	}
	k := kindOf(path)
	var no *Answer
	switch {
	case method == "GET":
		return p.get(k, name), false
	case method == "DELETE":
		a, no = p.remove(k, name)
	case method == "PUT":
		a, no = p.put(k, name, body)
	case name == "":
		a, no = p.patchAll(k, body)
	default:
		a, no = p.patchOne(k, name, body)
	}
	if no != nil {
		return *no, false
	}
	p.compile()
	return a, true
}

// missing is the 404 for an entry that is not there. Older versions say it in
// two ways.
func (p *Plugin) missing(k kind, name, method string) *Answer {
	switch {
	case !p.old():
		return refusal(404, "%s '%s' not found.", k.noun, name)
	case method == "GET":
		return refusal(404, "Resource '%s' not found.", name)
	}
	return refusal(404, "%s %s not found.", k.noun, name)
}

// locked refuses to change what came with the plugin.
func (p *Plugin) locked(k kind, name string) *Answer {
	e := p.entry(k.path, name)
	switch {
	case e == nil || !e.Reserved:
		return nil
	case p.old():
		return refusal(403, "Resource '%s' is read-only.", name)
	case e.static:
		return refusal(403, "Resource '%s' is static.", name)
	}
	return refusal(403, "Resource '%s' is reserved.", name)
}

// get shows one entry or all.
func (p *Plugin) get(k kind, name string) Answer {
	if name != "" {
		e := p.entry(k.path, name)
		if e == nil || e.Hidden {
			return *p.missing(k, name, "GET")
		}
		return Answer{200, wire.Obj(name, k.show(e))}
	}
	o := wire.Object{}
	for _, n := range p.names(k.path) {
		o = o.Set(n, k.show(p.entry(k.path, n)))
	}
	return Answer{200, o}
}

// remove deletes an entry. A role's mapping outlives the role.
func (p *Plugin) remove(k kind, name string) (Answer, *Answer) {
	e := p.entry(k.path, name)
	if e == nil || e.Hidden {
		return Answer{}, p.missing(k, name, "DELETE")
	}
	if no := p.locked(k, name); no != nil {
		return Answer{}, no
	}
	delete(p.state.Entries[k.path], name)
	return said(200, "'%s' deleted.", name), nil
}

// put replaces an entry by what the body says and nothing else.
func (p *Plugin) put(k kind, name string, raw []byte) (Answer, *Answer) {
	body, no := p.read(k, raw)
	if no == nil {
		no = p.locked(k, name)
	}
	if no == nil {
		no = p.ready(k, name, body)
	}
	if no != nil {
		return Answer{}, no
	}
	was := p.entry(k.path, name)
	p.state.Entries[k.path][name] = &Entry{Body: kept(body)}
	if was == nil {
		return said(201, "'%s' created.", name), nil
	}
	return said(200, "'%s' updated.", name), nil
}

// ready checks what is special to a kind, and turns a user's password into its
// hash.
func (p *Plugin) ready(k kind, name string, body object) *Answer {
	switch k.path {
	case rolesKind:
		return checkGrants(body)
	case mappingsKind:
		if p.entry(rolesKind, name) == nil {
			if p.old() {
				return refusal(404, "Role '%s' is not available for role-mapping.", name)
			}
			return refusal(404, "role '%s' not found.", name)
		}
	case usersKind:
		for _, r := range texts(body["opendistro_security_roles"]) {
			if p.entry(rolesKind, r) == nil {
				return refusal(404, "role '%s' not found.", r)
			}
		}
		return p.readyUser(name, body)
	}
	return nil
}

// readyUser keeps the old hash of a user who is given no new password.
func (p *Plugin) readyUser(name string, body object) *Answer {
	if strings.Contains(name, ":") {
		return refusal(400, "A restricted character(s) was detected in the account name. Please remove: ':'")
	}
	if password, has := body["password"].(string); has {
		if weak := weakness(password); weak != "" {
			return invalid(weak)
		}
		delete(body, "password")
		hash, err := p.hash(password)
		if err != nil {
			return failure(wire.NewForeign(500, "i_o_exception", "%s", err))
		}
		body["hash"] = hash
	}
	if was := p.entry(usersKind, name); body["hash"] == nil && was != nil {
		body["hash"] = was.Body["hash"]
	}
	if body["hash"] == nil {
		return refusal(400, "Please specify either 'hash' or 'password' when creating a new internal user.")
	}
	return nil
}

// kept is a body as it is kept: what is empty is not.
func kept(body object) object {
	out := maps.Clone(body)
	maps.DeleteFunc(out, func(_ string, v any) bool {
		list, isList := v.([]any)
		return isList && len(list) == 0
	})
	return out
}
