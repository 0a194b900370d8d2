package memory

import (
	"fmt"
	"hash/fnv"
	"time"

	"snapferry/awsx/sandbox/memory/pace"
)

// States of a shard copy, as the engine names them.
const (
	started      = "STARTED"
	initializing = "INITIALIZING"
	unassigned   = "UNASSIGNED"
)

// replica is one copy of a shard at a moment, the primary included.
type replica struct {
	shard   int
	primary bool
	// takes is how long a replica takes to be copied.
	takes time.Duration
	state string
	node  *node
	// why is the reason of an unassigned or initializing copy.
	why string
	// since is when it became what it is.
	since time.Time
	// failure is why the copy cannot be brought back from a snapshot, "" if it can.
	failure string
	// lost says that its absence makes the index red: it failed, it finds no
	// node, or its index was closed a moment ago.
	lost bool
}

// replicasOf gives every copy of an index's shards as it is now.
func (c *Cluster) replicasOf(ix *index) []replica {
	now := c.now()
	var out []replica
	for n := range ix.shards() {
		primary := c.primary(ix, n, now)
		out = append(out, primary)
		for r := range ix.replicas() {
			out = append(out, c.secondary(ix, n, r, primary, now))
		}
	}
	return out
}

// primary is a shard's first copy: there from the beginning, unless it is being
// brought back from a snapshot.
func (c *Cluster) primary(ix *index, shard int, now time.Time) replica {
	p := replica{shard: shard, primary: true, state: started, node: c.nodeOf(ix, shard, 0), since: ix.created()}
	from := ix.meta.Restored
	switch {
	case p.node == nil:
		// One that was to come from a snapshot is not given up: yellow.
		p.state, p.why, p.lost = unassigned, "INDEX_CREATED", from == nil
		if from != nil {
			p.why, p.since = from.why(), from.Start
		}
		return p
	case now.Sub(ix.meta.ClosedAt) < reopening:
		p.state, p.lost, p.since = initializing, true, ix.meta.ClosedAt
		return p
	case from == nil:
		return p
	}
	s := from.Shards[shard]
	p.since, p.why = from.Start, from.why()
	switch phase := s.Span.At(now.Sub(from.Start)); {
	case phase == pace.Waiting:
		p.state, p.node = unassigned, nil
	case phase != pace.Done:
		p.state = initializing
	case s.Failure != "":
		p.state, p.node, p.failure, p.why, p.lost = unassigned, nil, s.Failure, "ALLOCATION_FAILED", true
		p.since = from.Start.Add(s.Span.End)
	default:
		p.since = from.Start.Add(s.Span.End)
	}
	return p
}

// secondary is a further copy. It needs a node without another copy of the
// shard, and some time after the primary is there.
func (c *Cluster) secondary(ix *index, shard, number int, primary replica, now time.Time) replica {
	r := replica{shard: shard, state: unassigned, since: primary.since, why: "INDEX_CREATED"}
	if from := ix.meta.Restored; from != nil {
		r.why = from.why()
	}
	if ix.meta.ReplicasAt.After(r.since) {
		r.since, r.why = ix.meta.ReplicasAt, "REPLICA_ADDED"
	}
	node := c.nodeOf(ix, shard, number+1)
	if primary.state != started || node == nil {
		return r
	}
	r.node = node
	r.state = started
	slow := ix.meta.Restored != nil || !ix.meta.ReplicasAt.IsZero()
	if slow {
		r.takes = c.copying(ix, shard, number)
	}
	if now.Before(r.since.Add(r.takes)) {
		r.state = initializing
	}
	return r
}

// copying is how long a replica takes: between half of the pace's time and all
// of it, so that they do not come all at once.
func (c *Cluster) copying(ix *index, shard, number int) time.Duration {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, ix.meta.UUID, shard, number)
	return c.opt.Pace.Replica/2 + c.opt.Pace.Replica*time.Duration(h.Sum32()%64)/126
}

// reopening is how long the shards of an index that was closed take to start
// anew.
const reopening = 100 * time.Millisecond

// nodeOf spreads the copies of a shard over the nodes that its index may lie on,
// the same way each time. It is nil where there is no node for the copy.
func (c *Cluster) nodeOf(ix *index, shard, number int) *node {
	nodes := c.homes(ix)
	if number >= len(nodes) {
		return nil
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(ix.meta.UUID))
	return nodes[(int(h.Sum32()%1024)+shard+number)%len(nodes)]
}

// Health of an index or cluster, worst last.
const (
	green = iota
	yellow
	red
)

var healthNames = [...]string{"green", "yellow", "red"}

// tally counts shard copies.
type tally struct {
	health                                   int
	primaries, active, initializing, missing int
	// unassignedPrimaries are those a restore has not come to, or failed at.
	unassignedPrimaries int
}

// add sums, the worse health winning.
func (t *tally) add(o tally) {
	t.health = max(t.health, o.health)
	t.primaries += o.primaries
	t.active += o.active
	t.initializing += o.initializing
	t.missing += o.missing
	t.unassignedPrimaries += o.unassignedPrimaries
}

// count judges copies. A primary that is still to come from a snapshot makes an
// index yellow, as in the engines; red means that it failed.
func count(copies []replica) tally {
	var t tally
	for _, r := range copies {
		switch {
		case r.state == started && r.primary:
			t.primaries++
			t.active++
		case r.state == started:
			t.active++
		case r.state == initializing:
			t.initializing++
			t.health = max(t.health, yellow)
			if r.lost {
				t.health = red
			}
		default:
			t.missing++
			t.health = max(t.health, yellow)
			if r.primary {
				t.unassignedPrimaries++
			}
			if r.lost {
				t.health = red
			}
		}
	}
	return t
}

// searchable says whether a shard's documents can be read now.
func (c *Cluster) searchable(ix *index, shard int) bool {
	return c.primary(ix, shard, c.now()).state == started
}

// shardCount is what the shard limit counts: every copy of every open index.
func (c *Cluster) shardCount() int {
	n := 0
	for _, ix := range c.byName {
		if !ix.meta.Closed {
			n += ix.shards() * (1 + ix.replicas())
		}
	}
	return n
}
