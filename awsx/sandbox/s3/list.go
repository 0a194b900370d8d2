package s3

import (
	"encoding/base64"
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/store"
)

const maxKeysPerPage = 1000

// listing is what the three forms of listing have in common.
type listing struct {
	query  store.Query
	encode func(string) string
	url    bool
	page   store.Page
}

// list decides, reads the common parameters and takes one page that comes after
// a key.
func (c *call) list(action, after string) (listing, error) {
	q := c.r.URL.Query()
	// A parameter that was not sent is an absent key, not an empty one: a policy that
	// asks for a prefix must refuse who names none.
	extra := map[string][]string{}
	for _, name := range []string{"prefix", "delimiter", "max-keys"} {
		if q.Has(name) {
			extra["s3:"+name] = []string{q.Get(name)}
		}
	}
	if err := c.may(action, c.resource(), extra); err != nil {
		return listing{}, err
	}
	l := listing{encode: func(s string) string { return s }}
	switch v := q.Get("encoding-type"); v {
	case "":
	case "url":
		l.encode, l.url = urlEncode, true
	default:
		return l, invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", v)
	}
	limit, err := pageSize(q.Get("max-keys"), "max-keys")
	if err != nil {
		return l, err
	}
	l.query = store.Query{Prefix: q.Get("prefix"), Delimiter: q.Get("delimiter"), After: after, Max: limit}
	l.page, err = c.s.Store.List(c.at.bucket, l.query)
	return l, err
}

// pageSize reads a limit; asking for more than a page holds gets a page.
func pageSize(text, name string) (int, error) {
	if text == "" {
		return maxKeysPerPage, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, invalidArgument("Argument "+name+" must be an integer between 0 and 2147483647", name, text)
	}
	return min(n, maxKeysPerPage), nil
}

// urlEncode leaves slashes and AWS's unreserved characters; every decoder of
// query strings and paths reads it alike.
func urlEncode(s string) string {
	return strings.NewReplacer("+", "%20", "%2F", "/", "%7E", "~").Replace(url.QueryEscape(s))
}

func (l listing) encodingType() string {
	if l.url {
		return "url"
	}
	return ""
}

// last is where the next page begins after; "" on the last page.
func (l listing) last() string {
	if !l.page.More || len(l.page.Items) == 0 {
		return ""
	}
	return l.page.Items[len(l.page.Items)-1].Name()
}

type contents struct {
	Key          string
	LastModified string
	ETag         string
	Size         int64
	Owner        *owner `xml:",omitempty"`
	StorageClass string
}

type commonPrefix struct{ Prefix string }

// items splits a page into what the answer calls objects and prefixes.
func (l listing) items(c *call, owners bool) (objects []contents, prefixes []commonPrefix) {
	for _, i := range l.page.Items {
		if i.Prefix != "" {
			prefixes = append(prefixes, commonPrefix{l.encode(i.Prefix)})
			continue
		}
		// Every listing has an ETag, also for files a node wrote: it is computed once.
		o := contents{Key: l.encode(i.Key), LastModified: timeText(i.Modified), ETag: quoted(i.ETag), Size: i.Size, StorageClass: "STANDARD"}
		if class := i.Attr["x-amz-storage-class"]; class != "" {
			o.StorageClass = class
		}
		if owners {
			o.Owner = &owner{ID: canonicalID(objectOwner(c.cfg, i.Object))}
		}
		objects = append(objects, o)
	}
	return objects, prefixes
}

// listV2 pages by tokens. A token is the last name of the page before; clients must
// not look into it, and S3's are opaque.
func (c *call) listV2() error {
	q := c.r.URL.Query()
	if v := q.Get("list-type"); v != "2" {
		return invalidArgument("Invalid List Type specified in Request", "list-type", v)
	}
	after := q.Get("start-after")
	if token := q.Get("continuation-token"); q.Has("continuation-token") {
		b, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(b) == 0 {
			return invalidArgument("The continuation token provided is incorrect", "continuation-token", token)
		}
		after = string(b)
	}
	l, err := c.list("s3:ListBucket", after)
	if err != nil {
		return err
	}
	out := struct {
		XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
		Name                  string
		Prefix                string
		Delimiter             string `xml:",omitempty"`
		StartAfter            string `xml:",omitempty"`
		ContinuationToken     string `xml:",omitempty"`
		NextContinuationToken string `xml:",omitempty"`
		KeyCount, MaxKeys     int
		EncodingType          string `xml:",omitempty"`
		IsTruncated           bool
		Contents              []contents
		CommonPrefixes        []commonPrefix
	}{
		Name: c.at.bucket, Prefix: l.encode(l.query.Prefix), Delimiter: l.encode(l.query.Delimiter), StartAfter: l.encode(q.Get("start-after")),
		ContinuationToken: q.Get("continuation-token"), NextContinuationToken: base64.RawURLEncoding.EncodeToString([]byte(l.last())),
		KeyCount: len(l.page.Items), MaxKeys: l.query.Max, EncodingType: l.encodingType(), IsTruncated: l.page.More,
	}
	out.Contents, out.CommonPrefixes = l.items(c, q.Get("fetch-owner") == "true")
	c.w.Header().Set("X-Amz-Bucket-Region", string(c.cfg.Region))
	return c.answer(out)
}

// listV1 is the older form, which the engine's older plugins and many tools use.
func (c *call) listV1() error {
	marker := c.r.URL.Query().Get("marker")
	l, err := c.list("s3:ListBucket", marker)
	if err != nil {
		return err
	}
	out := struct {
		XMLName        xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
		Name           string
		Prefix         string
		Marker         string
		NextMarker     string `xml:",omitempty"`
		Delimiter      string `xml:",omitempty"`
		MaxKeys        int
		EncodingType   string `xml:",omitempty"`
		IsTruncated    bool
		Contents       []contents
		CommonPrefixes []commonPrefix
	}{
		Name: c.at.bucket, Prefix: l.encode(l.query.Prefix), Marker: l.encode(marker), Delimiter: l.encode(l.query.Delimiter),
		MaxKeys: l.query.Max, EncodingType: l.encodingType(), IsTruncated: l.page.More,
	}
	// Without a delimiter the last key is the next marker, and S3 does not repeat it.
	if l.query.Delimiter != "" {
		out.NextMarker = l.encode(l.last())
	}
	out.Contents, out.CommonPrefixes = l.items(c, true)
	c.w.Header().Set("X-Amz-Bucket-Region", string(c.cfg.Region))
	return c.answer(out)
}

// listVersions shows the one version every object here has. Tools that empty a
// bucket ask for versions whether or not there are any.
func (c *call) listVersions() error {
	q := c.r.URL.Query()
	l, err := c.list("s3:ListBucketVersions", q.Get("key-marker"))
	if err != nil {
		return err
	}
	type version struct {
		contents
		VersionID string `xml:"VersionId"`
		IsLatest  bool
	}
	out := struct {
		XMLName             xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
		Name, Prefix        string
		KeyMarker           string
		VersionIDMarker     string `xml:"VersionIdMarker"`
		NextKeyMarker       string `xml:",omitempty"`
		NextVersionIDMarker string `xml:"NextVersionIdMarker,omitempty"`
		Delimiter           string `xml:",omitempty"`
		MaxKeys             int
		EncodingType        string `xml:",omitempty"`
		IsTruncated         bool
		Version             []version
		CommonPrefixes      []commonPrefix
	}{
		Name: c.at.bucket, Prefix: l.encode(l.query.Prefix), KeyMarker: l.encode(q.Get("key-marker")), NextKeyMarker: l.encode(l.last()),
		Delimiter: l.encode(l.query.Delimiter), MaxKeys: l.query.Max, EncodingType: l.encodingType(), IsTruncated: l.page.More,
	}
	if out.IsTruncated {
		out.NextVersionIDMarker = "null"
	}
	objects, prefixes := l.items(c, true)
	for _, o := range objects {
		out.Version = append(out.Version, version{o, "null", true})
	}
	out.CommonPrefixes = prefixes
	return c.answer(out)
}
