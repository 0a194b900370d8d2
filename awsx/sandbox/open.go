package sandbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/front"
	"snapferry/awsx/sandbox/kms"
	"snapferry/awsx/sandbox/memory"
	"snapferry/awsx/sandbox/memory/pace"
	"snapferry/awsx/sandbox/metadata"
	"snapferry/awsx/sandbox/proxy"
	"snapferry/awsx/sandbox/s3"
	"snapferry/awsx/sandbox/store"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// Sandbox is a running embedded AWS. It serves from Open to Close.
type Sandbox struct {
	options  Options
	ownClock bool
	world    *world.World
	gate     *access.WorldGate
	log      *wire.Log
	store    *store.Store
	s3       *s3.Service
	router   *router
	backends map[string]*exchangeable
	clusters map[string]*memory.Cluster
	proxy    *proxy.Proxy
	// mu guards info, which changes when a node comes behind a domain.
	mu   sync.Mutex
	info Info
	// closers end the parts, newest last.
	closers []func(context.Context) error
}

// Open starts a sandbox in a directory, or goes on with the one that is in it.
// It fails with world.ErrInUse where another process serves it; Join reaches
// that one.
func Open(ctx context.Context, o Options) (*Sandbox, error) {
	s := &Sandbox{options: o, backends: map[string]*exchangeable{}, clusters: map[string]*memory.Cluster{}}
	if o.Clock == nil {
		s.options.Clock, s.ownClock = time.Now, true
	}
	switch {
	case o.Dir == "":
		return nil, errors.New("the sandbox needs a directory")
	case o.Pace != "" && o.Pace != PaceRealistic && o.Pace != PaceInstant:
		return nil, fmt.Errorf("the sandbox has no pace %q: it is %s or %s", o.Pace, PaceRealistic, PaceInstant)
	}
	err := o.checkPlots()
	if err == nil {
		s.options, err = s.options.withFaults()
	}
	if err == nil {
		err = s.start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// start opens the parts from the inside out; the proxy is last, so that nobody
// reaches a sandbox that is half there.
func (s *Sandbox) start(ctx context.Context) error {
	if err := s.openWorld(); err != nil {
		return err
	}
	if err := s.openServices(); err != nil {
		return err
	}
	if err := s.openDomains(ctx); err != nil {
		return err
	}
	if err := s.openProxy(); err != nil {
		return err
	}
	for _, label := range slices.Sorted(maps.Keys(s.options.Upstream)) {
		if err := s.UseNode(ctx, label, s.options.Upstream[label], nil); err != nil {
			return err
		}
	}
	return s.publish()
}

func (s *Sandbox) openWorld() error {
	// Nodes and other processes are told the folder: it must not depend on
	// where somebody stands.
	dir, err := filepath.Abs(s.options.Dir)
	if err != nil {
		return err
	}
	s.options.Dir = dir
	if s.world, err = world.Open(dir, s.options.Clock); err != nil {
		return err
	}
	s.onClose(func(context.Context) error { return s.world.Close() })
	if s.world.Fresh() {
		return s.world.Write(seed(s.world.Now(), s.options))
	}
	return errors.Join(s.sameAccess(), s.sameFaults())
}

func (s *Sandbox) openServices() error {
	var err error
	if s.log, err = wire.OpenLog(s.world.Dir(), s.options.Clock); err != nil {
		return err
	}
	s.onClose(func(context.Context) error { return s.log.Close() })
	if s.store, err = store.Open(s.StoreRoot(), s.options.Clock); err != nil {
		return err
	}
	s.onClose(func(context.Context) error { return s.store.Close() })
	s.gate = access.NewGate(s.world)
	register := s3.WorldRegister{World: s.world}
	s.s3 = s3.New(s3.Options{
		Store: s.store, Gate: s.gate, Buckets: register, Principals: register, Keys: kms.Keys{World: s.world, Gate: s.gate}, Now: s.options.Clock, Logger: s.options.Logger,
	})
	s.router = newRouter(s.world, s.gate, s.log, s.settled("", s.s3))
	s.router.appoint, s.router.health = s.appoint, s.health
	return s.world.Write(func(st *world.State) error {
		if st.PodToken == "" {
			st.PodToken = st.Secret()
		}
		s.router.machines = metadata.New(s.world, s.gate, Region, st.PodToken)
		return nil
	})
}

// openDomains puts the embedded cluster behind each front.
func (s *Sandbox) openDomains(ctx context.Context) error {
	var domains []world.Domain
	var began time.Time
	// Nodes stand behind domains for as long as they are asked for.
	err := s.world.Write(func(st *world.State) error {
		began = st.Began
		for _, d := range st.Domains {
			if d.Backend != memoryBackend {
				d.Backend, d.Version, d.Software = memoryBackend, d.Embedded, software(d.Embedded)
			}
			domains = append(domains, *d)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if s.toDeal() {
		// What was before anybody came has taken no time.
		if err := s.openClusters(domains, began, pace.Instant()); err != nil {
			return err
		}
		if err := s.dealFaults(ctx); err != nil {
			return err
		}
	}
	return s.openClusters(domains, began, s.pace())
}

// openClusters opens the embedded cluster of each domain and puts it behind the
// domain's front.
func (s *Sandbox) openClusters(domains []world.Domain, began time.Time, p memory.Pace) error {
	for _, d := range domains {
		cluster, err := s.embedded(d, p)
		if err == nil {
			err = s.plant(cluster, d, began)
		}
		if err != nil {
			return fmt.Errorf("open the domain %s: %w", d.Label, err)
		}
		place := &exchangeable{}
		place.use(cluster)
		s.backends[d.Label], s.clusters[d.Label] = place, cluster
		behind := s.settled(d.Label, place)
		s.router.domains[d.Label] = s.log.Serve("domain", &front.Front{World: s.world, Gate: s.gate, Domain: front.KeyOf(&d), Backend: behind})
	}
	return nil
}

// openProxy goes back to the last address if it is free: whoever has it in his
// environment finds the sandbox again after a kill.
func (s *Sandbox) openProxy() error {
	// Certificates are checked by clients' clocks, whatever ours says.
	ca, err := proxy.OpenAuthority(s.world.Dir(), time.Now)
	if err != nil {
		return err
	}
	addr := s.options.Addr
	if addr == "" {
		addr = lastAddress(s.world.Dir())
	}
	if s.proxy, err = proxy.Start(addr, ca, s.router.route, s.router.plain, s.options.Logger); err != nil && s.options.Addr == "" {
		s.proxy, err = proxy.Start("127.0.0.1:0", ca, s.router.route, s.router.plain, s.options.Logger)
	}
	if err != nil {
		return err
	}
	s.onClose(s.proxy.Close)
	return nil
}

// onClose remembers how a part ends. Parts end in the reverse order.
func (s *Sandbox) onClose(f func(context.Context) error) { s.closers = append(s.closers, f) }

// Close stops serving and lets another process have the directory. The world
// stays in it. ctx bounds the wait for requests being served.
func (s *Sandbox) Close(ctx context.Context) error {
	var err error
	for _, f := range slices.Backward(s.closers) {
		err = errors.Join(err, f(ctx))
	}
	s.closers = nil
	return err
}

// Info says how the sandbox is reached.
func (s *Sandbox) Info() Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.info
}

// Env is Info().Env().
func (s *Sandbox) Env() []Variable { return s.Info().Env() }

// Transport reaches the services in this process, without sockets and TLS.
func (s *Sandbox) Transport() http.RoundTripper {
	return proxy.Transport{Route: s.router.route, Plain: s.router.plain}
}

// Dump is the state of accounts, buckets' configurations and domains as
// canonical JSON, for comparing two moments. What lies in buckets and clusters
// is not in it.
func (s *Sandbox) Dump() ([]byte, error) { return s.world.Dump() }

// StoreRoot is the folder whose subfolders are the buckets.
func (s *Sandbox) StoreRoot() string { return filepath.Join(s.options.Dir, "s3") }
