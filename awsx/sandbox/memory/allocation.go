package memory

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// filters are the kinds of allocation filters an index may carry, often from a
// cluster whose nodes had attributes that these have not.
var filters = []string{"require", "include", "exclude"}

const filterPrefix = "index.routing.allocation."

// homes are the nodes that an index's allocation filters allow.
func (c *Cluster) homes(ix *index) []*node {
	var out []*node
	for i := range c.state.Nodes {
		n := &c.state.Nodes[i]
		if filter, _ := ix.against(n); filter == "" {
			out = append(out, n)
		}
	}
	return out
}

// homeID is the node of a primary, "" for none.
func (c *Cluster) homeID(ix *index, shard int) string {
	if n := c.nodeOf(ix, shard, 0); n != nil {
		return n.ID
	}
	return ""
}

// against gives the kind of filter that keeps an index off a node, "" for none,
// and the attributes of that kind as the engine prints them.
func (ix *index) against(n *node) (kind, shown string) {
	var set []string
	for k := range ix.meta.Settings {
		if strings.HasPrefix(k, filterPrefix) {
			set = append(set, k)
		}
	}
	slices.Sort(set)
	for _, kind := range filters {
		var hits, misses, list []string
		for _, k := range set {
			attribute, ok := strings.CutPrefix(k, filterPrefix+kind+".")
			if !ok || attribute == "_tier_preference" {
				continue
			}
			wanted := splitList(ix.meta.Settings.str(k))
			list = append(list, attribute+":\""+ix.meta.Settings.str(k)+"\"")
			if slices.ContainsFunc(wanted, func(w string) bool { return names.Match(w, n.attribute(attribute)) }) {
				hits = append(hits, attribute)
			} else {
				misses = append(misses, attribute)
			}
		}
		bad := kind == "require" && misses != nil || kind == "include" && misses != nil && hits == nil || kind == "exclude" && hits != nil
		if bad {
			return kind, strings.Join(list, " OR ")
		}
	}
	return "", ""
}

// allocation is the identifier of a primary's place; it only has to look like one
// and stay the same.
func (ix *index) allocation(shard int) string {
	sum := sha256.Sum256(fmt.Append(nil, ix.meta.UUID, shard))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// listed is the order in which copies are told: where a primary has failed, its
// replicas come first.
func listed(copies []replica) []replica {
	out := slices.Clone(copies)
	slices.SortStableFunc(out, func(a, b replica) int {
		if a.shard != b.shard {
			return a.shard - b.shard
		}
		return len(a.failure) - len(b.failure)
	})
	return out
}

// attribute is a node's attribute; data nodes of a managed domain have none of
// their own.
func (n *node) attribute(name string) string {
	switch name {
	case "_name":
		return n.Name
	case "_id":
		return n.ID
	case "_ip", "_host", "_publish_ip", "_host_ip":
		return hiddenIP
	}
	return ""
}

// filtered is the verdict on a node that a filter excludes.
func (ix *index) filtered(n *node) []wire.Object {
	kind, shown := ix.against(n)
	if kind == "" {
		return nil
	}
	verb := "does not match"
	if kind == "exclude" {
		verb = "matches"
	}
	return []wire.Object{wire.Obj("decider", "filter", "decision", "NO",
		"explanation", "node "+verb+" index setting ["+filterPrefix+kind+"] filters ["+shown+"]")}
}
