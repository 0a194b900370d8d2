// Package metadata is what machines of the embedded AWS are told about
// themselves: the instance metadata service of EC2 and the credentials endpoints
// of containers.
//
// It gives out credentials of roles that trust the machine's service. A machine
// is any role of any account, by name: who sits on it is said by whoever asks. It
// does not know what the credentials are used for.
package metadata

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// Addresses of the services on every machine.
const (
	InstanceAddress  = "169.254.169.254"
	ContainerAddress = "169.254.170.2"
	PodAddress       = "169.254.170.23"
)

// The host one is on without having said which: the account's label and the role.
const (
	UsualAccount = "source"
	UsualRole    = "bastion"
)

// Machine is who asks: a role of an account, by the account's label.
type Machine struct {
	Account, Role string
	// Region is where the machine stands.
	Region awsid.Region
}

// Service answers for all machines.
type Service struct {
	world *world.World
	gate  *access.WorldGate
	home  awsid.Region
	// seal is what tokens are made with; they end with the process.
	seal [32]byte
	// pods is what pods must show to get credentials.
	pods string
}

// New makes the service. home is where machines stand; pods is the token of pods.
func New(w *world.World, gate *access.WorldGate, home awsid.Region, pods string) *Service {
	s := &Service{world: w, gate: gate, home: home, pods: pods}
	_, _ = rand.Read(s.seal[:]) // never fails, by its documentation
	return s
}

// Route gives who answers a request over plain http, nil for a host that is no
// part of a machine. The request's proxy login says which machine it comes from:
// its user is the account's label, its password the role.
func (s *Service) Route(host string, r *http.Request) http.Handler {
	m := s.machine(r)
	switch host {
	case InstanceAddress:
		return s.instance(m)
	case ContainerAddress, PodAddress:
		return http.HandlerFunc(s.container)
	case "127.0.0.1", "localhost":
		if strings.HasPrefix(r.URL.Path, podPath) {
			return http.HandlerFunc(s.container)
		}
		if strings.HasPrefix(r.URL.Path, "/latest/") {
			return s.instance(m)
		}
	}
	return nil
}

// machine reads the proxy login; without one it is the usual bastion.
func (s *Service) machine(r *http.Request) Machine {
	login := http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}
	account, role, ok := login.BasicAuth()
	if !ok || account == "" {
		account, role = UsualAccount, UsualRole
	}
	return Machine{account, role, s.home}
}

// Lives of credentials: machines keep theirs until little is left.
const (
	lifetime = 6 * time.Hour
	renewal  = time.Hour
)

// credentials gives the machine's session of its role, the same one until it
// nears its end. service is who must be trusted by the role.
func (s *Service) credentials(m Machine, service, name string) (*world.Session, awsid.ARN, verdict) {
	account, role := s.find(m)
	if role == nil {
		return nil, awsid.ARN{}, unknownRole
	}
	arn := account.RoleARN(role)
	if !s.gate.ServiceMayAssume(service, role.Trust, arn.String(), account.ID, nil).Allowed() {
		return nil, arn, notTrusted
	}
	var out *world.Session
	now := s.world.Now()
	look := func(st *world.State) {
		for _, old := range st.Sessions {
			if old.RoleID == role.ID && old.Name == name && old.Expires.Sub(now) > renewal {
				copied := *old
				out = &copied
			}
		}
	}
	if s.world.Read(look); out != nil {
		return out, arn, given
	}
	err := s.world.Write(func(st *world.State) error {
		if look(st); out != nil {
			return nil
		}
		made := *st.NewSession(account, role, name, now, lifetime, nil)
		out = &made
		return nil
	})
	if err != nil {
		return nil, arn, failed
	}
	return out, arn, given
}

// verdict is how asking for credentials came out.
type verdict int

const (
	given verdict = iota
	unknownRole
	notTrusted
	failed
)

// find copies what a machine is.
func (s *Service) find(m Machine) (account *world.Account, role *world.Role) {
	s.world.Read(func(st *world.State) {
		a := st.Labelled(m.Account)
		if a == nil {
			return
		}
		if r := a.Role(m.Role); r != nil && r.Name == m.Role {
			account, role = &world.Account{ID: a.ID, Label: a.Label}, &world.Role{}
			*role = *r
		}
	})
	return account, role
}

// id is a name that a machine always has: hexadecimal digits.
func (m Machine) id(n int) string {
	sum := sha256.Sum256([]byte(m.Account + "/" + m.Role))
	return hex.EncodeToString(sum[:])[:n]
}

// stamp is a time as both endpoints write it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// note tells the request log what was asked, and for which machine.
func note(r *http.Request, operation string) { wire.CallOf(r.Context()).Operation = operation }
