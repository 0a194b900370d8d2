package s3

import (
	"encoding/xml"
	"errors"
	"net/http"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/store"
)

const xmlns = "http://s3.amazonaws.com/doc/2006-03-01/"

// listBuckets shows the buckets of the caller's account. S3 gives no more than
// 10,000 of them at once and pages only on request; no account here has so many.
func (c *call) listBuckets() error {
	// The action is about the caller's own account and has no resource; policies
	// that name one name all buckets.
	own := BucketConfig{Owner: c.who.Account}
	if err := c.s.may(c.who, own, "s3:ListAllMyBuckets", "arn:aws:s3:::*", c.context()); err != nil {
		return err
	}
	type bucket struct{ Name, CreationDate, BucketRegion string }
	var out struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
		Buckets struct{ Bucket []bucket }
		Owner   owner
		Prefix  string `xml:",omitempty"`
	}
	query := c.r.URL.Query()
	out.Prefix = query.Get("prefix")
	out.Owner.ID = canonicalID(c.who.Account)
	for _, b := range c.s.Buckets.Buckets() {
		region := query.Get("bucket-region")
		if b.Owner == c.who.Account && strings.HasPrefix(b.Name, out.Prefix) && (region == "" || region == string(b.Region)) {
			out.Buckets.Bucket = append(out.Buckets.Bucket, bucket{b.Name, timeText(b.Created), string(b.Region)})
		}
	}
	return c.answer(out)
}

// createBucket makes a new bucket. The name is taken for all accounts at once.
func (c *call) createBucket() error {
	if _, err := awsid.ParseBucketName(c.at.bucket); err != nil {
		return newError(http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.", Detail{"BucketName", c.at.bucket})
	}
	region, tags, err := c.wantedRegion()
	if err != nil {
		return err
	}
	cfg := NewBucket(c.at.bucket, c.who.Account, region, c.s.Now().UTC())
	cfg.Tags = tags
	if wish := c.r.Header.Get("X-Amz-Object-Ownership"); wish != "" {
		if !knownOwnership(wish) {
			return invalidArgument("Invalid x-amz-object-ownership header: "+wish, "x-amz-object-ownership", wish)
		}
		cfg.Ownership = wish
	}
	// Lists are off on new buckets; only private asks for nothing.
	if acl := c.r.Header.Get("X-Amz-Acl"); acl != "" && acl != aclPrivate {
		return newError(http.StatusBadRequest, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	}
	if c.r.Header.Get("X-Amz-Bucket-Object-Lock-Enabled") == "true" {
		return notImplemented()
	}
	if err := c.mayCreate(cfg); err != nil {
		return err
	}
	if err := c.register(cfg); err != nil {
		return err
	}
	location := "/" + cfg.Name
	if cfg.Region != "us-east-1" {
		location = "http://" + cfg.Name + ".s3.amazonaws.com/" // as the AWS CLI's reference shows it
	}
	c.w.Header().Set("Location", location)
	c.w.WriteHeader(http.StatusOK)
	return nil
}

// mayCreate decides before the name is looked up, so that nobody without the right
// learns which names are taken.
func (c *call) mayCreate(cfg BucketConfig) error {
	// The bucket is nobody's yet: the caller's own policies alone decide.
	asked := BucketConfig{Name: cfg.Name, Owner: c.who.Account, Region: cfg.Region}
	ctx := c.context()
	ctx["s3:LocationConstraint"] = []string{string(cfg.Region)}
	ctx["aws:RequestedRegion"] = []string{string(cfg.Region)}
	if err := c.s.may(c.who, asked, "s3:CreateBucket", c.resource(), ctx); err != nil {
		return err
	}
	if c.r.Header.Get("X-Amz-Object-Ownership") != "" {
		return c.s.may(c.who, asked, "s3:PutBucketOwnershipControls", c.resource(), ctx)
	}
	return nil
}

// register looks and writes under one lock: of two who want a name at once, one
// must be told that it is taken.
func (c *call) register(cfg BucketConfig) error {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	there, exists := c.s.Buckets.Bucket(cfg.Name)
	switch {
	case exists && there.Owner != cfg.Owner:
		return newError(http.StatusConflict, "BucketAlreadyExists",
			"The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.", Detail{"BucketName", cfg.Name})
	case exists && there.Region == "us-east-1" && cfg.Region == "us-east-1":
		return nil // the oldest region takes a repetition for success
	case exists:
		return newError(http.StatusConflict, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", Detail{"BucketName", cfg.Name})
	}
	if err := c.s.Store.MakeBucket(cfg.Name); err != nil {
		return err
	}
	return c.s.Buckets.Put(cfg)
}

// wantedRegion reads the location constraint and compares it with the endpoint;
// where the endpoint tells no region, the signature's counts.
func (c *call) wantedRegion() (awsid.Region, []Tag, error) {
	var doc struct {
		LocationConstraint string
		Tags               []Tag `xml:"Tags>Tag"`
	}
	b, err := c.document()
	if err != nil {
		return "", nil, err
	}
	if len(b) > 0 && xml.Unmarshal(b, &doc) != nil {
		return "", nil, malformedXML()
	}
	wish, here := doc.LocationConstraint, c.at.region
	if wish == "EU" {
		wish = "eu-west-1"
	}
	// By address there is no endpoint's region; the client's own is the nearest to it.
	if here == "" {
		here = c.sign.Region
	}
	if wish != "" {
		if _, err := awsid.ParseRegion(wish); err != nil || wish == "us-east-1" {
			return "", nil, newError(http.StatusBadRequest, "InvalidLocationConstraint", "The specified location-constraint is not valid", Detail{"LocationConstraint", doc.LocationConstraint})
		}
	}
	// us-east-1 is the one endpoint that makes buckets of other regions.
	if here != "us-east-1" && wish != string(here) {
		said := "unspecified"
		if wish != "" {
			said = doc.LocationConstraint
		}
		return "", nil, newError(http.StatusBadRequest, "IllegalLocationConstraintException",
			"The "+said+" location constraint is incompatible for the region specific endpoint this request was sent to.")
	}
	if wish == "" {
		wish = "us-east-1"
	}
	return awsid.Region(wish), doc.Tags, nil
}

// headBucket answers in headers alone. SDKs and Terraform read the region from it;
// HeadBucket needs s3:ListBucket, there is no action of its own.
func (c *call) headBucket() error {
	h := c.w.Header()
	h.Set("X-Amz-Bucket-Region", string(c.cfg.Region))
	h.Set("X-Amz-Access-Point-Alias", "false")
	h.Set("Content-Type", "application/xml")
	c.w.WriteHeader(http.StatusOK)
	return nil
}

// deleteBucket holds the lock over the look and the deletion. Uploads that were
// never finished do not keep a bucket alive.
func (c *call) deleteBucket() error {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	err := c.s.Store.RemoveBucket(c.at.bucket)
	if errors.Is(err, store.ErrNotEmpty) {
		return newError(http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty", Detail{"BucketName", c.at.bucket})
	}
	if err == nil {
		err = c.s.Buckets.Delete(c.at.bucket)
	}
	if err != nil {
		return err
	}
	return c.noContent()
}

// getLocation leaves the element empty for us-east-1, the oldest region, as S3 does
// to this day; clients read an absent location as that region.
func (c *call) getLocation() error {
	var out struct {
		XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
		Location string   `xml:",chardata"`
	}
	if c.cfg.Region != "us-east-1" {
		out.Location = string(c.cfg.Region)
	}
	return c.answer(out)
}

// change rewrites the bucket's configuration under the lock, as it is then.
func (c *call) change(f func(*BucketConfig)) error {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	cfg, ok := c.s.Buckets.Bucket(c.at.bucket)
	if !ok {
		return noSuchBucket(c.at.bucket)
	}
	f(&cfg)
	return c.s.Buckets.Put(cfg)
}
