// Package facts is a memoised, read-only view of the accounts and domains of one
// migration, keyed by identity: forms, checks and plans ask here, and what two of
// them want to know is asked for once.
//
// It knows how each fact is learned and what is needed to learn it. It changes
// nothing and judges nothing: checks judge, steps want, kinds write.
package facts

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

// Role is what an identity is used for.
type Role string

// The roles of an identity.
const (
	Control Role = "control" // calls the AWS APIs
	Signer  Role = "signer"  // signs calls to the domain
	Mapper  Role = "mapper"  // may edit role mappings
)

// Slot is one identity of one side.
type Slot struct {
	Side steps.Side
	Role Role
}

// Options of Open.
type Options struct {
	// Spec may be partial (preflight, forms): what was not said is an error of
	// the facts that need it.
	Spec    *spec.Spec
	Network *network.Network
	// Keys are the access keys that were typed in. A slot without keys of its
	// own uses the side's control keys.
	Keys map[Slot]session.Keys
	// Passwords are the internal users' of the sides whose mapper is one.
	Passwords map[steps.Side]session.Secret
	// Sandbox holds the keys the embedded AWS hands out, by profile name
	// ("source", "target", "jump"); nil for the real AWS. An identity of no said
	// base takes the profile of its side's name.
	Sandbox map[string]session.Keys
	// Recorded are the UUIDs, by target name, of the indices that an earlier start
	// of this run restored.
	Recorded map[string]string
	// Run is the run of the run directory, "" where there is none yet.
	Run string
	// Sessions are shared with other views of this start; nil for a view's own.
	Sessions *Sessions
	// Session carries the rest of how sessions are opened: MFA, files, isolation.
	Session session.Options
	// Now is nil for time.Now.
	Now func() time.Time
	// HealthLate is how much longer than for the rest a listing waits for the health of
	// its domains; 0 is two seconds.
	HealthLate time.Duration
}

// Facts is the view. It is safe for concurrent use: concurrent callers of the
// same fact share one read.
//
// What was learned stays until Drop, DropAll or Renew; that two reads of one fact
// agree is what lets checks and plans be compared with each other. Errors that
// may be gone the next time (throttling, timeouts, expired credentials) are not
// remembered. Every error of a fact is an *Error.
type Facts struct {
	opts  Options
	spec  *spec.Spec
	now   func() time.Time
	kinds map[steps.Kind]resource.Kind
	// mapped are the kinds that a signer reads, for reading them as the mapper.
	mapped map[steps.Kind]resource.Kind
	memo   memo

	mu sync.Mutex
	// accounts are by identity and region, clusters by identity and endpoint.
	accounts map[string]*account.Account
	clusters map[string]*cluster.Cluster
	// hosts are the endpoints learned so far, for renderings.
	hosts   map[steps.Side]string
	engines map[steps.Side]awsid.EngineVersion
	// masters are the sides whose domains have a master with a password.
	masters map[steps.Side]bool

	// selected is what the answers choose among the indices of the reading that begins
	// at selectedOf.
	selecting  sync.Mutex
	selected   Selection
	selectedOf *Index
}

// Open prepares the view. It talks to nobody yet.
func Open(_ context.Context, o Options) (*Facts, error) {
	if o.Spec == nil {
		o.Spec = &spec.Spec{}
	}
	if o.Sessions == nil {
		o.Sessions = &Sessions{}
	}
	if o.HealthLate == 0 {
		o.HealthLate = healthLate
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := o.Network.Problem(); err != nil {
		return nil, err
	}
	f := &Facts{
		opts: o, spec: o.Spec, now: o.Now,
		accounts: map[string]*account.Account{},
		clusters: map[string]*cluster.Cluster{},
		hosts:    map[steps.Side]string{},
		engines:  map[steps.Side]awsid.EngineVersion{},
		masters:  map[steps.Side]bool{},
	}
	var tags []string
	for _, side := range []*spec.SideSpec{&o.Spec.Source, &o.Spec.Target} {
		tags = slices.AppendSeq(tags, maps.Keys(side.Role.Tags))
	}
	kinds := resource.Options{Place: f.Place, Curl: f.curl, MapperCurl: f.mapperCurl, Tags: tags}
	f.kinds, f.mapped = resource.All(f, kinds), resource.All(asMapper{f}, kinds)
	return f, nil
}

// Spec is what the view was opened for.
func (f *Facts) Spec() *spec.Spec { return f.spec }

// Now is the injected clock.
func (f *Facts) Now() time.Time { return f.now() }
