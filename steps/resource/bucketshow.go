package resource

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// Render shows a bucket as one Terraform resource a setting, which is how the
// AWS provider has it, and as one CLI call a setting that changes.
func (k bucketKind) Render(c steps.Change) Renderings {
	place := k.opts.placeOf(c)
	if c.Verb == steps.Delete {
		return Renderings{CLI: place.AWS("s3api delete-bucket", "--bucket", c.Ref.Name)}
	}
	before, _, err := ParseBucket(c.Before)
	if err != nil || c.Verb == steps.Exists {
		return Renderings{}
	}
	after, _, err := ParseBucket(c.After)
	if err != nil {
		return Renderings{}
	}
	return Renderings{Terraform: bucketTerraform(place, c, after), CLI: place.whole(bucketCLI(place, c, before, after))}
}

// bucketTerraform refers to the bucket from its companions, so that Terraform
// makes them in order.
func bucketTerraform(place Place, c steps.Change, b Bucket) string {
	name := c.Ref.Name
	tf := newTerraform(place)
	add := func(kind string, fill func(*tfBody)) {
		tf.existing(c, kind, name, name)
		tf.block(kind, name, func(body *tfBody) {
			if kind == "aws_s3_bucket" {
				body.text("bucket", name)
			} else {
				body.ref("bucket", "aws_s3_bucket", name, "id")
			}
			fill(body)
		})
	}
	add("aws_s3_bucket", func(body *tfBody) { body.tags(b.Tags) })
	if b.Block != nil {
		add("aws_s3_bucket_public_access_block", func(body *tfBody) {
			body.yes("block_public_acls", b.Block.BlockACLs)
			body.yes("ignore_public_acls", b.Block.IgnoreACLs)
			body.yes("block_public_policy", b.Block.BlockPolicy)
			body.yes("restrict_public_buckets", b.Block.RestrictBuckets)
		})
	}
	if b.Ownership != "" {
		add("aws_s3_bucket_ownership_controls", func(body *tfBody) {
			body.nested("rule", func(r *tfBody) { r.text("object_ownership", b.Ownership) })
		})
	}
	if b.Encryption != nil {
		add("aws_s3_bucket_server_side_encryption_configuration", func(body *tfBody) {
			body.nested("rule", func(r *tfBody) {
				r.nested("apply_server_side_encryption_by_default", func(d *tfBody) {
					d.text("sse_algorithm", b.Encryption.Algorithm)
					d.text("kms_master_key_id", b.Encryption.KeyARN)
				})
				r.yes("bucket_key_enabled", b.Encryption.BucketKey)
			})
		})
	}
	return tf.String()
}

// bucketCLI prints the calls in the order in which nothing is ever open. Tags are
// set with a call that replaces all there are: on a bucket that others may have
// tagged, that is nobody's line to copy.
func bucketCLI(place Place, c steps.Change, before, after Bucket) string {
	name := c.Ref.Name
	var lines []string
	call := func(command string, args ...string) {
		lines = append(lines, place.line("s3api "+command, append([]string{"--bucket", name}, args...)...))
	}
	if c.Verb == steps.Create {
		args := []string{"--object-ownership", after.Ownership}
		// us-east-1 is the one region that must not be named.
		if after.Region != "us-east-1" {
			args = append(args, "--create-bucket-configuration", "LocationConstraint="+after.Region)
		}
		p := place
		if c.Unread && after.Region == "us-east-1" {
			// There, creating a bucket of one's own once more succeeds (S3 API reference,
			// CreateBucket): looking is what stops.
			lines = append(lines, "! "+place.line("s3api head-bucket", "--bucket", name))
		}
		p.Region = awsid.Region(after.Region)
		lines = append(lines, p.line("s3api create-bucket", append([]string{"--bucket", name}, args...)...))
		before.Ownership = after.Ownership
	}
	if a := after.Block; a != nil && (before.Block == nil || *before.Block != *a) {
		call("put-public-access-block", "--public-access-block-configuration", blockArg(*a))
	}
	if after.Ownership != before.Ownership {
		call("put-bucket-ownership-controls", "--ownership-controls", "Rules=[{ObjectOwnership="+after.Ownership+"}]")
	}
	if a := after.Encryption; a != nil && (before.Encryption == nil || *before.Encryption != *a) {
		call("put-bucket-encryption", "--server-side-encryption-configuration", encryptionArg(*a))
	}
	if len(after.Tags) > 0 && !maps.Equal(before.Tags, after.Tags) {
		var tags []string
		for _, key := range slices.Sorted(maps.Keys(after.Tags)) {
			tags = append(tags, "{Key="+key+",Value="+after.Tags[key]+"}")
		}
		if c.Verb == steps.Modify || c.Unread {
			lines = append(lines, tagsBeside(c, tags)...)
		} else {
			call("put-bucket-tagging", "--tagging", "TagSet=["+strings.Join(tags, ",")+"]")
		}
	}
	if c.Unread && c.Verb == steps.Create {
		return onlyIfMade("bucket", lines)
	}
	return strings.Join(lines, "")
}

// tagsBeside tells the tags of a bucket that is there. One that somebody else makes
// goes without: they say that it is of our making.
func tagsBeside(c steps.Change, tags []string) []string {
	if c.Unread {
		return nil
	}
	return []string{"# Add these tags to the bucket, beside those it has: " + strings.Join(tags, ", ") + "\n"}
}

// blockArg and encryptionArg are the values the AWS CLI takes for the settings.
func blockArg(b account.PublicAccessBlock) string {
	f := strconv.FormatBool
	return "BlockPublicAcls=" + f(b.BlockACLs) + ",IgnorePublicAcls=" + f(b.IgnoreACLs) +
		",BlockPublicPolicy=" + f(b.BlockPolicy) + ",RestrictPublicBuckets=" + f(b.RestrictBuckets)
}

func encryptionArg(e account.Encryption) string {
	rule := map[string]any{"ApplyServerSideEncryptionByDefault": map[string]any{"SSEAlgorithm": e.Algorithm}, "BucketKeyEnabled": e.BucketKey}
	if e.KeyARN != "" {
		rule["ApplyServerSideEncryptionByDefault"].(map[string]any)["KMSMasterKeyID"] = e.KeyARN
	}
	return jsonArg(canonical(map[string]any{"Rules": []any{rule}}))
}
