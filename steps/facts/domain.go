package facts

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
)

// Domain is a domain as far as it could be learned.
type Domain struct {
	account.Domain
	// Described says that the control plane told it. Else only Name and ARN
	// (where the name is known), Endpoint and Version (from GET /) are set.
	Described bool
}

// Domains lists the domains of a side's account and region, for choosing.
func (f *Facts) Domains(ctx context.Context, side steps.Side) ([]account.DomainSummary, error) {
	list, err := read(ctx, &f.memo, key{FactDomains, f.who(Slot{side, Control}), ""}, func(ctx context.Context) ([]account.DomainSummary, error) {
		acc, err := f.Control(ctx, side)
		if err != nil {
			return nil, err
		}
		return acc.Domains(ctx)
	})
	return list, f.failed(FactDomains, side, err)
}

// described asks the control plane, and nobody else: Signer rests on it.
func (f *Facts) described(ctx context.Context, side steps.Side) (account.Domain, error) {
	name := f.spec.Side(side).Domain
	of := string(name)
	if of == "" {
		of = "unsaid " + string(side)
	}
	d, err := read(ctx, &f.memo, key{FactDomain, f.who(Slot{side, Control}), of}, func(ctx context.Context) (account.Domain, error) {
		if name == "" {
			return account.Domain{}, notSaid(string(side) + ".domain")
		}
		acc, err := f.Control(ctx, side)
		if err != nil {
			return account.Domain{}, err
		}
		d, err := acc.Domain(ctx, name)
		if err != nil {
			return account.Domain{}, err
		}
		if d == nil {
			return account.Domain{}, missing("OpenSearch DescribeDomain", "there is no domain "+string(name)+" in this account and region")
		}
		return *d, nil
	})
	if err == nil {
		f.mu.Lock()
		f.masters[side] = d.Security.InternalUsers
		f.mu.Unlock()
	}
	return d, f.failed(FactDomain, side, err)
}

// Domain describes a side's domain. Where the control plane cannot be asked and
// the endpoint was typed, the domain itself is asked for what it can tell. A
// domain that is not there is an *Error of Kind failure.Missing.
func (f *Facts) Domain(ctx context.Context, side steps.Side) (Domain, error) {
	d, err := f.described(ctx, side)
	if err == nil {
		return Domain{Domain: d, Described: true}, nil
	}
	s := f.spec.Side(side)
	var known *Error
	if s.Endpoint == "" || (errors.As(err, &known) && known.Kind == failure.Missing) || ctx.Err() != nil {
		return Domain{}, err
	}
	info, engineErr := f.Engine(ctx, side)
	if engineErr != nil {
		return Domain{}, engineErr
	}
	d = account.Domain{Name: s.Domain, Endpoint: s.Endpoint, Version: info.Version}
	if s.Domain != "" {
		d.ARN = awsid.DomainARN(s.Region.Partition(), s.Region, s.Account, s.Domain)
	}
	return Domain{Domain: d}, nil
}

// domainFact reads something of a side's domain with its signer. What that one is
// refused the mapper may see: with fine-grained access control, the signer gets
// its rights only on the way.
func domainFact[T any](ctx context.Context, f *Facts, name Name, side steps.Side, of string, get func(context.Context, *cluster.Cluster) (T, error)) (T, error) {
	v, err := slotFact(ctx, f, name, Slot{side, Signer}, of, get)
	if failure.Is(err, failure.Denied) && f.mapperIsAnother(side) {
		seen, merr := slotFact(ctx, f, name, Slot{side, Mapper}, of, get)
		if merr == nil {
			return seen, nil
		}
		err = Unasked(err, merr)
	}
	return v, err
}

// slotFact reads it as one identity and no other.
func slotFact[T any](ctx context.Context, f *Facts, name Name, slot Slot, of string, get func(context.Context, *cluster.Cluster) (T, error)) (T, error) {
	v, err := read(ctx, &f.memo, key{name, f.at(slot), of}, func(ctx context.Context) (T, error) {
		c, err := f.caller(ctx, slot)
		if err != nil {
			var zero T
			return zero, err
		}
		return get(ctx, c)
	})
	return v, f.failed(name, slot.Side, err)
}

// mapperIsAnother says that a side's mapper is not its signer.
func (f *Facts) mapperIsAnother(side steps.Side) bool {
	return f.at(Slot{side, Mapper}) != f.at(Slot{side, Signer})
}

// Engine is what the domain's GET / says, signed.
func (f *Facts) Engine(ctx context.Context, side steps.Side) (cluster.Info, error) {
	return domainFact(ctx, f, FactEngine, side, "", func(ctx context.Context, c *cluster.Cluster) (cluster.Info, error) { return c.Info(ctx) })
}

// Answers is what GET / says to the signer itself.
func (f *Facts) Answers(ctx context.Context, side steps.Side) (cluster.Info, error) {
	return slotFact(ctx, f, FactEngine, Slot{side, Signer}, "", func(ctx context.Context, c *cluster.Cluster) (cluster.Info, error) { return c.Info(ctx) })
}

// Clock is how far the domain's clock is ahead of this host's, to about a
// second, by the Date header of an answer. A refusal has one too.
func (f *Facts) Clock(ctx context.Context, side steps.Side) (time.Duration, error) {
	return domainFact(ctx, f, FactClock, side, "", func(ctx context.Context, c *cluster.Cluster) (time.Duration, error) {
		sent := f.now()
		answer, err := c.Do(ctx, http.MethodGet, "/", nil)
		if err != nil {
			return 0, err
		}
		there, err := http.ParseTime(answer.Header.Get("Date"))
		if err != nil {
			return 0, &failure.Failure{Kind: failure.Unknown, Message: "the answer carries no date", Operation: "GET /", Host: c.Host(), Status: answer.Status}
		}
		// The header was written somewhere between, and drops the second's fraction.
		here := sent.Add(f.now().Sub(sent) / 2)
		return there.Add(500 * time.Millisecond).Sub(here), nil
	})
}

// Index is an index with its aliases.
type Index struct {
	cluster.Index
	// Aliases are sorted.
	Aliases []string
}

// Indices lists every index of a side's domain, hidden ones too, by name.
func (f *Facts) Indices(ctx context.Context, side steps.Side) ([]Index, error) {
	return domainFact(ctx, f, FactIndices, side, "", func(ctx context.Context, c *cluster.Cluster) ([]Index, error) {
		list, err := c.Indices(ctx)
		if err != nil {
			return nil, err
		}
		aliases, err := f.AliasOptions(ctx, side)
		if err != nil {
			return nil, err
		}
		out := make([]Index, len(list))
		for i, x := range list {
			out[i] = Index{Index: x, Aliases: slices.Sorted(maps.Keys(aliases[x.Name]))}
		}
		return out, nil
	})
}

// AliasOptions reads aliases with their options by index.
func (f *Facts) AliasOptions(ctx context.Context, side steps.Side) (map[string]map[string]json.RawMessage, error) {
	return domainFact(ctx, f, FactAliases, side, "", func(ctx context.Context, c *cluster.Cluster) (map[string]map[string]json.RawMessage, error) {
		return c.Aliases(ctx, nil)
	})
}

// DataStreams lists the data streams of a side's domain.
func (f *Facts) DataStreams(ctx context.Context, side steps.Side) ([]cluster.DataStream, error) {
	return domainFact(ctx, f, FactDataStreams, side, "", func(ctx context.Context, c *cluster.Cluster) ([]cluster.DataStream, error) {
		return c.DataStreams(ctx)
	})
}

// Health is the cluster's.
func (f *Facts) Health(ctx context.Context, side steps.Side) (cluster.Health, error) {
	return domainFact(ctx, f, FactHealth, side, "", func(ctx context.Context, c *cluster.Cluster) (cluster.Health, error) {
		return c.Health(ctx, nil)
	})
}

// Nodes are the nodes with their room.
func (f *Facts) Nodes(ctx context.Context, side steps.Side) ([]cluster.Node, error) {
	return domainFact(ctx, f, FactNodes, side, "", func(ctx context.Context, c *cluster.Cluster) ([]cluster.Node, error) { return c.Nodes(ctx) })
}

// Settings are the cluster's flat settings over defaults.
func (f *Facts) Settings(ctx context.Context, side steps.Side) (map[string]string, error) {
	return domainFact(ctx, f, FactSettings, side, "", func(ctx context.Context, c *cluster.Cluster) (map[string]string, error) {
		return c.ClusterSettings(ctx)
	})
}

// defaultShardsPerNode is the engines' default from Elasticsearch 7 on. Domains
// of OpenSearch 2.17 and later are set higher by the service, by heap, and tell.
const defaultShardsPerNode = 1000

// MaxShardsPerNode is cluster.max_shards_per_node, or its default where the
// cluster does not tell it.
func (f *Facts) MaxShardsPerNode(ctx context.Context, side steps.Side) (int, error) {
	s, err := f.Settings(ctx, side)
	if err != nil {
		return 0, err
	}
	if n, err := strconv.Atoi(s["cluster.max_shards_per_node"]); err == nil && n > 0 {
		return n, nil
	}
	return defaultShardsPerNode, nil
}

// RunningSnapshots are those that run now in any repository, the service's own included.
func (f *Facts) RunningSnapshots(ctx context.Context, side steps.Side) ([]cluster.SnapshotStatus, error) {
	return domainFact(ctx, f, FactRunning, side, "", func(ctx context.Context, c *cluster.Cluster) ([]cluster.SnapshotStatus, error) {
		return c.RunningSnapshots(ctx)
	})
}

// Repositories lists what is registered on a side's domain.
func (f *Facts) Repositories(ctx context.Context, side steps.Side) ([]cluster.Repository, error) {
	return domainFact(ctx, f, FactRepositories, side, "", func(ctx context.Context, c *cluster.Cluster) ([]cluster.Repository, error) {
		return c.Repositories(ctx)
	})
}

// Repository reads one, nil when it is not registered.
func (f *Facts) Repository(ctx context.Context, side steps.Side, name awsid.RepositoryName) (*cluster.Repository, error) {
	return domainFact(ctx, f, FactRepository, side, string(name), func(ctx context.Context, c *cluster.Cluster) (*cluster.Repository, error) {
		return c.Repository(ctx, name)
	})
}

// Snapshot reads one, nil when it (or the repository) is not there.
func (f *Facts) Snapshot(ctx context.Context, side steps.Side, repo awsid.RepositoryName, name awsid.SnapshotName) (*cluster.Snapshot, error) {
	return domainFact(ctx, f, FactSnapshot, side, string(repo)+"/"+string(name), func(ctx context.Context, c *cluster.Cluster) (*cluster.Snapshot, error) {
		s, err := c.Snapshot(ctx, repo, name)
		if failure.Is(err, failure.Missing) {
			return nil, nil
		}
		return s, err
	})
}
