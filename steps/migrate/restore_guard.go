package migrate

import (
	"context"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// settingBlocked keeps documents of an index from being written.
const settingBlocked = "index.blocks.write"

// whoseBlock are the settings under which nobody writes already. Some of them refuse
// changes of settings, too, and all of them are somebody else's to take off.
var whoseBlock = []string{settingBlocked, "index.blocks.read_only", "index.blocks.read_only_allow_delete"}

// unwritable keeps the indices from being written, so that what is seen of them then is
// what is deleted with them: thousands of deletions take minutes. It gives those that
// could be written before.
func (s restoreStep) unwritable(ctx context.Context, indices []string) (off []string, err error) {
	if len(indices) == 0 {
		return nil, nil
	}
	err = s.allowed(ctx, s.targetSide(), func(c *cluster.Cluster) error {
		off = nil // of whoever was refused halfway
		return c.EachSettings(ctx, indices, func(index string, settings map[string]string) {
			if !slices.ContainsFunc(whoseBlock, func(k string) bool { return settings[k] == "true" }) {
				off = append(off, index)
			}
		})
	})
	if err != nil || len(off) == 0 {
		return nil, err
	}
	yes := "true"
	return off, s.blocking(ctx, off, &yes)
}

// writable lets those that were not deleted be written again, also when the taking back
// was broken off.
func (s restoreStep) writable(ctx context.Context, indices []string) error {
	if len(indices) == 0 {
		return nil
	}
	return s.blocking(context.WithoutCancel(ctx), indices, nil)
}

func (s restoreStep) blocking(ctx context.Context, indices []string, value *string) error {
	return s.allowed(ctx, s.targetSide(), func(c *cluster.Cluster) error {
		return c.PutIndexSettings(ctx, indices, map[string]*string{settingBlocked: value})
	})
}

// deleted takes the streams and indices off the target that nobody wrote to, and names
// those that are gone.
func (s restoreStep) deleted(ctx context.Context, b back) (gone map[string]bool, err error) {
	gone = map[string]bool{}
	for _, n := range b.streams {
		if err := s.allowed(ctx, s.targetSide(), func(c *cluster.Cluster) error { return c.DeleteDataStream(ctx, n) }); err != nil {
			return gone, err
		}
		for _, index := range b.behind[n] {
			gone[index] = true
		}
	}
	for _, n := range b.untouched {
		if gone[n] { // with its stream
			continue
		}
		if err := s.allowed(ctx, s.targetSide(), func(c *cluster.Cluster) error { return c.DeleteIndex(ctx, n) }); err != nil {
			return gone, err
		}
		gone[n] = true
	}
	return gone, nil
}

// left are what is not gone.
func left(indices []string, gone map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(indices), func(n string) bool { return gone[n] })
}

// keepsOthers tells of what came from the snapshot and is not this run's.
func (b back) keepsOthers() steps.Event {
	return steps.Log{Level: "info", Text: steps.T("indices of this snapshot that this run did not restore, as far as its journal tells, and that stay: %d, the first is %s", len(b.others), b.others[0])}
}
