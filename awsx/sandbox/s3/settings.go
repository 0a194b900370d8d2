package s3

import (
	"encoding/xml"
	"net/http"
	"strings"
)

// encryptionXML is the wire form of a bucket's default encryption.
type encryptionXML struct {
	XMLName xml.Name         `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ServerSideEncryptionConfiguration"`
	Rule    []encryptionRule `xml:"Rule"`
}

type encryptionRule struct {
	Apply struct {
		SSEAlgorithm   string
		KMSMasterKeyID string `xml:",omitempty"`
	} `xml:"ApplyServerSideEncryptionByDefault"`
	BucketKeyEnabled bool
}

// algorithm is what the bucket encrypts with: AES256 has been the default of
// every bucket, configured or not, since January 2023.
func (e Encryption) algorithm() string {
	if e.Algorithm == "" {
		return "AES256"
	}
	return e.Algorithm
}

// getEncryption always has an answer: there is no bucket without encryption.
func (c *call) getEncryption() error {
	rule := encryptionRule{BucketKeyEnabled: c.cfg.Encryption.BucketKey}
	rule.Apply.SSEAlgorithm, rule.Apply.KMSMasterKeyID = c.cfg.Encryption.algorithm(), c.cfg.Encryption.Key
	return c.answer(encryptionXML{Rule: []encryptionRule{rule}})
}

// putEncryption changes what later objects get; those there keep what they have,
// which is why a switch of keys needs a new snapshot.
func (c *call) putEncryption() error {
	var in struct {
		Rule []encryptionRule `xml:"Rule"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	if len(in.Rule) != 1 {
		return malformedXML()
	}
	// S3 takes one rule, although the document could hold more.
	rule := in.Rule[0]
	e := Encryption{Algorithm: rule.Apply.SSEAlgorithm, Key: rule.Apply.KMSMasterKeyID, BucketKey: rule.BucketKeyEnabled}
	switch {
	case !knownEncryption(e.Algorithm):
		return malformedXML()
	case e.Algorithm == "AES256" && e.Key != "":
		return invalidArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse", "ApplyServerSideEncryptionByDefault", "")
	}
	return c.change(func(b *BucketConfig) { b.Encryption = e })
}

func knownEncryption(algorithm string) bool {
	return algorithm == "AES256" || algorithm == "aws:kms" || algorithm == "aws:kms:dsse"
}

// deleteEncryption goes back to the default.
func (c *call) deleteEncryption() error {
	if err := c.change(func(b *BucketConfig) { b.Encryption = Encryption{} }); err != nil {
		return err
	}
	return c.noContent()
}

// getPublicAccess tells a removed block from one with everything off.
func (c *call) getPublicAccess() error {
	if c.cfg.PublicAccess == nil {
		return newError(http.StatusNotFound, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found", Detail{"BucketName", c.at.bucket})
	}
	return c.answer(struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ PublicAccessBlockConfiguration"`
		PublicAccess
	}{PublicAccess: *c.cfg.PublicAccess})
}

// putPublicAccess replaces all four settings; those not named become false.
func (c *call) putPublicAccess() error {
	var in PublicAccess
	if err := c.read(&in); err != nil {
		return err
	}
	return c.change(func(b *BucketConfig) { b.PublicAccess = &in })
}

func (c *call) deletePublicAccess() error {
	if err := c.change(func(b *BucketConfig) { b.PublicAccess = nil }); err != nil {
		return err
	}
	return c.noContent()
}

type ownershipXML struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ OwnershipControls"`
	Rule    struct{ ObjectOwnership string }
}

func knownOwnership(s string) bool {
	return s == ownerEnforced || s == ownerPreferred || s == objectWriter
}

// getOwnership answers 404 for buckets from before 2021 that were never set, which
// means ObjectWriter.
func (c *call) getOwnership() error {
	if c.cfg.Ownership == "" {
		return newError(http.StatusNotFound, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found", Detail{"BucketName", c.at.bucket})
	}
	var out ownershipXML
	out.Rule.ObjectOwnership = c.cfg.Ownership
	return c.answer(out)
}

// putOwnership takes effect for later uploads; enforcing would also disable lists on
// what is there, and nothing here has any.
func (c *call) putOwnership() error {
	var in struct {
		Rule struct{ ObjectOwnership string }
	}
	if err := c.read(&in); err != nil {
		return err
	}
	if !knownOwnership(in.Rule.ObjectOwnership) {
		return malformedXML()
	}
	return c.change(func(b *BucketConfig) { b.Ownership = in.Rule.ObjectOwnership })
}

func (c *call) deleteOwnership() error {
	if err := c.change(func(b *BucketConfig) { b.Ownership = "" }); err != nil {
		return err
	}
	return c.noContent()
}

type tagsXML struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ Tagging"`
	TagSet  struct{ Tag []Tag }
}

// getTagging answers 404 for a bucket without tags, never an empty list.
func (c *call) getTagging() error {
	if len(c.cfg.Tags) == 0 {
		return newError(http.StatusNotFound, "NoSuchTagSet", "The TagSet does not exist", Detail{"BucketName", c.at.bucket})
	}
	var out tagsXML
	out.TagSet.Tag = c.cfg.Tags
	return c.answer(out)
}

// putTagging replaces all tags of the bucket.
func (c *call) putTagging() error {
	var in struct {
		Tags []Tag `xml:"TagSet>Tag"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	// Limits of the tagging pages: unique keys, 128 characters, aws: is AWS's own.
	seen := map[string]bool{}
	for _, t := range in.Tags {
		switch {
		case seen[t.Key]:
			return newError(http.StatusBadRequest, "InvalidTag", "Cannot provide multiple Tags with the same key", Detail{"TagKey", t.Key})
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return newError(http.StatusBadRequest, "InvalidTag", "System tags cannot be added/updated by requester", Detail{"TagKey", t.Key})
		case t.Key == "" || len(t.Key) > 128:
			return newError(http.StatusBadRequest, "InvalidTag", "The TagKey you have provided is invalid", Detail{"TagKey", t.Key})
		}
		seen[t.Key] = true
	}
	if err := c.change(func(b *BucketConfig) { b.Tags = in.Tags }); err != nil {
		return err
	}
	return c.noContent()
}

func (c *call) deleteTagging() error {
	if err := c.change(func(b *BucketConfig) { b.Tags = nil }); err != nil {
		return err
	}
	return c.noContent()
}

// minimumSize is a header that came with lifecycle rules in 2024 and that
// Terraform waits for.
const minimumSize = "X-Amz-Transition-Default-Minimum-Object-Size"

func (c *call) getLifecycle() error {
	if c.cfg.Lifecycle == "" {
		return newError(http.StatusNotFound, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", Detail{"BucketName", c.at.bucket})
	}
	c.w.Header().Set("Content-Type", "application/xml")
	c.w.Header().Set(minimumSize, "all_storage_classes_128K")
	_, _ = c.w.Write([]byte(c.cfg.Lifecycle))
	return nil
}

// putLifecycle keeps the document as it is: nothing in the sandbox ages.
func (c *call) putLifecycle() error {
	body, err := c.document()
	if err != nil {
		return err
	}
	var in struct {
		Rule []struct{ Status string }
	}
	if xml.Unmarshal(body, &in) != nil || len(in.Rule) == 0 {
		return malformedXML()
	}
	for _, r := range in.Rule {
		if r.Status != "Enabled" && r.Status != "Disabled" {
			return malformedXML()
		}
	}
	if err := c.change(func(b *BucketConfig) { b.Lifecycle = string(body) }); err != nil {
		return err
	}
	c.w.Header().Set(minimumSize, "all_storage_classes_128K")
	c.w.WriteHeader(http.StatusOK)
	return nil
}

func (c *call) deleteLifecycle() error {
	if err := c.change(func(b *BucketConfig) { b.Lifecycle = "" }); err != nil {
		return err
	}
	return c.noContent()
}
