package security

import (
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// role is a role ready for decisions, action groups expanded.
type role struct {
	cluster []string
	index   []indexGrant
}

// indexGrant lets actions be done to the indices that match one of the patterns.
type indexGrant struct{ patterns, actions []string }

// compile reads all roles anew; it is done after every change.
func (p *Plugin) compile() {
	p.roles = map[string]role{}
	for _, name := range p.names(rolesKind) {
		body := p.entry(rolesKind, name).Body
		r := role{cluster: p.expand(texts(body["cluster_permissions"]))}
		list, _ := body["index_permissions"].([]any)
		for _, v := range list {
			grant, _ := v.(object)
			r.index = append(r.index, indexGrant{texts(grant["index_patterns"]), p.expand(texts(grant["allowed_actions"]))})
		}
		p.roles[name] = r
	}
}

// Request is what the engine's transport layer is asked to do for a call. An API
// may make several of them, one after the other.
type Request struct {
	// Actions are all needed: one, or one and what it brings with it.
	Actions []string
	// Targets are the indices it is about. All says that it means every index
	// there is, whichever they are.
	Targets []Target
	All     bool
}

// Target is an index by all the names a role may know it by: its own, its
// aliases, and that of its data stream. A name nobody has stands for itself.
type Target struct {
	Name string
	Also []string
}

// Judge refuses a request the caller's roles do not allow, and one that would
// change a protected index, whoever asks.
func (p *Plugin) Judge(u *User, q Request) *wire.Error {
	if sealedAction(q.Actions) && (q.All || slices.ContainsFunc(q.Targets, func(t Target) bool { return Protected(t.Name) })) {
		return Denied(u)
	}
	var missing []string
	for _, a := range q.Actions {
		if !p.allows(u, a, q.Targets) {
			missing = append(missing, a)
		}
	}
	if missing == nil {
		return nil
	}
	return Denied(u, missing...)
}

// allows asks whether the roles together allow an action on every target. Where
// an expression matched nothing there is nothing to forbid.
func (p *Plugin) allows(u *User, action string, targets []Target) bool {
	if clusterAction(action) {
		return slices.ContainsFunc(u.Roles, func(r string) bool { return matchesAny(p.roles[r].cluster, action) })
	}
	return !slices.ContainsFunc(targets, func(t Target) bool { return !p.grants(u, action, t) })
}

// grants asks whether a role allows an action on one index.
func (p *Plugin) grants(u *User, action string, t Target) bool {
	for _, r := range u.Roles {
		for _, g := range p.roles[r].index {
			if !matchesAny(g.actions, action) {
				continue
			}
			for _, pattern := range g.patterns {
				pattern = u.fill(pattern)
				if matches(pattern, t.Name) || slices.ContainsFunc(t.Also, func(n string) bool { return matches(pattern, n) }) {
					return true
				}
			}
		}
	}
	return false
}

// onCluster are the actions on documents and templates that are judged once for
// the cluster and not for each index.
var onCluster = strings.Fields(`indices:data/write/bulk indices:data/read/mget indices:data/read/mtv indices:data/write/reindex
	indices:admin/template/* indices:admin/index_template/* indices:data/read/scroll* indices:data/read/msearch*`)

// clusterAction says that an action is judged by cluster permissions.
func clusterAction(action string) bool {
	return strings.HasPrefix(action, "cluster:") || matchesAny(onCluster, action)
}

// Denied is the refusal. Without missing permissions it is about the content:
// no role would help.
func Denied(u *User, missing ...string) *wire.Error {
	return wire.New(403, "security_exception", "no permissions for [%s] and %s", strings.Join(missing, ", "), u)
}
