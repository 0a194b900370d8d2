package memory

import (
	"cmp"
	"encoding/json"
	"errors"
	"net"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory/security"
	"snapferry/awsx/sandbox/memory/wire"
)

// Security switches fine-grained access control on. The master is an IAM
// identity, an internal user, or both.
type Security struct {
	// MasterARN is the ARN of an IAM user or role.
	MasterARN string
	// MasterUser and MasterPassword are an internal user's.
	MasterUser, MasterPassword string
}

// secure takes up users, roles and mappings, and makes the index in which a
// node keeps them. What they are stands in the cluster's state; the index is for
// being seen, snapshotted and kept out of restores.
func (c *Cluster) secure() error {
	o := c.opt.Security
	if o == nil {
		return nil
	}
	p, err := security.Open(c.state.Security, security.Options{
		Version: c.eng.v, MasterARN: o.MasterARN, MasterUser: o.MasterUser, MasterPassword: o.MasterPassword, Random: c.opt.Random,
	})
	if err != nil {
		return err
	}
	c.plugin, c.state.Security = p, p.State()
	if c.indices[security.Index] == nil {
		if err := c.plantIndex(c.securityIndex()); err != nil {
			return err
		}
	}
	return c.save()
}

// Appoint sets the master, as changing the domain's configuration does: he is
// mapped, also if he was before, and takes effect at once.
func (c *Cluster) Appoint(s Security) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.plugin == nil {
		return errors.New("a cluster without fine-grained access control has no master")
	}
	if err := c.plugin.Appoint(s.MasterARN, s.MasterUser, s.MasterPassword); err != nil {
		return err
	}
	c.opt.Security = &s
	return c.save()
}

// securityIndex has one document for every kind of configuration, whose content
// nobody can read.
func (c *Cluster) securityIndex() Planted {
	list := "actiongroups audit config internalusers nodesdn roles rolesmapping tenants allowlist"
	if !c.eng.atLeast(3, 0) {
		list += " whitelist"
	}
	ix := Planted{Name: security.Index, Created: c.now(), Settings: map[string]string{
		"index.number_of_shards": "1", "index.number_of_replicas": strconv.Itoa(len(c.state.Nodes) - 1), "index.auto_expand_replicas": "0-all",
	}}
	fields := map[string]object{}
	for name := range strings.FieldsSeq(list) {
		fields[name] = object{"type": "text", "fields": object{"keyword": object{"type": "keyword", "ignore_above": 256}}}
		ix.Docs = append(ix.Docs, PlantedDoc{ID: name, Source: json.RawMessage(`{"` + name + `":"e30="}`)})
	}
	ix.Mappings, _ = wire.Encode(object{"properties": fields})
	return ix
}

// authenticate finds out who calls and keeps it with the call. Nobody is told
// so in plain text, before anything else of the request is looked at but its
// path and its type.
func (c *Cluster) authenticate(rt *route, r *call) (reply, bool) {
	if c.plugin == nil || strings.HasSuffix(rt.path, healthPath) {
		return reply{}, true
	}
	login := security.Login{Host: from(r)}
	login.Name, login.Password, _ = r.http.BasicAuth()
	if host, _, err := net.SplitHostPort(login.Host); err == nil {
		login.Host = host
	}
	if r.user = c.plugin.Know(backend.IdentityFrom(r.ctx), login); r.user != nil {
		return reply{}, true
	}
	product := "OpenSearch"
	if !c.eng.openSearch() {
		product = "Open Distro"
	}
	return reply{status: 401, plain: true, text: "Unauthorized", challenge: `Basic realm="` + product + ` Security"`}, false
}

// from is the address a call came from; one that came over no network came from
// this machine.
func from(r *call) string { return cmp.Or(r.http.RemoteAddr, "127.0.0.1:0") }

// authorize refuses what the caller's roles do not allow. A body that is no JSON
// is told first, as parsing comes before acting.
func (c *Cluster) authorize(rt *route, r *call) *wire.Error {
	if r.user == nil {
		return nil
	}
	for _, q := range c.asks(rt, r) {
		if err := c.plugin.Judge(r.user, q); err != nil {
			var any any
			if bad := r.decode(&any); bad != nil {
				return bad
			}
			return err
		}
	}
	return nil
}

// judge is authorize for one request that an API makes on its way.
func (c *Cluster) judge(r *call, targets []security.Target, actions ...string) *wire.Error {
	if r.user == nil {
		return nil
	}
	return c.plugin.Judge(r.user, security.Request{Actions: actions, Targets: targets})
}

// sealed says that nobody may see the documents of an index.
func (c *Cluster) sealed(ix *index) bool {
	return c.plugin != nil && security.Protected(ix.meta.Name)
}
