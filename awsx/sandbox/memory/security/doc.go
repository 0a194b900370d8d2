// Package security is the fine-grained access control of the embedded cluster,
// as a managed domain shows it: who a caller is, which roles he has, what they
// let him do, and the REST API by which all this is read and changed.
//
// It knows names of actions and indices but no cluster: what a call asks for and
// which indices it is about are told to it. Its answers and refusals are those
// of the real plugin of OpenSearch 2.19 and 3.4, recorded; those of older
// versions follow its published source.
package security

import (
	"io"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
)

// Options of Open.
type Options struct {
	// Version decides the wording.
	Version awsid.EngineVersion
	// MasterARN is the IAM user or role that is master, or "".
	MasterARN string
	// MasterUser and MasterPassword are those of an internal master, or "".
	MasterUser, MasterPassword string
	// Random salts passwords.
	Random io.Reader
}

// State is everything that is kept. It holds no password, only salted hashes.
type State struct {
	Master Master
	// Entries are roles, mappings, internal users and action groups that are not
	// static, by kind and name.
	Entries map[string]map[string]*Entry
}

// Master is who was master when the domain was last configured.
type Master struct{ ARN, User, Hash string }

// Entry is one role, mapping, user or action group.
type Entry struct {
	// Body is what a PUT brought, unknown members and all defaults left out.
	Body object
	// Reserved entries can be seen and not changed, Hidden ones not even seen.
	Reserved, Hidden bool `json:",omitempty"`
	static           bool
}

// object is a JSON object.
type object = map[string]any

// Plugin answers for one cluster. It is not safe for concurrent use.
type Plugin struct {
	options Options
	state   *State
	roles   map[string]role
}

// The roles a master is mapped to, and the one that opens the REST API: in a
// managed domain all_access alone does not.
const (
	allAccess = "all_access"
	manager   = "security_manager"
)

// Open takes up what was kept; nil makes a new state. A master other than the
// one it knows is mapped beside the old one, as changing the master user of a
// domain does.
func Open(s *State, o Options) (*Plugin, error) {
	if s == nil {
		s = &State{Entries: map[string]map[string]*Entry{}}
	}
	for _, k := range kinds {
		if s.Entries[k.path] == nil {
			s.Entries[k.path] = map[string]*Entry{}
		}
	}
	s.Entries[rolesKind][manager] = &Entry{Body: object{}, Reserved: true}
	p := &Plugin{options: o, state: s}
	if err := p.appoint(); err != nil {
		return nil, err
	}
	p.compile()
	return p, nil
}

// State is what is to be kept.
func (p *Plugin) State() *State { return p.state }

// appoint maps the configured master where it is not the one that is known.
func (p *Plugin) appoint() error {
	o, was := p.options, p.state.Master
	if o.MasterARN != was.ARN && o.MasterARN != "" {
		p.crown(o.MasterARN)
	}
	if o.MasterUser != "" && (o.MasterUser != was.User || !verify(o.MasterPassword, was.Hash)) {
		hash, err := p.hash(o.MasterPassword)
		if err != nil {
			return err
		}
		p.state.Entries[usersKind][o.MasterUser] = &Entry{Body: object{"hash": hash}}
		p.state.Master.Hash = hash
		p.crown(o.MasterUser)
	}
	p.state.Master.ARN, p.state.Master.User = o.MasterARN, o.MasterUser
	return nil
}

// Appoint maps a master who was set, also one that is master already: whoever
// was taken out of the mappings is in again, and nobody goes.
func (p *Plugin) Appoint(arn, user, password string) error {
	p.options.MasterARN, p.options.MasterUser, p.options.MasterPassword = arn, user, password
	p.state.Master = Master{}
	if err := p.appoint(); err != nil {
		return err
	}
	p.compile()
	return nil
}

// crown maps a master: a role's ARN under backend_roles, everybody else under
// users.
func (p *Plugin) crown(name string) {
	under := "users"
	if strings.Contains(name, ":role/") {
		under = "backend_roles"
	}
	for _, r := range []string{allAccess, manager} {
		e := p.state.Entries[mappingsKind][r]
		if e == nil {
			e = &Entry{Body: object{}}
			p.state.Entries[mappingsKind][r] = e
		}
		list, _ := e.Body[under].([]any)
		if !slices.Contains(list, any(name)) {
			e.Body[under] = append(list, name)
		}
	}
}

// old says that the wording is that of the versions before the plugin's REST
// layer was rewritten.
func (p *Plugin) old() bool { return !p.atLeast(2, 11) }

// atLeast compares within OpenSearch, which is newer than all Elasticsearch.
func (p *Plugin) atLeast(major, minor int) bool {
	return p.options.Version.Compare(awsid.EngineVersion{Family: awsid.OpenSearch, Major: major, Minor: minor}) >= 0
}
