package spec

import (
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// bucket reads the bucket the snapshot goes through.
func (b *builder) bucket() {
	s := &b.spec.Bucket
	s.Name, _ = take(b, "bucket.name", awsid.ParseBucketName)
	b.need("bucket.name", steps.T("the bucket the snapshot goes through, existing or to be made"))
	s.Owner = steps.Side(b.one("bucket.owner", string(steps.Source), string(steps.Target)))
	if s.Owner == "" || b.spec.Shape == ShapeSameAccount || b.spec.Shape == ShapeSameDomain {
		s.Owner = steps.Source
	}
	home := b.spec.Side(s.Owner).Region
	var ok bool
	if s.Region, ok = take(b, "bucket.region", awsid.ParseRegion); !ok && !b.d.Said("bucket.region") {
		s.Region = home
	}
	if ok && home != "" && s.Region.Partition() != home.Partition() {
		b.fail("bucket.region", steps.T("%s and the %s's %s are in different partitions", string(s.Region), string(s.Owner), string(home)), steps.T("Use a region of the partition %s, best %s", string(home.Partition()), string(home)))
	}
	if s.BasePath, ok = take(b, "bucket.base_path", awsid.ParseBasePath); !ok && !b.d.Said("bucket.base_path") {
		s.BasePath = defaultBasePath(&b.spec.Source)
	}
	b.kmsKey()
}

// defaultBasePath names the folder after the source, so that one bucket can
// serve several migrations without two writers in one repository.
func defaultBasePath(src *SideSpec) awsid.BasePath {
	name := string(src.Domain)
	if name == "" {
		name, _, _ = strings.Cut(src.Endpoint, ".")
	}
	if name == "" {
		return ""
	}
	return awsid.BasePath("snapferry/" + name)
}

// kmsKey wants the full ARN: S3 resolves an alias in the account of whoever
// asks, so the other side would look for the key at home.
func (b *builder) kmsKey() {
	const key = "bucket.kms_key"
	s := &b.spec.Bucket
	raw := b.d.Get(key)
	if strings.HasPrefix(raw, "alias/") || strings.Contains(raw, ":alias/") {
		b.fail(key, steps.T("%q is an alias, which each account resolves for itself", raw), steps.T("Give the key's full ARN: arn:aws:kms:eu-west-1:111122223333:key/…"))
		return
	}
	if raw != "" && !strings.HasPrefix(strings.TrimSpace(raw), "arn:") {
		b.fail(key, steps.T("%q is not the full ARN of a key", raw), steps.T("The other account needs the full ARN: arn:aws:kms:eu-west-1:111122223333:key/…"))
		return
	}
	arn, ok := b.arn(key, s.Region, "kms", "key", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-…")
	if !ok {
		return
	}
	if s.Region != "" && arn.Region != s.Region {
		b.fail(key, steps.T("The key is in %s, the bucket in %s", string(arn.Region), string(s.Region)), steps.T("A bucket's default key is in the bucket's region"))
		return
	}
	s.KMSKey = arn
}
