package cluster

import (
	"context"
	"net/http"
	"regexp"
	"strconv"

	"snapferry/awsx/failure"
)

// DataStream is a data stream and its backing indices, oldest first.
type DataStream struct {
	Name    string
	Indices []string
	// Template is the index template that makes its next index, "" for none.
	Template string
	// Generation counts the indices it has had; Timestamp is the field all its
	// documents have.
	Generation int
	Timestamp  string
}

// DataStreams lists them; none where the engine does not know data streams
// (before Elasticsearch 7.9 the path is taken for an index's).
// With fine-grained access control: indices:admin/data_stream/get.
func (c *Cluster) DataStreams(ctx context.Context) ([]DataStream, error) {
	var out struct {
		DataStreams []struct {
			Name       string `json:"name"`
			Generation int    `json:"generation"`
			Template   string `json:"template"`
			Timestamp  struct {
				Name string `json:"name"`
			} `json:"timestamp_field"`
			Indices []struct {
				Name string `json:"index_name"`
			} `json:"indices"`
		} `json:"data_streams"`
	}
	err := c.get(ctx, "/_data_stream", nil, &out)
	if failure.Is(err, failure.Missing, failure.Invalid) {
		return nil, nil
	}
	var list []DataStream
	for _, s := range out.DataStreams {
		d := DataStream{Name: s.Name, Template: s.Template, Generation: s.Generation, Timestamp: s.Timestamp.Name}
		for _, i := range s.Indices {
			d.Indices = append(d.Indices, i.Name)
		}
		list = append(list, d)
	}
	return list, err
}

// DeleteDataStream removes one data stream by its exact name, with its indices;
// absent is no error.
// With fine-grained access control: indices:admin/data_stream/delete.
func (c *Cluster) DeleteDataStream(ctx context.Context, name string) error {
	if severalNames(name) {
		return &failure.Failure{Kind: failure.Invalid, Message: "one data stream is deleted by its exact name, not " + name}
	}
	return missing(c.call(ctx, http.MethodDelete, path("_data_stream", name), nil, nil, nil), "index_not_found_exception")
}

// backing is how the engine names the indices behind a data stream.
var backing = regexp.MustCompile(`^\.ds-(.+)-(\d{6,})$`)

// BackedStream tells by its name which data stream an index backs, and the
// generation it was made as; "" for one that is not named so.
func BackedStream(index string) (stream string, generation int) {
	m := backing.FindStringSubmatch(index)
	if m == nil {
		return "", 0
	}
	n, _ := strconv.Atoi(m[2]) // digits only; more of them than an int holds make no generation
	return m[1], n
}

// streamOf tells the stream of an index. Where data streams may not be listed
// the index's name has to do, which only a person working against the engine's
// own naming can make wrong.
func (c *Cluster) streamOf(ctx context.Context) (func(index string) string, error) {
	list, err := c.DataStreams(ctx)
	if failure.Is(err, failure.Denied) {
		return func(index string) string {
			stream, _ := BackedStream(index)
			return stream
		}, nil
	}
	of := map[string]string{}
	for _, s := range list {
		for _, i := range s.Indices {
			of[i] = s.Name
		}
	}
	return func(index string) string { return of[index] }, err
}
