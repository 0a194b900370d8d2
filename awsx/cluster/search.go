package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"slices"

	"snapferry/awsx/failure"
)

// Count counts the documents of one index.
// With fine-grained access control: indices:data/read/search.
func (c *Cluster) Count(ctx context.Context, index string) (int64, error) {
	var out struct {
		Count  int64       `json:"count"`
		Shards shardReport `json:"_shards"`
	}
	p := path(index, "_count")
	if err := c.get(ctx, p, nil, &out); err != nil {
		return 0, err
	}
	return out.Count, out.Shards.complete("GET " + p)
}

// shardReport says on how many shards a read succeeded. Reads answer 200 with
// what they could reach.
type shardReport struct {
	Total, Successful, Failed int
	Failures                  []struct {
		Reason *json.RawMessage `json:"reason"`
	}
}

// complete is a failure unless every shard answered.
func (s shardReport) complete(operation string) error {
	if s.Failed == 0 {
		return nil
	}
	f := &failure.Failure{
		Kind: failure.Service, Front: failure.FrontEngine, Operation: operation, Transient: true,
		Message: fmt.Sprintf("%d of %d shards did not answer", s.Failed, s.Total),
	}
	if len(s.Failures) > 0 && s.Failures[0].Reason != nil {
		why := ofShard(operation, "", *s.Failures[0].Reason)
		f.Message += ": " + why.Message
		f.Chain, f.Suppressed, f.Transient = why.Chain, why.Suppressed, why.Transient
	}
	return f
}

// ofShard is the error of one shard within an answer of 200, which has no status of its
// own. Nodes come and go, and shards move: what nobody knows passes, unless it is a
// refusal.
func ofShard(operation, host string, reason json.RawMessage) *failure.Failure {
	body, _ := json.Marshal(map[string]json.RawMessage{"error": reason})
	f := failure.FromResponse(operation, host, 0, nil, body)
	f.Transient = !failure.Is(f, failure.Denied, failure.Invalid, failure.Missing)
	return f
}

// Document is one document with its place. Source is as stored, nil where the
// mapping keeps none.
type Document struct {
	ID, Routing string
	SeqNo       int64
	Shard       int
	Source      json.RawMessage
}

// Walk says which documents to read and how.
type Walk struct {
	Index string
	// Shards is the number of primaries; 0 asks.
	Shards int
	// MaxSeqNo, by shard, leaves out documents written later; nil reads all. A
	// shard that is not in it has had no writes and is left out.
	MaxSeqNo map[int]int64
	// Batch is the number of documents a request at most; 0 is 1000. Where they are so
	// long that an answer would be over 64 MiB, fewer are asked for.
	Batch int
	// Newest turns each shard's order around.
	Newest bool
	// Try asks for one batch, as often as it likes: what was walked before stays. Its
	// error ends the walk. nil asks once.
	Try func(ctx context.Context, ask func(context.Context) error) error
}

// Documents walks an index shard by shard in the order of sequence numbers. It
// keeps no state in the cluster and may be broken off anywhere.
//
// Sequence numbers are unique within a shard, are kept by snapshot and restore,
// and are doc values: sorting by them costs the domain nothing that sorting by
// _id would (field data of every id on the heap), and two walks over source and
// target meet the same documents in the same order.
// With fine-grained access control: indices:data/read/search.
func (c *Cluster) Documents(ctx context.Context, w Walk) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		if w.Shards == 0 {
			settings, err := c.IndexSettings(ctx, []string{w.Index})
			if err != nil {
				yield(Document{}, err)
				return
			}
			w.Shards = int(number(settings[w.Index]["index.number_of_shards"]))
		}
		if w.Batch == 0 {
			w.Batch = 1000
		}
		if w.Try == nil {
			w.Try = func(ctx context.Context, ask func(context.Context) error) error { return ask(ctx) }
		}
		for shard := range w.Shards {
			if !c.walkShard(ctx, w, shard, yield) {
				return
			}
		}
	}
}

// walkShard says whether to go on.
func (c *Cluster) walkShard(ctx context.Context, w Walk, shard int, yield func(Document, error) bool) bool {
	order := "asc"
	if w.Newest {
		order = "desc"
	}
	body := map[string]any{"size": w.Batch, "sort": []any{map[string]string{"_seq_no": order}}, "track_total_hits": false}
	if w.MaxSeqNo != nil {
		last, written := w.MaxSeqNo[shard]
		if !written || last < 0 {
			return true
		}
		body["query"] = map[string]any{"range": map[string]any{"_seq_no": map[string]int64{"lte": last}}}
	}
	for {
		var page []Document
		err := w.Try(ctx, func(ctx context.Context) (err error) {
			page, err = c.page(ctx, w.Index, shard, body)
			return err
		})
		if f := failure.Of(err); f != nil && f.Message == truncated && w.Batch > 1 {
			w.Batch /= 2 // long documents
			body["size"] = w.Batch
			continue
		}
		if err != nil {
			yield(Document{}, err)
			return false
		}
		for _, d := range page {
			if !yield(d, nil) {
				return false
			}
		}
		if len(page) < w.Batch {
			return true
		}
		body["search_after"] = []int64{page[len(page)-1].SeqNo}
	}
}

// page reads one batch of one shard. A GET with a body: the service ignores the
// parameters of a signed POST, and the shard is a parameter.
func (c *Cluster) page(ctx context.Context, index string, shard int, body map[string]any) ([]Document, error) {
	var out struct {
		TimedOut bool        `json:"timed_out"`
		Shards   shardReport `json:"_shards"`
		Hits     struct {
			Hits []struct {
				ID      string          `json:"_id"`
				Routing string          `json:"_routing"`
				Source  json.RawMessage `json:"_source"`
				Sort    []int64         `json:"sort"`
			} `json:"hits"`
		} `json:"hits"`
	}
	p := path(index, "_search")
	if err := c.call(ctx, http.MethodGet, p, options("preference", fmt.Sprintf("_shards:%d", shard)), body, &out); err != nil {
		return nil, err
	}
	if err := out.Shards.complete("GET " + p); err != nil {
		return nil, err
	}
	if out.TimedOut { // search.default_search_timeout: what was found until then is no page
		return nil, &failure.Failure{
			Kind: failure.Timeout, Front: failure.FrontEngine, Operation: "GET " + p, Host: c.host, Transient: true,
			Message: "the search ran into the domain's time limit, and found a part",
		}
	}
	docs := make([]Document, len(out.Hits.Hits))
	for i, h := range out.Hits.Hits {
		if len(h.Sort) != 1 {
			return nil, &failure.Failure{Kind: failure.Unknown, Operation: "GET " + p, Host: c.host, Message: "a hit came without its sequence number"}
		}
		docs[i] = Document{ID: h.ID, Routing: h.Routing, SeqNo: h.Sort[0], Shard: shard, Source: h.Source}
	}
	return docs, nil
}

// DocumentID names a document; Routing is empty unless it was written with one.
type DocumentID struct{ ID, Routing string }

// DocumentsByID reads documents by id, in the order asked for; absent ones are
// left out. SeqNo is -1 where the engine does not tell it; Shard is -1.
// With fine-grained access control: indices:data/read/mget.
func (c *Cluster) DocumentsByID(ctx context.Context, index string, ids []DocumentID) ([]Document, error) {
	type item struct {
		ID      string `json:"_id"`
		Routing string `json:"routing,omitempty"`
	}
	var list []Document
	for batch := range slices.Chunk(ids, 500) {
		items := make([]item, len(batch))
		for i, id := range batch {
			items[i] = item(id)
		}
		var out struct {
			Docs []struct {
				ID      string           `json:"_id"`
				Routing string           `json:"_routing"`
				Found   bool             `json:"found"`
				SeqNo   *int64           `json:"_seq_no"`
				Source  json.RawMessage  `json:"_source"`
				Error   *json.RawMessage `json:"error"`
			} `json:"docs"`
		}
		p := path(index, "_mget")
		if err := c.call(ctx, http.MethodGet, p, nil, map[string]any{"docs": items}, &out); err != nil {
			return nil, err
		}
		for _, d := range out.Docs {
			if d.Error != nil {
				return nil, ofShard("GET "+p, c.host, *d.Error)
			}
			if d.Found {
				v := Document{ID: d.ID, Routing: d.Routing, SeqNo: -1, Shard: -1, Source: d.Source}
				if d.SeqNo != nil {
					v.SeqNo = *d.SeqNo
				}
				list = append(list, v)
			}
		}
	}
	return list, nil
}
