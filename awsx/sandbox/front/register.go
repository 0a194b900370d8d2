package front

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/world"
)

// refusal is a no of the service with the status it comes with.
type refusal struct {
	status int
	text   string
}

// segments are the decoded parts of a path without empty ones, as the engine
// reads it.
func segments(u *url.URL) []string {
	var out []string
	for _, s := range strings.Split(u.EscapedPath(), "/") {
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// registers says whether a request registers a snapshot repository, and under
// which name.
func registers(r *http.Request) (string, bool) {
	path := segments(r.URL)
	put := r.Method == http.MethodPut || r.Method == http.MethodPost
	if !put || len(path) != 2 || path[0] != "_snapshot" {
		return "", false
	}
	return path[1], true
}

// register judges a registration and takes out of it what the service does not
// hand on. The engine registers and tries the bucket afterwards.
func (f *Front) register(r *http.Request, d world.Domain, caller access.Caller, name string) *refusal {
	notAllowed := &refusal{http.StatusUnauthorized, "Your request: '" + r.URL.Path + "' is not allowed by Amazon Elasticsearch Service."}
	if strings.HasPrefix(name, "cs-") {
		return notAllowed // the service's own repositories
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return &refusal{http.StatusBadRequest, "The body could not be read"}
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	body := map[string]json.RawMessage{}
	settings := map[string]json.RawMessage{}
	// A body that is no JSON has no role either; the service looks for that.
	_ = json.Unmarshal(raw, &body)
	_ = json.Unmarshal(body["settings"], &settings)
	if kind := text(body["type"]); kind != "" && kind != "s3" {
		return notAllowed
	}
	role := text(settings["role_arn"])
	if role == "" {
		return &refusal{http.StatusUnauthorized, "settings.role_arn is needed for snapshot registration."}
	}
	if !f.mayPass(r, d, caller, role) {
		return &refusal{http.StatusForbidden, "User: " + caller.Name() + " is not authorized to perform: iam:PassRole on resource: " + role}
	}
	if _, there := settings["endpoint"]; !there {
		return nil
	}
	// The service reaches S3 by its own way whatever endpoint was named.
	delete(settings, "endpoint")
	if body["settings"], err = json.Marshal(settings); err == nil {
		raw, err = json.Marshal(body)
	}
	if err != nil {
		return &refusal{http.StatusBadRequest, err.Error()}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return nil
}

// text is a JSON string, "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

// accountOf is the account an ARN names, "" for what is no ARN.
func accountOf(arn string) awsid.AccountID {
	a, err := awsid.ParseARN(arn)
	if err != nil {
		return ""
	}
	return a.Account
}
