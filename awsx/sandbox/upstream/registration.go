package upstream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
)

// registration is the body of a PUT _snapshot/NAME. Members we do not know stay
// in rest and are forwarded.
type registration struct {
	Type     string         `json:"type"`
	Settings map[string]any `json:"settings"`
	rest     map[string]any
}

// parseRegistration gives ok=false for anything the engine itself will refuse:
// it is then forwarded as it came, so that the refusal is the engine's.
func parseRegistration(body []byte) (registration, bool) {
	// Numbers stay as they were written: a size is shown again digit by digit.
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var all map[string]any
	if d.Decode(&all) != nil {
		return registration{}, false
	}
	var r registration
	var ok bool
	if r.Type, ok = all["type"].(string); !ok {
		return registration{}, false
	}
	if r.Settings, ok = all["settings"].(map[string]any); !ok && all["settings"] != nil {
		return registration{}, false
	}
	delete(all, "type")
	delete(all, "settings")
	r.rest = all
	return r, true
}

func (r registration) encode() []byte {
	all := map[string]any{"type": r.Type, "settings": r.Settings}
	for k, v := range r.rest {
		all[k] = v
	}
	b, err := json.Marshal(all)
	if err != nil {
		panic(err) // it was decoded from JSON
	}
	return b
}

func (r registration) text(key string) string {
	if v, ok := r.Settings[key]; ok && v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

func (r registration) readonly() bool { return r.text("readonly") == "true" }

func (r registration) place() backend.Place {
	return backend.Place{RoleARN: r.text("role_arn"), Bucket: r.text("bucket"), Region: r.text("region"), CannedACL: r.text("canned_acl")}
}

// nodeOnly are settings by which a repository would leave the store or the
// identity its node was given; the managed service takes none of them.
var nodeOnly = []string{"role_arn", "endpoint", "client", "protocol", "path_style_access", "s3_async_client_type", "proxy_host", "proxy_port", "access_key", "secret_key"}

// forS3 is the registration for a node with the S3 plugin: the role's client in
// the place of the role.
func (r registration) forS3(client string, tls bool) registration {
	out := r
	out.Settings = map[string]any{}
	for k, v := range r.Settings {
		if !slices.Contains(nodeOnly, k) {
			out.Settings[k] = v
		}
	}
	if client != "" {
		out.Settings["client"] = client
	}
	if tls {
		// The default asynchronous client is a native one that does not look
		// into the JVM's trust store: uploads work, listing for deletion hangs.
		out.Settings["s3_async_client_type"] = "netty"
	}
	return out
}

// engineSettings are those a file repository shares with an S3 repository.
var engineSettings = []string{"compress", "chunk_size", "max_snapshot_bytes_per_sec", "max_restore_bytes_per_sec", "readonly"}

// forFiles is the registration for a node without the S3 plugin: the blobs of a
// file repository are laid out like those in a bucket. joined puts the base path
// into the location, which Elasticsearch 7.10 needs, for it knows no base_path
// of file repositories; newer engines put shard data beside the base path, as
// they do on S3, only when it is a setting of its own.
func (r registration) forFiles(root string, joined bool) (registration, error) {
	bucket, err := awsid.ParseBucketName(r.text("bucket"))
	if err != nil || string(bucket) != r.text("bucket") {
		return registration{}, fmt.Errorf("%q is no bucket name", r.text("bucket"))
	}
	base := strings.Trim(r.text("base_path"), "/")
	if base != "" && path.Clean("/"+base) != "/"+base {
		return registration{}, fmt.Errorf("base path %q cannot be a folder", base)
	}
	out := registration{Type: "fs", Settings: map[string]any{}, rest: r.rest}
	for _, k := range engineSettings {
		if v, ok := r.Settings[k]; ok {
			out.Settings[k] = v
		}
	}
	location := filepath.Join(root, string(bucket))
	switch {
	case joined:
		location = filepath.Join(location, filepath.FromSlash(base))
	case base != "":
		out.Settings["base_path"] = base
	}
	out.Settings["location"] = location
	return out, nil
}

// shown is how an engine shows settings: every leaf is a string, what is null
// is not there.
func shown(settings map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range settings {
		switch v := v.(type) {
		case nil:
		case map[string]any:
			out[k] = shown(v)
		case []any:
			list := make([]any, len(v))
			for i, e := range v {
				list[i] = fmt.Sprint(e)
			}
			out[k] = list
		default:
			out[k] = fmt.Sprint(v)
		}
	}
	return out
}
