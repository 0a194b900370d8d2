package resource

import (
	"context"
	"maps"
	"strings"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/steps"
)

// bucketKind is the bucket the snapshot goes through. Its policy is a kind of
// its own.
type bucketKind struct {
	access Access
	opts   Options
}

// Read gives what the plan shows of a bucket. Settings that S3 has by default are
// read as if they had been set: encryption is on since January 2023 even where
// nobody asked for it (S3 user guide).
func (k bucketKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error) {
	acc, err := k.access.Control(ctx, ref.Side)
	if err != nil {
		return "", err
	}
	name := awsid.BucketName(ref.Name)
	b, err := acc.Bucket(ctx, name)
	if err != nil || b == nil {
		return steps.Absent, err
	}
	doc := Bucket{Region: string(b.Region), Owner: b.Owner}
	if b.Owner != account.Ours {
		// Another account's settings are not ours to read, nor to change.
		return doc.Doc(), nil
	}
	if doc.Encryption, err = acc.BucketEncryption(ctx, name); err != nil {
		return "", err
	}
	block, err := acc.PublicAccessBlock(ctx, name)
	if err != nil {
		return "", err
	}
	doc.Block = &block
	if doc.Ownership, err = acc.ObjectOwnership(ctx, name); err != nil {
		return "", err
	}
	tags, err := acc.BucketTags(ctx, name)
	if err != nil {
		return "", err
	}
	doc.Tags = ownTags(tags)
	return doc.Doc(), nil
}

// ownTags leaves out what others tagged: their tagging is no drift of ours.
func ownTags(tags map[string]string) map[string]string {
	own := map[string]string{}
	for key, value := range tags {
		if strings.HasPrefix(key, ownTag) {
			own[key] = value
		}
	}
	return own
}

// NewBucket is what S3 makes of nothing but a name and our wish that its owner own
// what is in it: closed and encrypted by its own key since 2023 (S3 user guide).
func NewBucket(region string) Bucket {
	block := account.AllBlocked
	return Bucket{Region: region, Owner: account.Ours, Encryption: &account.Encryption{Algorithm: "AES256"}, Block: &block, Ownership: account.OwnerEnforced}
}

// Write makes the bucket whole or changes single settings of one that is there.
// Making is safe to repeat: account completes a bucket that is half made.
func (k bucketKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error {
	before, exists, err := ParseBucket(was)
	if err != nil {
		return err
	}
	after, _, err := ParseBucket(want)
	if err != nil {
		return err
	}
	acc, err := k.access.Control(ctx, ref.Side)
	if err != nil {
		return err
	}
	name := awsid.BucketName(ref.Name)
	if !exists {
		spec := account.BucketSpec{Name: name, Region: awsid.Region(after.Region), Tags: after.Tags}
		if after.Encryption != nil {
			spec.Encryption = *after.Encryption
		}
		return acc.CreateBucket(ctx, spec)
	}
	if before.Region != after.Region || before.Owner != after.Owner {
		return &steps.Error{
			Summary: steps.T("Bucket %s stays in its region and with its owner", ref.Name),
			Fix:     steps.T("Answer with another bucket name to have a bucket made"),
		}
	}
	return changeBucket(ctx, acc, name, before, after)
}

// changeBucket writes the settings that differ, the closing ones first.
func changeBucket(ctx context.Context, acc *account.Account, name awsid.BucketName, before, after Bucket) error {
	if after.Block != nil && (before.Block == nil || *before.Block != *after.Block) {
		if err := acc.PutPublicAccessBlock(ctx, name, *after.Block); err != nil {
			return err
		}
	}
	if after.Ownership != "" && before.Ownership != after.Ownership {
		if err := acc.PutObjectOwnership(ctx, name, after.Ownership); err != nil {
			return err
		}
	}
	if after.Encryption != nil && (before.Encryption == nil || *before.Encryption != *after.Encryption) {
		if err := acc.PutBucketEncryption(ctx, name, *after.Encryption); err != nil {
			return err
		}
	}
	if maps.Equal(before.Tags, after.Tags) {
		return nil
	}
	// S3 knows only all tags at once: others' are read and written back.
	tags, err := acc.BucketTags(ctx, name)
	if err != nil {
		return err
	}
	maps.DeleteFunc(tags, func(key, _ string) bool { return strings.HasPrefix(key, ownTag) })
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, after.Tags)
	return acc.PutBucketTags(ctx, name, tags)
}

// Delete never empties: objects go only by Empty, after a confirmation of their own.
func (k bucketKind) Delete(ctx context.Context, ref steps.Ref, _ steps.Doc) error {
	acc, err := k.access.Control(ctx, ref.Side)
	if err != nil {
		return err
	}
	err = acc.DeleteBucket(ctx, awsid.BucketName(ref.Name))
	if f := failure.Of(err); f != nil && f.Code == "BucketNotEmpty" {
		return &steps.Error{
			Summary: steps.T("Bucket %s is not empty, so it was kept", ref.Name),
			Fix:     steps.T("Run again with --delete-bucket-content if nobody needs the snapshots in it"),
			Cause:   err,
		}
	}
	return err
}

// Content counts the objects, by the folder at the top that they are in.
func (k bucketKind) Content(ctx context.Context, ref steps.Ref) (Contents, error) {
	c := Contents{Tops: map[string]int{}}
	acc, err := k.access.Control(ctx, ref.Side)
	if err != nil {
		return c, err
	}
	for o, err := range acc.Objects(ctx, awsid.BucketName(ref.Name), "") {
		if err != nil {
			return c, err
		}
		top, _, folder := strings.Cut(o.Key, "/")
		if folder {
			top += "/"
		}
		c.Tops[top]++
		c.Objects++
		c.Bytes += o.Size
	}
	return c, nil
}

// Empty deletes every object, in the batches S3 takes.
func (k bucketKind) Empty(ctx context.Context, ref steps.Ref) error {
	acc, err := k.access.Control(ctx, ref.Side)
	if err != nil {
		return err
	}
	const batch = 1000
	name := awsid.BucketName(ref.Name)
	var keys []string
	for o, err := range acc.Objects(ctx, name, "") {
		if err != nil {
			return err
		}
		if keys = append(keys, o.Key); len(keys) == batch {
			if err := acc.DeleteObjects(ctx, name, keys); err != nil {
				return err
			}
			keys = keys[:0]
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return acc.DeleteObjects(ctx, name, keys)
}

// Takeback of a bucket we made deletes it (if it is empty by then); of an
// adopted one it puts back the settings that are still as we left them.
func (k bucketKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text) {
	l, there, err1 := ParseBucket(live)
	b, existed, err2 := ParseBucket(before)
	a, _, err3 := ParseBucket(after)
	switch {
	case err1 != nil || err2 != nil || err3 != nil:
		return live, false, steps.T("the bucket's document cannot be read any more")
	case !there:
		return steps.Absent, true, steps.Text{}
	case l.Owner != account.Ours:
		return live, false, steps.T("the bucket belongs to another account now")
	case !existed && (l.Tags[TagRun] == "" || l.Tags[TagRun] != a.Tags[TagRun]):
		return live, false, steps.T("the bucket does not carry the mark of this run")
	case !existed:
		return steps.Absent, true, steps.Text{}
	}
	l.Encryption = putBack(l.Encryption, b.Encryption, a.Encryption)
	l.Block = putBack(l.Block, b.Block, a.Block)
	if l.Ownership == a.Ownership {
		l.Ownership = b.Ownership
	}
	l.Tags = takenBack(l.Tags, b.Tags, a.Tags)
	return l.Doc(), true, steps.Text{}
}

// putBack gives what was before where live is still what after made of it.
func putBack[T comparable](live, before, after *T) *T {
	if live != nil && after != nil && *live == *after {
		return before
	}
	return live
}
