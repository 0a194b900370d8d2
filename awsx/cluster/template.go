package cluster

import (
	"context"
	"encoding/json"

	"snapferry/awsx/failure"
)

// IndexTemplate is a composable index template.
type IndexTemplate struct {
	Name     string
	Patterns []string
	// Priority: of several that match a name, the highest counts alone.
	Priority int64
	// ComposedOf are the component templates it is laid over.
	ComposedOf []string
	// DataStream says that what it makes are data streams.
	DataStream bool
	// Body is what PUT /_index_template/NAME takes.
	Body json.RawMessage
}

// IndexTemplates lists them; none where the engine does not know them (before
// Elasticsearch 7.8).
// With fine-grained access control: indices:admin/index_template/get.
func (c *Cluster) IndexTemplates(ctx context.Context) ([]IndexTemplate, error) {
	var out struct {
		Templates []struct {
			Name string          `json:"name"`
			Body json.RawMessage `json:"index_template"`
		} `json:"index_templates"`
	}
	err := c.get(ctx, "/_index_template", nil, &out)
	if failure.Is(err, failure.Invalid) {
		return nil, nil
	}
	var list []IndexTemplate
	for _, t := range out.Templates {
		var body struct {
			Patterns   []string  `json:"index_patterns"`
			Priority   int64     `json:"priority"`
			ComposedOf []string  `json:"composed_of"`
			DataStream *struct{} `json:"data_stream"`
		}
		if err := json.Unmarshal(t.Body, &body); err != nil {
			return nil, &failure.Failure{Kind: failure.Unknown, Message: "the index template " + t.Name + " cannot be read: " + err.Error(), Operation: "GET /_index_template", Host: c.Host()}
		}
		list = append(list, IndexTemplate{
			Name: t.Name, Patterns: body.Patterns, Priority: body.Priority, ComposedOf: body.ComposedOf, DataStream: body.DataStream != nil, Body: t.Body,
		})
	}
	return list, err
}

// ComponentTemplates are the bodies that PUT /_component_template/NAME takes, by name.
// With fine-grained access control: cluster:admin/component_template/get.
func (c *Cluster) ComponentTemplates(ctx context.Context) (map[string]json.RawMessage, error) {
	var out struct {
		Templates []struct {
			Name string          `json:"name"`
			Body json.RawMessage `json:"component_template"`
		} `json:"component_templates"`
	}
	err := c.get(ctx, "/_component_template", nil, &out)
	if failure.Is(err, failure.Invalid) {
		return nil, nil
	}
	list := map[string]json.RawMessage{}
	for _, t := range out.Templates {
		list[t.Name] = t.Body
	}
	return list, err
}
