package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// canonicalRequest builds the text that was signed. It fails where a header
// that was signed did not arrive, or the path or query cannot be decoded: no
// signature over those could match.
func canonicalRequest(r *http.Request, cl *claim, payloadHash string, s3 bool) (string, bool) {
	path, ok := canonicalPath(rawPath(r), s3)
	if !ok {
		return "", false
	}
	query, ok := canonicalQuery(r.URL.RawQuery, cl.presigned)
	if !ok {
		return "", false
	}
	var b strings.Builder
	b.WriteString(r.Method + "\n" + path + "\n" + query + "\n")
	for _, name := range cl.signed {
		values, ok := headerValues(r, name)
		if !ok {
			return "", false
		}
		b.WriteString(name + ":")
		for i, value := range values {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strings.Join(strings.Fields(value), " "))
		}
		b.WriteByte('\n')
	}
	b.WriteString("\n" + strings.Join(cl.signed, ";") + "\n" + payloadHash)
	return b.String(), true
}

// rawPath is the path as it was on the wire; the parsed form has lost whether a
// slash came as %2F, and which characters came without escapes.
func rawPath(r *http.Request) string {
	target := r.RequestURI
	if target == "" {
		target = r.URL.RequestURI()
	}
	if _, rest, ok := strings.Cut(target, "://"); ok && target[0] != '/' {
		_, rest, _ = strings.Cut(rest, "/")
		target = "/" + rest
	}
	path, _, _ := strings.Cut(target, "?")
	if path == "" {
		return "/"
	}
	return path
}

// canonicalPath encodes S3 paths once and leaves their segments alone, because
// "." and "//" are parts of keys. Other services normalise the path and encode
// what was sent again.
func canonicalPath(raw string, s3 bool) (string, bool) {
	if !s3 {
		return encode(normalise(raw), true), true
	}
	decoded, err := url.PathUnescape(raw)
	return encode(decoded, true), err == nil
}

// normalise removes empty, "." and ".." segments (RFC 3986 as AWS reads it) and
// keeps a trailing slash.
func normalise(p string) string {
	var kept []string
	segments := strings.Split(p, "/")
	for _, s := range segments {
		switch s {
		case "", ".":
		case "..":
			if len(kept) > 0 {
				kept = kept[:len(kept)-1]
			}
		default:
			kept = append(kept, s)
		}
	}
	out := "/" + strings.Join(kept, "/")
	last := segments[len(segments)-1]
	if len(kept) > 0 && (last == "" || last == "." || last == "..") {
		out += "/"
	}
	return out
}

// canonicalQuery decodes each name and value as the services later read them
// (plus means blank), so that what was verified is what is acted upon.
func canonicalQuery(raw string, presigned bool) (string, bool) {
	if raw == "" {
		return "", true
	}
	type pair struct{ name, value string }
	var pairs []pair
	for _, part := range strings.Split(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return "", false
		}
		value, err = url.QueryUnescape(value)
		if err != nil {
			return "", false
		}
		if presigned && name == "X-Amz-Signature" {
			continue
		}
		pairs = append(pairs, pair{encode(name, false), encode(value, false)})
	}
	// AWS sorts after encoding, by name and then by value; sorting the raw text differs
	// for names such as "a" and "a-b".
	slices.SortFunc(pairs, func(a, b pair) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	parts := make([]string, len(pairs))
	for i, p := range pairs {
		parts[i] = p.name + "=" + p.value
	}
	return strings.Join(parts, "&"), true
}

// headerValues finds a signed header, also those that Go's server moves out of
// the header map.
func headerValues(r *http.Request, name string) ([]string, bool) {
	switch name {
	case "host":
		return []string{r.Host}, true
	case "content-length":
		if v := r.Header.Get("Content-Length"); v != "" {
			return []string{v}, true
		}
		return []string{strconv.FormatInt(r.ContentLength, 10)}, r.ContentLength >= 0
	case "transfer-encoding":
		return r.TransferEncoding, len(r.TransferEncoding) > 0
	}
	values, ok := r.Header[http.CanonicalHeaderKey(name)]
	return values, ok
}

const upperHex = "0123456789ABCDEF"

// encode is AWS's UriEncode: everything but the unreserved characters.
func encode(s string, keepSlash bool) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' ||
			c == '-' || c == '_' || c == '.' || c == '~' || c == '/' && keepSlash {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upperHex[c>>4])
		b.WriteByte(upperHex[c&15])
	}
	return b.String()
}

// stringToSign joins time, scope and the canonical request's hash.
func stringToSign(cl *claim, canonical string) string {
	return algorithm + "\n" + cl.stamp + "\n" + cl.scopeLine() + "\n" + hexHash([]byte(canonical))
}

// signingKey derives the key of one day, region and service from the secret, so that a
// signature is worth nothing outside of them.
func signingKey(secret, date, region, service string) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{date, region, service, terminator} {
		key = sign(key, part)
	}
	return key
}

func sign(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// equal compares in constant time, and letter by letter: a signature is lower
// case hex and nothing else.
func equal(want []byte, given string) bool {
	return hmac.Equal([]byte(hex.EncodeToString(want)), []byte(given))
}

func hexHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
