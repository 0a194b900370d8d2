// Package memory is the embedded cluster behind the managed-service front: an
// http.Handler that answers like Elasticsearch 7.10.2, OpenSearch 2.19.4, 3.4.0
// or another version, with documents, snapshots and restores that really happen.
//
// It is told who asks by package backend and reaches S3 through it. It knows no
// signature, no access policy and no account; nor does it know a clock of its
// own: progress is a pure function of the moment it is asked at.
package memory

import (
	"context"
	"crypto/rand"
	"io"
	"sync"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory/pace"
	"snapferry/awsx/sandbox/memory/security"
	"snapferry/awsx/sandbox/memory/wire"
)

// Pace is how long snapshots and restores take.
type Pace = pace.Pace

// Options of Open.
type Options struct {
	// Dir holds the cluster's whole state; it is made where it is missing.
	Dir string
	// Version is the engine and how it words things.
	Version awsid.EngineVersion
	// Name is the cluster's name; a managed domain shows ACCOUNT:DOMAIN.
	Name string
	// Nodes is the number of data nodes, at least 1. Replicas that do not fit
	// stay unassigned, as on real nodes.
	Nodes int
	// NodeBytes is the disk of one node; 0 means 100 GiB.
	NodeBytes int64
	// Zones is set for Multi-AZ with Standby: the copies of every shard must be a
	// multiple of it. 0 asks for nothing.
	Zones int
	// Clock is the only source of time.
	Clock func() time.Time
	// Wait lets time pass for calls that wait (wait_for_completion,
	// wait_for_status); it ends early with the context. Without it such a call
	// is answered as the load balancer in front of a domain does: 504.
	Wait func(context.Context, time.Duration) error
	Pace Pace
	// Roles is how snapshot repositories reach the store.
	Roles backend.RoleAccess
	// Security is fine-grained access control; nil is a domain without it. It
	// counts when a cluster is made and adds its master at each Open after; users,
	// roles and mappings are the cluster's own from then on.
	Security *Security
	// Random is where identifiers come from; nil means crypto/rand.
	Random io.Reader
}

// Cluster is one embedded cluster. It is safe for concurrent use.
type Cluster struct {
	opt    Options
	eng    engine
	routes *router
	// plugin is the access control, nil for none. It is guarded by mu.
	plugin *security.Plugin

	mu      sync.Mutex
	state   state
	indices map[string]*index
	// byName are the same, sorted by name. The list is replaced and never changed in
	// place: a call that waits may be walking along it.
	byName  []*index
	scrolls map[string]*scroll
}

// Open reads a cluster's folder, or makes a new cluster in it. A cluster that
// was killed is what it was, and what ran then has gone on by the clock.
func Open(o Options) (*Cluster, error) {
	o.Nodes = max(1, o.Nodes)
	if o.NodeBytes == 0 {
		o.NodeBytes = 100 << 30
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	c := &Cluster{opt: o, eng: engine{o.Version}, indices: map[string]*index{}, scrolls: map[string]*scroll{}}
	c.routes = newRouter(c.table())
	if err := c.load(); err != nil {
		return nil, err
	}
	if err := c.secure(); err != nil {
		return nil, err
	}
	return c, nil
}

// now is the moment of this call; nothing else asks a clock.
func (c *Cluster) now() time.Time { return c.opt.Clock().UTC() }

// uuid makes an identifier.
func (c *Cluster) uuid() string { return wire.UUID(c.opt.Random) }
