package sigv4

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	stampForm  = "20060102T150405Z"
	// maxLifetime is the longest a presigned URL may live: seven days.
	maxLifetime = 7 * 24 * time.Hour
)

// claim is what a request says about its own signature, before anything of it
// is believed.
type claim struct {
	presigned bool
	algorithm string
	// credential is as sent; the five parts after it are its elements.
	credential                      string
	key, date, region, service, end string
	signed                          []string
	signature                       string
	token                           string
	// stamp is the time as it stands in the string to sign; at is its value.
	stamp    string
	at       time.Time
	lifetime time.Duration
}

func (c *claim) scopeLine() string {
	return c.date + "/" + c.region + "/" + c.service + "/" + terminator
}

// claim finds the signature, nil when the request has none.
func (v Verifier) claim(r *http.Request) (*claim, error) {
	header := strings.TrimSpace(r.Header.Get("Authorization"))
	query := r.URL.Query()
	fromQuery := query.Has("X-Amz-Algorithm")
	fromHeader := strings.HasPrefix(header, "AWS4-")
	switch {
	case fromQuery && header != "":
		return nil, v.refuse(twoSignatures, "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
	case fromQuery:
		return v.queryClaim(query)
	case fromHeader:
		return v.headerClaim(r, header)
	case v.s3() && (strings.HasPrefix(header, "AWS ") || query.Has("AWSAccessKeyId")):
		return nil, v.refuse(badAlgorithm, "") // the older signature, which S3 took until 2020
	}
	return nil, nil
}

// headerClaim reads "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…". All
// that is missing is said at once, as AWS does; blanks after commas are optional.
func (v Verifier) headerClaim(r *http.Request, header string) (*claim, error) {
	algo, rest, _ := strings.Cut(header, " ")
	fields := map[string]string{}
	for _, part := range strings.Split(rest, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return nil, v.refuse(incomplete, "'"+part+"' not a valid key=value pair (missing equal-sign) in Authorization header: '"+header+"'.")
		}
		fields[name] = value
	}
	// Clients behind proxies that rewrite Date send X-Amz-Date, which therefore wins.
	stamp := r.Header.Get("X-Amz-Date")
	if stamp == "" {
		stamp = r.Header.Get("Date")
	}
	var missing strings.Builder
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if fields[name] == "" {
			missing.WriteString("Authorization header requires '" + name + "' parameter. ")
		}
	}
	if stamp == "" {
		missing.WriteString("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
	}
	if missing.Len() > 0 {
		return nil, v.refuse(incomplete, missing.String()+"Authorization="+withoutSignature(header, fields["Signature"]))
	}
	cl := &claim{
		algorithm: algo, credential: fields["Credential"], signature: fields["Signature"],
		token: r.Header.Get("X-Amz-Security-Token"),
	}
	return cl, v.complete(cl, fields["SignedHeaders"], stamp)
}

// queryClaim reads the presigned form, where the same parts stand in the query. Only S3
// has an end to it; other services go by their clock tolerance.
func (v Verifier) queryClaim(q url.Values) (*claim, error) {
	var missing strings.Builder
	need := []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"}
	if v.s3() {
		need = append(need, "X-Amz-Expires")
	}
	for _, name := range need {
		if q.Get(name) == "" {
			missing.WriteString("AWS query-string parameters must include '" + name + "'. ")
		}
	}
	if missing.Len() > 0 {
		return nil, v.refuse(incompleteQuery, missing.String()+"Re-examine the query-string parameters.")
	}
	cl := &claim{
		presigned: true, algorithm: q.Get("X-Amz-Algorithm"), credential: q.Get("X-Amz-Credential"),
		signature: q.Get("X-Amz-Signature"), token: q.Get("X-Amz-Security-Token"),
	}
	if v.s3() {
		seconds, err := strconv.ParseInt(q.Get("X-Amz-Expires"), 10, 64)
		if err != nil || seconds < 0 {
			return nil, v.refuse(badLifetime, "X-Amz-Expires should be a number")
		}
		if seconds > int64(maxLifetime/time.Second) {
			return nil, v.refuse(badLifetime, "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
		}
		cl.lifetime = time.Duration(seconds) * time.Second
	}
	return cl, v.complete(cl, q.Get("X-Amz-SignedHeaders"), q.Get("X-Amz-Date"))
}

// complete reads the parts both forms share.
func (v Verifier) complete(cl *claim, signed, stamp string) error {
	at, err := parseStamp(stamp)
	if err != nil {
		return v.refuse(badDate, "Date must be in ISO-8601 'basic format'. Got '"+stamp+"'. See http://en.wikipedia.org/wiki/ISO_8601")
	}
	cl.at, cl.stamp = at, at.Format(stampForm)
	cl.signed = strings.Split(strings.ToLower(signed), ";")
	slices.Sort(cl.signed)
	if cl.algorithm != algorithm {
		return v.refuse(badAlgorithm, "Unsupported AWS 'algorithm': '"+cl.algorithm+"' (only AWS4-HMAC-SHA256 for now). ")
	}
	// An access key id holds no slash, so five parts are exact.
	parts := strings.Split(cl.credential, "/")
	if len(parts) != 5 {
		return v.refuse(badCredential, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '"+cl.credential+"'")
	}
	cl.key, cl.date, cl.region, cl.service, cl.end = parts[0], parts[1], parts[2], parts[3], parts[4]
	return nil
}

// parseStamp reads X-Amz-Date's form and the two that a Date header may have.
func parseStamp(s string) (time.Time, error) {
	at, err := time.Parse(stampForm, s)
	if err != nil {
		at, err = http.ParseTime(s)
	}
	return at.UTC(), err
}

// withoutSignature keeps a signature out of refusals and so out of logs.
func withoutSignature(header, signature string) string {
	if signature == "" {
		return header
	}
	return strings.ReplaceAll(header, signature, "…")
}
