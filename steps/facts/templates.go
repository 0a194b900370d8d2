package facts

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// FactTemplates is what new indices of a domain are made by.
const FactTemplates Name = "templates"

// Templates are the composable index templates of a domain, and the bodies of the
// component templates they may be laid over.
type Templates struct {
	Index      []cluster.IndexTemplate
	Components map[string]json.RawMessage
}

// Templates reads those of a side's domain.
func (f *Facts) Templates(ctx context.Context, side steps.Side) (Templates, error) {
	return domainFact(ctx, f, FactTemplates, side, "", func(ctx context.Context, c *cluster.Cluster) (t Templates, err error) {
		if t.Index, err = c.IndexTemplates(ctx); err != nil {
			return t, err
		}
		t.Components, err = c.ComponentTemplates(ctx)
		return t, err
	})
}

// over is the template that counts for a name, nil for none: of those that match
// the one with the highest priority.
func (t Templates) over(name string) *cluster.IndexTemplate {
	var best *cluster.IndexTemplate
	for i, x := range t.Index {
		if matches(x.Patterns, name) && (best == nil || x.Priority > best.Priority) {
			best = &t.Index[i]
		}
	}
	return best
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return glob(p, name) })
}

// Templateless are the data streams among moves that have no index template on the
// receiving domain. One comes back and can be written to without it, until its
// next rollover fails: "no matching index template found for data stream" [seen on
// 2.19.4 and 3.4.0 nodes]. The way out holds the lines that make the template.
func (f *Facts) Templateless(ctx context.Context, side steps.Side, moves []steps.Move) ([]Clash, error) {
	var list []Clash
	for _, st := range Streams(moves) {
		there, err := f.Templates(ctx, side)
		if err != nil {
			return nil, err
		}
		over := there.over(st.As)
		if over != nil && over.DataStream {
			continue
		}
		source, err := f.Templates(ctx, steps.Source)
		if err != nil {
			return nil, err
		}
		c := Clash{Name: st.As, Indices: st.indices(), Field: fieldIndices, Why: steps.T("no index template there makes its next index, so that its next rollover would fail")}
		if over != nil {
			c.Why = steps.T("the index template %s there makes its next index, and makes no data streams, so that its next rollover would fail", over.Name)
		}
		c.Command = strings.Join(f.templateLines(side, st, source, there), "\n")
		c.Fix = steps.T("Have the lines that preflight prints for it run on the target, look at them first, then run again; or leave the stream out with -%s", st.Name)
		list = append(list, c)
	}
	return list, nil
}

// templateLines are the calls that give a stream its template, after the source's,
// with the component templates that are missing. They replace nothing.
func (f *Facts) templateLines(side steps.Side, st Stream, source, there Templates) []string {
	name, body := st.As, map[string]any{"index_patterns": []string{st.As}, "data_stream": map[string]any{}}
	var lines []string
	put := func(kind, name string, body any) {
		raw, err := json.MarshalIndent(body, "", "  ")
		if err == nil {
			lines = append(lines, strings.TrimSpace(f.mapperCurl(side, http.MethodPut, "/"+kind+"/"+url.PathEscape(name), raw)))
		}
	}
	var least int64
	if own := source.over(st.Name); own != nil && own.DataStream {
		for _, part := range own.ComposedOf {
			if have, known := source.Components[part]; known && there.Components[part] == nil {
				put("_component_template", part, have)
			}
		}
		name, least = own.Name, own.Priority
		if as := object(own.Body); as != nil {
			body = as
		}
		if !matches(own.Patterns, st.As) {
			body["index_patterns"] = []string{st.As}
		}
	}
	if over := there.over(st.As); over != nil {
		body["priority"] = max(least, over.Priority+1)
	}
	for slices.ContainsFunc(there.Index, func(x cluster.IndexTemplate) bool { return x.Name == name }) {
		name += "-data-stream"
	}
	put("_index_template", name, body)
	return lines
}

// object reads a document as it is, nil for one that is none.
func object(raw json.RawMessage) map[string]any {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var m map[string]any
	if dec.Decode(&m) != nil {
		return nil
	}
	return m
}
