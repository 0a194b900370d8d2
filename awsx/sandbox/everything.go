package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/world"
)

// looks are the questions whose answers make up what a cluster holds, each with
// the name it has in the dump. What changes by itself (sizes, health, node
// names) is not asked for.
var looks = map[string]string{
	"repositories": "/_snapshot",
	"indices":      "/_cat/indices?format=json&h=index,status,pri,rep,docs.count&s=index&expand_wildcards=all",
	"aliases":      "/_cat/aliases?format=json&h=alias,index&s=alias,index",
	"templates":    "/_cat/templates?format=json&h=name,index_patterns&s=name",
}

// Everything is Dump with what lies in the buckets and clusters: object sizes by
// bucket and key, and of each domain its repositories, indices, aliases and
// templates, under "world", "objects" and "clusters".
func (s *Sandbox) Everything(ctx context.Context) ([]byte, error) {
	raw, err := s.Dump()
	if err != nil {
		return nil, err
	}
	clusters := map[string]map[string]json.RawMessage{}
	var domains []world.Domain
	buckets := map[string]map[string]int64{}
	s.world.Read(func(st *world.State) {
		for _, d := range st.Domains {
			domains = append(domains, *d)
		}
		for name := range st.Buckets {
			buckets[name] = map[string]int64{}
		}
	})
	for _, d := range domains {
		if clusters[d.Label], err = s.contents(ctx, d); err != nil {
			return nil, fmt.Errorf("look into the domain %s: %w", d.Label, err)
		}
	}
	for name, objects := range buckets {
		for e, err := range s.store.Keys(name, "", "") {
			if err != nil {
				return nil, fmt.Errorf("list the bucket %s: %w", name, err)
			}
			objects[e.Key] = e.Size
		}
	}
	return json.MarshalIndent(map[string]any{"world": json.RawMessage(raw), "clusters": clusters, "objects": buckets}, "", "  ")
}

// contents looks into a cluster as its own master.
func (s *Sandbox) contents(ctx context.Context, d world.Domain) (map[string]json.RawMessage, error) {
	paths := maps.Clone(looks)
	if d.Security.Enabled {
		paths["mappings"], paths["roles"] = securityAPI(d)+"rolesmapping", securityAPI(d)+"roles"
	}
	out := map[string]json.RawMessage{}
	for name, path := range paths {
		b, err := s.asMaster(ctx, d, http.MethodGet, path, nil)
		if err != nil {
			return nil, err
		}
		out[name] = json.RawMessage(b)
	}
	return out, nil
}

// securityAPI is where the API of the domain's access control begins.
func securityAPI(d world.Domain) string {
	if d.Version.Family == awsid.Elasticsearch {
		return "/_opendistro/_security/api/"
	}
	return "/_plugins/_security/api/"
}

// asMaster asks a backend as its own master, past the front. What it answers
// must be a success, and JSON.
func (s *Sandbox) asMaster(ctx context.Context, d world.Domain, method, path string, body []byte) ([]byte, error) {
	id := backend.IAM(d.Security.MasterARN)
	if d.Security.InternalUsers {
		id = backend.Internal(d.Security.MasterUser)
	}
	req := httptest.NewRequestWithContext(backend.WithIdentity(ctx, id), method, path, bytes.NewReader(body))
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if id.InternalUser {
		req.SetBasicAuth(d.Security.MasterUser, d.Security.MasterPassword)
	}
	rec := httptest.NewRecorder()
	s.backends[d.Label].ServeHTTP(rec, req)
	if rec.Code >= http.StatusMultipleChoices || !json.Valid(rec.Body.Bytes()) {
		return nil, fmt.Errorf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	return rec.Body.Bytes(), nil
}
