package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/front"
	"snapferry/awsx/sandbox/memory"
	"snapferry/awsx/sandbox/memory/content"
	"snapferry/awsx/sandbox/memory/pace"
	"snapferry/awsx/sandbox/s3"
	"snapferry/awsx/sandbox/upstream"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// memoryBackend is the backend kind of domains without a real node.
const memoryBackend = "memory"

// roles is a domain's way to the object store.
type roles struct {
	sessions front.Sessions
	domain   front.Key
	s3       *s3.Service
}

// Open implements backend.RoleAccess.
func (r roles) Open(ctx context.Context, at backend.Place) (backend.Blobs, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	caller, err := front.Assume(r.sessions, r.domain, at.RoleARN)
	if err != nil {
		return nil, err
	}
	return r.s3.Blobs(caller, at), nil
}

// exchangeable is a backend that can be put in another's place while it serves.
type exchangeable struct{ now atomic.Pointer[http.Handler] }

func (e *exchangeable) use(h http.Handler) { e.now.Store(&h) }

func (e *exchangeable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*e.now.Load()).ServeHTTP(w, r)
}

// settled lets what is due in the other clusters come to its end before a request
// is served: time passes for clusters that nobody asks too, and whoever looks into
// the bucket must find what they have written by now.
func (s *Sandbox) settled(label string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for other, c := range s.clusters {
			if other == label {
				continue // does so itself
			}
			if err := c.Settle(r.Context()); err != nil && s.options.Logger != nil {
				s.options.Logger.Error("settle", "domain", other, "error", err)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// folder is where a domain's backend keeps what is its own.
func (s *Sandbox) folder(d world.Domain) string {
	return filepath.Join(s.world.Dir(), "domains", string(d.Account)+"-"+string(d.Region)+"-"+string(d.Name))
}

// embedded makes the in-memory cluster of a domain.
func (s *Sandbox) embedded(d world.Domain, p memory.Pace) (*memory.Cluster, error) {
	o := memory.Options{
		Dir: s.folder(d), Version: d.Embedded, Name: string(d.Account) + ":" + string(d.Name), Nodes: d.Cluster.Instances,
		NodeBytes: int64(d.EBS.SizeGiB) << 30, Clock: s.options.Clock, Pace: p, Roles: s.roles(d),
	}
	if d.Security.Enabled {
		o.Security = masterOf(d)
	}
	if s.ownClock {
		o.Wait = wait
	}
	return memory.Open(o)
}

func masterOf(d world.Domain) *memory.Security {
	return &memory.Security{MasterARN: d.Security.MasterARN, MasterUser: d.Security.MasterUser, MasterPassword: d.Security.MasterPassword}
}

// appoint makes the master of a domain's configuration that of its cluster, and
// tells whoever reads how the sandbox is reached.
func (s *Sandbox) appoint(d world.Domain) error {
	return errors.Join(s.clusters[d.Label].Appoint(*masterOf(d)), s.publish())
}

// pace is how long snapshots and restores take here.
func (s *Sandbox) pace() memory.Pace {
	if s.options.Pace == PaceInstant {
		return pace.Instant()
	}
	return pace.Realistic()
}

// contentSeed decides the documents of the default world.
const contentSeed = 20261122

// plant gives a new cluster its first content: a shop's data to the source,
// what every managed domain has to the others. One that was interrupted is done
// again with the same result.
func (s *Sandbox) plant(c *memory.Cluster, d world.Domain, began time.Time) error {
	if s.labelledDomain(d.Label).Planted {
		return nil
	}
	err := content.Seed(c, content.Options{Seed: contentSeed, Now: began, Version: d.Embedded, SystemOnly: d.Label != "source"})
	if err != nil {
		return err
	}
	return s.world.Write(func(st *world.State) error {
		st.DomainLabelled(d.Label).Planted = true
		return nil
	})
}

// wait lets real time pass.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// roles is the way to the store of one domain; each domain has its own, because
// trust policies may name the domain.
func (s *Sandbox) roles(d world.Domain) roles {
	return roles{sessions: s.gate, domain: front.KeyOf(&d), s3: s.s3}
}

// UseNode puts a real node behind the front of a domain, by its label. engine
// is nil for a node that tells what it is to the master of the domain.
func (s *Sandbox) UseNode(ctx context.Context, label, url string, engine *upstream.Engine) error {
	var d world.Domain
	s.world.Read(func(st *world.State) {
		if found := st.DomainLabelled(label); found != nil {
			d = *found
		}
	})
	if d.Label == "" {
		return fmt.Errorf("the sandbox has no domain %q", label)
	}
	if engine == nil {
		found, err := s.detect(ctx, url, d.Security)
		if err != nil {
			return err
		}
		engine = &found
	}
	node, err := upstream.New(upstream.Options{
		URL: url, Engine: *engine, Slots: slots{s, d}, StoreTLS: true, Roles: s.roles(d), Root: s.StoreRoot(),
		State: upstream.File(filepath.Join(s.world.Dir(), "register-"+label+".json")), NewID: wire.NewID,
	})
	if err != nil {
		return err
	}
	err = s.world.Write(func(st *world.State) error {
		live := st.DomainLabelled(label)
		live.Backend, live.Version, live.Software = url, engine.Version, software(engine.Version)
		return nil
	})
	if err != nil {
		return err
	}
	s.backends[label].use(node)
	return s.publish()
}

// detect asks a node what it is, as the master of its domain: a node without
// security takes no notice of that. One that has the S3 plugin but not our clients
// is used through files, if it takes repositories in our folder.
func (s *Sandbox) detect(ctx context.Context, url string, security world.Security) (upstream.Engine, error) {
	found, err := upstream.Detect(ctx, asMaster(security), url)
	if err != nil {
		return upstream.Engine{}, fmt.Errorf("ask the node what it is: %w", err)
	}
	ours := slices.Contains(found.Clients, "slot1")
	switch {
	case found.Engine.S3 && ours:
	case slices.Contains(found.Folders, s.StoreRoot()):
		found.Engine.S3 = false
	default:
		return upstream.Engine{}, fmt.Errorf("%s can reach no bucket of the sandbox: give it path.repo: [%q], or the S3 clients slot1… of the sandbox", url, s.StoreRoot())
	}
	return found.Engine, nil
}

// slots binds roles to the S3 clients of one domain's node.
type slots struct {
	s *Sandbox
	d world.Domain
}

// Bind implements upstream.Slots.
func (b slots) Bind(roleARN string) (client string, err error) {
	err = b.s.world.Write(func(st *world.State) error {
		all := st.MakeSlots(&b.d)
		at := slices.IndexFunc(all, func(slot *world.Slot) bool { return slot.Role == roleARN })
		if at < 0 {
			at = slices.IndexFunc(all, func(slot *world.Slot) bool { return slot.Role == "" })
		}
		if at < 0 {
			return errors.New("all S3 clients of the node stand for other roles")
		}
		all[at].Role, client = roleARN, all[at].Client
		return nil
	})
	return client, err
}

// Slot is an S3 client that a node needs in its settings and keystore to stand
// behind a domain.
type Slot struct{ Client, AccessKey, Secret string }

// Slots are the S3 clients of the node behind a domain, by the domain's label.
func (s *Sandbox) Slots(label string) ([]Slot, error) {
	var out []Slot
	err := s.world.Write(func(st *world.State) error {
		d := st.DomainLabelled(label)
		if d == nil {
			return fmt.Errorf("the sandbox has no domain %q", label)
		}
		for _, slot := range st.MakeSlots(d) {
			out = append(out, Slot{slot.Client, slot.Key, slot.Secret})
		}
		return nil
	})
	return out, err
}
