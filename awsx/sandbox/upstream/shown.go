package upstream

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
)

// showRepositories lets the node say which repositories there are, or that there
// is none of this name, and shows them as they were registered.
func (p *Proxy) showRepositories(w http.ResponseWriter, r *http.Request) {
	p.relay(w, r, nil, func(resp *http.Response) error {
		if resp.StatusCode != http.StatusOK {
			return nil
		}
		var repos map[string]map[string]any
		if err := peek(resp, &repos); err != nil {
			return nil // not JSON (format=yaml): nothing we could replace
		}
		for name, shown := range repos {
			e, ok := p.register.get(name)
			if !ok {
				continue
			}
			// filter_path may have taken either away.
			if _, ok := shown["type"]; ok {
				shown["type"] = e.Type
			}
			if _, ok := shown["settings"]; ok {
				shown["settings"] = e.Settings
			}
		}
		replaceBody(resp, resp.StatusCode, repos)
		return nil
	})
}

// dropRepository forwards, and forgets what the node no longer has; names may be
// patterns, whose meaning is the node's.
func (p *Proxy) dropRepository(w http.ResponseWriter, r *http.Request) {
	p.relay(w, r, nil, func(resp *http.Response) error {
		if resp.StatusCode != http.StatusOK {
			return nil
		}
		left, err := p.nodeRepositories(r)
		if err != nil {
			return err
		}
		return p.register.change(func(repos map[string]entry) {
			for name := range repos {
				if _, there := left[name]; !there {
					delete(repos, name)
				}
			}
		})
	})
}

func (p *Proxy) nodeRepositories(r *http.Request) (map[string]any, error) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, p.base.JoinPath("_snapshot").String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header = r.Header.Clone()
	identify(req, r)
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var repos map[string]any
	return repos, json.NewDecoder(resp.Body).Decode(&repos)
}

// typeCell is the type at the end of a line of _cat/repositories, or the member
// of its JSON form. Both words are two letters, so columns stay aligned.
var typeCell = regexp.MustCompile(`(?m)( )fs( *)$|("type" ?: ?")fs(")`)

func (p *Proxy) catRepositories(w http.ResponseWriter, r *http.Request) {
	p.relay(w, r, nil, func(resp *http.Response) error {
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		setBody(resp, typeCell.ReplaceAll(b, []byte("${1}${3}s3${2}${4}")))
		return nil
	})
}
