package cluster

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"snapferry/awsx/text"
)

// Request is one call, ready to be sent or shown.
type Request struct {
	Method string
	// Path is percent-encoded, e.g. /_snapshot/my%2Brepo; Query is sent sorted.
	Path  string
	Query url.Values
	Body  []byte

	scheme, host, region string
	auth                 AuthKind
}

// TargetError is a path that cannot be sent.
type TargetError struct{ Summary, Fix text.Text }

func (e *TargetError) Error() string { return e.Summary.String() }

// Request makes a call of this domain. target is path and query as a person
// types them, e.g. "_cat/indices?v": a missing slash in front is added, a
// parameter without value means true, blanks and letters outside ASCII are encoded.
func (c *Cluster) Request(method, target string, body []byte) (Request, error) {
	bad := func(why string) (Request, error) {
		return Request{}, &TargetError{
			Summary: text.New("%q is no path of a domain: %s", target, why),
			Fix:     text.New("Type a path such as /_cat/indices?v"),
		}
	}
	t := strings.TrimSpace(target)
	if strings.Contains(t, "://") {
		return bad("it names a host of its own")
	}
	path, rawQuery, _ := strings.Cut(t, "?")
	if _, err := url.PathUnescape(path); err != nil {
		return bad(err.Error())
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return bad(err.Error())
	}
	for _, vs := range query {
		for i, v := range vs {
			if v == "" {
				vs[i] = "true"
			}
		}
	}
	r := c.request(strings.ToUpper(strings.TrimSpace(method)), "/"+strings.TrimLeft(normal(path), "/"), query)
	r.Body = body
	return r, nil
}

// normal encodes what may not stand in a path and leaves alone what was typed
// encoded. The result is what is sent and what is signed.
func normal(path string) string {
	const allowed = "%/-._~,:@*+=!$&();'"
	var b strings.Builder
	for i := range len(path) {
		switch ch := path[i]; {
		case 'a' <= ch && ch <= 'z', 'A' <= ch && ch <= 'Z', '0' <= ch && ch <= '9', strings.IndexByte(allowed, ch) >= 0:
			b.WriteByte(ch)
		default:
			fmt.Fprintf(&b, "%%%02X", ch)
		}
	}
	return b.String()
}

// request makes a call of an encoded path.
func (c *Cluster) request(method, path string, query url.Values) Request {
	return Request{
		Method: method, Path: path, Query: query,
		scheme: c.scheme, host: c.host, region: string(c.opts.Region), auth: c.Auth(),
	}
}

// String is what is asked, without the query's values: "GET /_cat/indices".
func (r Request) String() string { return r.Method + " " + r.Path }

// URL is where the request goes. The query is sorted and encoded as SigV4
// wants it, so that every signer and verifier sees one and the same.
func (r Request) URL() string {
	u := r.scheme + "://" + r.host + r.Path
	if len(r.Query) > 0 {
		u += "?" + strings.ReplaceAll(r.Query.Encode(), "+", "%20")
	}
	return u
}

// contentType is JSON, one object a line where the engine wants that.
func (r Request) contentType() string {
	if strings.HasSuffix(r.Path, "/_bulk") || strings.HasSuffix(r.Path, "/_msearch") {
		return "application/x-ndjson"
	}
	return "application/json"
}

// Curl is the equal curl line. Secrets stand in it as environment variables
// only: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, or
// OPENSEARCH_USER and OPENSEARCH_PASSWORD.
//
// Its parameters are sorted and have values, because older curls sign the query
// as it stands. The session token is a header, which curl never adds by itself,
// and it is left out where there is none: curl 7.88 signs an empty header that it
// then does not send. CurlSince says which curl signs the path rightly.
func (r Request) Curl() string {
	parts := []string{"curl -sS"}
	switch {
	case r.Method == "HEAD":
		parts = append(parts, "-I") // -X HEAD would wait for a body
	case r.Method != "GET" || len(r.Body) > 0:
		parts = append(parts, "-X "+r.Method)
	}
	switch r.auth {
	case AuthSigned:
		parts = append(
			parts, fmt.Sprintf("--aws-sigv4 aws:amz:%s:es", r.region),
			`--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
			`${AWS_SESSION_TOKEN:+-H"X-Amz-Security-Token: $AWS_SESSION_TOKEN"}`,
		)
	case AuthBasic:
		parts = append(parts, `--user "$OPENSEARCH_USER:$OPENSEARCH_PASSWORD"`)
	}
	if len(r.Body) > 0 {
		parts = append(parts, "-H 'Content-Type: "+r.contentType()+"'", "--data-binary "+quote(string(r.Body)))
	}
	return strings.Join(append(parts, quote(r.URL())), " ")
}

// plainPath holds nothing that is encoded in a canonical request.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9/._~-]*$`)

// CurlSince is the oldest curl whose signature of this request the service
// takes. Older ones sign other characters of the path than they send: * and =
// before 8.9, encoded ones before 8.14 (curl issues 7559, 13754, 16927).
func (r Request) CurlSince() string {
	switch {
	case r.auth != AuthSigned, plainPath.MatchString(r.Path):
		return "7.75"
	case !strings.Contains(r.Path, "%"):
		return "8.9"
	}
	return "8.14"
}

// quote is a word for a POSIX shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// path joins encoded segments: everything but letters, digits and -._~ is
// encoded, so that a name with a plus, a percent sign or a letter outside ASCII
// arrives as it is.
func path(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(escape(s))
	}
	return b.String()
}

func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// maxList bounds the index names in one URL. The engine takes a request line of
// 4096 bytes (http.max_initial_line_length); host, options and signature's
// rounding have the rest.
const maxList = 3000

// lists joins index names with commas into as few lists as fit into URLs.
func lists(indices []string) []string {
	var out []string
	var b strings.Builder
	for _, name := range indices {
		e := escape(name)
		if b.Len() > 0 && b.Len()+1+len(e) > maxList {
			out = append(out, b.String())
			b.Reset()
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(e)
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}
