package upstream

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
)

// Found is what a node says about itself.
type Found struct {
	Engine Engine
	// Clients are the S3 clients in its settings, sorted, without "default".
	Clients []string
	// Folders are those in which it takes file repositories.
	Folders []string
}

// Detect asks a node what it is. A node with the security plugin must take the
// client for one who may look; see Identified.
func Detect(ctx context.Context, client *http.Client, url string) (Found, error) {
	var root struct {
		Version struct{ Number, Distribution string }
	}
	if err := getJSON(ctx, client, url+"/", &root); err != nil {
		return Found{}, err
	}
	family := awsid.Elasticsearch
	if root.Version.Distribution == "opensearch" {
		family = awsid.OpenSearch
	}
	version, err := awsid.ParseEngineVersion(string(family) + " " + root.Version.Number)
	if err != nil {
		return Found{}, fmt.Errorf("%s is no node we know: %w", url, err)
	}
	var info struct {
		Nodes map[string]struct {
			Settings map[string]any
			Plugins  []struct{ Name string }
		}
	}
	if err := getJSON(ctx, client, url+"/_nodes/settings,plugins?flat_settings=true", &info); err != nil {
		return Found{}, err
	}
	f := Found{Engine: Engine{Version: version}}
	for _, node := range info.Nodes {
		for _, p := range node.Plugins {
			f.Engine.S3 = f.Engine.S3 || p.Name == "repository-s3"
		}
		f.read(node.Settings)
	}
	slices.Sort(f.Clients)
	f.Clients = slices.Compact(f.Clients)
	slices.Sort(f.Folders)
	f.Folders = slices.Compact(f.Folders)
	return f, nil
}

// read finds clients and folders in flat settings. A list of one is shown as a
// string by some versions, as a list by others.
func (f *Found) read(settings map[string]any) {
	for key, value := range settings {
		if rest, ok := strings.CutPrefix(key, "s3.client."); ok {
			if name, _, ok := strings.Cut(rest, "."); ok && name != "default" {
				f.Clients = append(f.Clients, name)
			}
		}
		if key != "path.repo" {
			continue
		}
		switch v := value.(type) {
		case string:
			f.Folders = append(f.Folders, strings.Split(strings.Trim(v, "[]"), ",")...)
		case []any:
			for _, folder := range v {
				f.Folders = append(f.Folders, fmt.Sprint(folder))
			}
		}
	}
}

func getJSON(ctx context.Context, client *http.Client, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}
