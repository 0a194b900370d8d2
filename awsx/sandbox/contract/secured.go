package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"snapferry/awsx/sandbox/backend"
)

// Secured is a world whose clusters have fine-grained access control and share
// one object store.
type Secured interface {
	// Secured gives the cluster of a version with this master, the same one at
	// each call. As must be set in what it gives. A new one maps the master to
	// all_access and security_manager (a role under backend_roles, everybody
	// else under users), maps nobody else, and has no other internal user.
	Secured(t testing.TB, version string, master Actor) Target
}

// Actor is who sends a request. The zero Actor is nobody.
type Actor struct {
	// ARN is of the IAM identity by whom the front took the request as signed.
	ARN string
	// User and Password are of an internal user.
	User, Password string
}

const account = "arn:aws:iam::111111111111:"

// The two kinds of master.
var (
	MasterIAM      = Actor{ARN: account + "role/master"}
	MasterInternal = Actor{User: "captain", Password: "Ferry-Boat-7-Crossing"}
)

// Actors are who asks in the secured scenarios beside the master.
var Actors = map[string]Actor{
	"nobody":          {},
	"signer":          {ARN: account + "role/signer"},
	"pathed":          {ARN: account + "role/team/ferry/pilot"},
	"person":          {ARN: account + "user/person"},
	"admin":           {ARN: account + "role/admin"},
	"manager":         {ARN: account + "role/manager"},
	"crew":            {User: "crew", Password: "Deck-Hand-4-Mooring"},
	"crew-mistyped":   {User: "crew", Password: "Deck-Hand-5-Mooring"},
	"master-mistyped": {User: "captain", Password: "Ferry-Boat-8-Crossing"},
}

// RunSecured plays every secured scenario on the clusters of a version. Answers
// are compared with recorded ones where the version's security plugin can be
// had; elsewhere with the cases' own demands alone.
func RunSecured(t *testing.T, w Secured, version string) {
	more := compareWithGolden
	if family(version) == "elasticsearch" {
		more = nil
	}
	playSecured(t, w, version, more)
}

func playSecured(t *testing.T, w Secured, version string, more check) {
	for _, master := range []Actor{MasterIAM, MasterInternal} {
		var scenarios []Scenario
		for _, s := range SecurityScenarios() {
			if s.Internal == (master == MasterInternal) {
				scenarios = append(scenarios, s)
			}
		}
		play(t, mastered{w, master}, scenarios, version, more)
	}
}

// mastered is a secured world as a plain one.
type mastered struct {
	secured Secured
	master  Actor
}

func (m mastered) Cluster(t testing.TB, version string) Target {
	return m.secured.Secured(t, version, m.master)
}

// Acting gives the clients of a backend in this process, for Target.As.
func Acting(h http.Handler) func(Actor) *http.Client {
	return func(a Actor) *http.Client {
		return InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := backend.Anonymous()
			switch {
			case a.ARN != "":
				id = backend.IAM(a.ARN)
			case a.User != "":
				id = backend.Internal(a.User)
				r.SetBasicAuth(a.User, a.Password)
			}
			h.ServeHTTP(w, r.WithContext(backend.WithIdentity(r.Context(), id)))
		}))
	}
}

// securityIndex holds the security plugin's documents; nobody can delete it.
const securityIndex = ".opendistro_security"

// cleanSecurity takes back mappings, roles and users that scenarios made. The
// master's own mappings are put back last: until then another mapped actor
// could still do so.
func (r runner) cleanSecurity(t testing.TB) (left string) {
	if r.target.As == nil {
		return ""
	}
	const api = "/_plugins/_security/api/"
	own := []string{"all_access", "security_manager"}
	master := r.master()
	for _, kind := range []string{"rolesmapping", "roles", "internalusers"} {
		for name, v := range object(r.send(t, "GET "+api+kind, "").Body) {
			entry := object(v)
			if entry["reserved"] == true || entry["static"] == true || kind == "rolesmapping" && slices.Contains(own, name) || name == master.User {
				continue
			}
			if a := r.send(t, "DELETE "+api+kind+"/"+name, ""); a.Status != http.StatusOK {
				left += fmt.Sprintln(kind, name, a.Body)
			}
		}
	}
	for _, name := range own {
		if a := r.send(t, "PUT "+api+"rolesmapping/"+name, string(master.mapping())); a.Status != http.StatusOK {
			left += fmt.Sprintln("rolesmapping", name, a.Body)
		}
	}
	return left
}

func (r runner) master() Actor {
	if r.scenario.Internal {
		return MasterInternal
	}
	return MasterIAM
}

// mapping is a role mapping with this actor alone.
func (a Actor) mapping() []byte {
	mapping := map[string][]string{"users": {a.User}}
	if a.ARN != "" {
		mapping = map[string][]string{"backend_roles": {a.ARN}}
	}
	b, err := json.Marshal(mapping)
	if err != nil {
		panic(err) // strings always marshal
	}
	return b
}
