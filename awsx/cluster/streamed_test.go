package cluster_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

// mappings are those of indices, by name.
func mappings(ctx context.Context, c *cluster.Cluster, indices ...string) (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	return all, c.EachMapping(ctx, indices, func(index string, mapping json.RawMessage) { all[index] = mapping })
}

// endless is a list that comes in piece by piece.
type endless struct {
	rows, sent int
	left       []byte
}

func (e *endless) Read(b []byte) (int, error) {
	if len(e.left) == 0 {
		switch {
		case e.sent == 0:
			e.left = []byte(`[{"index":"a","docs.count":null}`)
		case e.sent < e.rows:
			e.left = []byte(`,{"index":"a","docs.count":"1","pri":"2"}`)
		case e.sent == e.rows:
			e.left = []byte("]\n")
		default:
			return 0, io.EOF
		}
		e.sent++
	}
	n := copy(b, e.left)
	e.left = e.left[n:]
	return n, nil
}

// answered is a domain that gives one body to everything, as 200.
func answered(body func(path string) io.Reader) *cluster.Cluster {
	return client(roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body(r.URL.Path)), Request: r}, nil
	}), "3.4.0", cluster.Unsigned())
}

func TestALongListIsReadPieceByPiece(t *testing.T) {
	const rows = 100_000
	long := &endless{rows: rows}
	list, err := answered(func(path string) io.Reader {
		if path == "/_cat/indices" {
			return long
		}
		return strings.NewReader(`{}`)
	}).Indices(ctx)
	if err != nil || len(list) != rows || list[1].Docs != 1 || list[1].Primaries != 2 || list[0].Docs != 0 {
		t.Fatalf("%d indices, %v", len(list), err)
	}
	if long.sent != rows+1 {
		t.Error("the answer was not read to its end")
	}
}

// broken gives a part of an answer, and then loses the connection.
type broken struct{ io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errors.New("connection reset")
	}
	return n, err
}

func TestAnAnswerThatIsNone(t *testing.T) {
	for name, tc := range map[string]struct {
		body io.Reader
		says string
	}{
		"cut off":    {strings.NewReader(`[{"index":"a"}`), "the answer is not what a domain says"},
		"another":    {strings.NewReader(`{"error":"x"}`), "there is no ["},
		"no JSON":    {strings.NewReader("<html>"), "invalid character"},
		"two":        {strings.NewReader(`[{"index":7}]`), "the answer is not what a domain says"},
		"connection": {broken{strings.NewReader(`[{"index":"a"}`)}, "connection reset"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := answered(func(path string) io.Reader {
				if path == "/_cat/indices" {
					return tc.body
				}
				return strings.NewReader(`{}`)
			}).Indices(ctx)
			f := failure.Of(err)
			if f == nil || !strings.Contains(err.Error(), tc.says) {
				t.Fatalf("%v", err)
			}
			if f.Operation != "GET /_cat/indices" || f.Host != host {
				t.Errorf("%q on %q", f.Operation, f.Host)
			}
			if is := strings.HasPrefix(f.Message, "the answer is not"); is == (name == "connection") || is && len(f.Body) == 0 {
				t.Errorf("%q with %q", f.Message, f.Body)
			}
		})
	}
}

// TestStatusOfUnknownParts: what an engine of another version adds is not minded.
func TestStatusOfUnknownParts(t *testing.T) {
	c := answered(func(string) io.Reader {
		return strings.NewReader(`{"more":[1],"snapshots":[{"indices":{"a":{"shards_stats":{"done":1,"total":1},"stats":{"incremental":{"file_count":1,"size_in_bytes":9}},
			"shards":{"0":{"stage":"DONE"}}}},"new":{"x":null},"snapshot":"s","stats":{"incremental":{"size_in_bytes":9},"time_in_millis":5},"shards_stats":{"done":1,"total":1}}]}`)
	})
	list, err := c.RunningSnapshots(ctx)
	if err != nil || len(list) != 1 || list[0].Name != "s" || list[0].Processed.Bytes != 9 || list[0].Indices["a"].Processed.Bytes != 9 || list[0].Took.Milliseconds() != 5 {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := answered(func(string) io.Reader { return strings.NewReader(`{"snapshots":null}`) }).RunningSnapshots(ctx); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}
