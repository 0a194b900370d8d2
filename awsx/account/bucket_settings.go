package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"snapferry/awsx/awsid"
)

// Encryption is a bucket's default encryption. The zero value asks for none,
// which since January 2023 S3 takes for AES256.
type Encryption struct {
	// Algorithm is AES256, aws:kms or aws:kms:dsse.
	Algorithm string
	// KeyARN is empty for AES256 and for the AWS managed key aws/s3.
	KeyARN    string
	BucketKey bool
}

// PublicAccessBlock is the four switches of a bucket.
type PublicAccessBlock struct {
	BlockACLs, IgnoreACLs, BlockPolicy, RestrictBuckets bool
}

// AllBlocked has every switch on.
var AllBlocked = PublicAccessBlock{true, true, true, true}

// ObjectOwnership values, as S3 spells them. A bucket without the setting is ObjectWriter.
const (
	OwnerEnforced  = "BucketOwnerEnforced"
	OwnerPreferred = "BucketOwnerPreferred"
	ObjectWriter   = "ObjectWriter"
)

// BucketPolicy reads the policy; nil when the bucket has none.
// Needs s3:GetBucketPolicy.
func (a *Account) BucketPolicy(ctx context.Context, name awsid.BucketName) (Document, error) {
	out, err := a.at(ctx, name).GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: aws.String(string(name))})
	if err != nil {
		return nil, ignore(err, "NoSuchBucketPolicy")
	}
	return Document(aws.ToString(out.Policy)), nil
}

// PutBucketPolicy replaces the policy.
// Needs s3:PutBucketPolicy.
func (a *Account) PutBucketPolicy(ctx context.Context, name awsid.BucketName, doc Document) error {
	_, err := a.at(ctx, name).PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String(string(name)), Policy: aws.String(string(doc))})
	return fail(err)
}

// DeleteBucketPolicy removes the policy; absent is no error.
// Needs s3:DeleteBucketPolicy.
func (a *Account) DeleteBucketPolicy(ctx context.Context, name awsid.BucketName) error {
	_, err := a.at(ctx, name).DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: aws.String(string(name))})
	return ignore(err, "NoSuchBucketPolicy", "NoSuchBucket")
}

// BucketEncryption reads the default encryption; nil when none is set.
// Needs s3:GetEncryptionConfiguration.
func (a *Account) BucketEncryption(ctx context.Context, name awsid.BucketName) (*Encryption, error) {
	out, err := a.at(ctx, name).GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: aws.String(string(name))})
	if err != nil {
		return nil, ignore(err, "ServerSideEncryptionConfigurationNotFoundError")
	}
	if out.ServerSideEncryptionConfiguration == nil {
		return nil, nil
	}
	for _, r := range out.ServerSideEncryptionConfiguration.Rules {
		if d := r.ApplyServerSideEncryptionByDefault; d != nil {
			return &Encryption{Algorithm: string(d.SSEAlgorithm), KeyARN: aws.ToString(d.KMSMasterKeyID), BucketKey: aws.ToBool(r.BucketKeyEnabled)}, nil
		}
	}
	return nil, nil
}

// PutBucketEncryption sets the default encryption.
// Needs s3:PutEncryptionConfiguration.
func (a *Account) PutBucketEncryption(ctx context.Context, name awsid.BucketName, e Encryption) error {
	byDefault := &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryption(e.Algorithm)}
	if e.KeyARN != "" {
		byDefault.KMSMasterKeyID = aws.String(e.KeyARN)
	}
	rule := types.ServerSideEncryptionRule{ApplyServerSideEncryptionByDefault: byDefault}
	if e.BucketKey {
		rule.BucketKeyEnabled = aws.Bool(true)
	}
	_, err := a.at(ctx, name).PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket:                            aws.String(string(name)),
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{rule}},
	})
	return fail(err)
}

// PublicAccessBlock reads the four switches; all false when none is set.
// Needs s3:GetBucketPublicAccessBlock.
func (a *Account) PublicAccessBlock(ctx context.Context, name awsid.BucketName) (PublicAccessBlock, error) {
	out, err := a.at(ctx, name).GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: aws.String(string(name))})
	if err != nil {
		return PublicAccessBlock{}, ignore(err, "NoSuchPublicAccessBlockConfiguration")
	}
	c := out.PublicAccessBlockConfiguration
	if c == nil {
		return PublicAccessBlock{}, nil
	}
	return PublicAccessBlock{
		BlockACLs: aws.ToBool(c.BlockPublicAcls), IgnoreACLs: aws.ToBool(c.IgnorePublicAcls),
		BlockPolicy: aws.ToBool(c.BlockPublicPolicy), RestrictBuckets: aws.ToBool(c.RestrictPublicBuckets),
	}, nil
}

// PutPublicAccessBlock sets the four switches.
// Needs s3:PutBucketPublicAccessBlock.
func (a *Account) PutPublicAccessBlock(ctx context.Context, name awsid.BucketName, b PublicAccessBlock) error {
	_, err := a.at(ctx, name).PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: aws.String(string(name)),
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(b.BlockACLs), IgnorePublicAcls: aws.Bool(b.IgnoreACLs),
			BlockPublicPolicy: aws.Bool(b.BlockPolicy), RestrictPublicBuckets: aws.Bool(b.RestrictBuckets),
		},
	})
	return fail(err)
}

// ObjectOwnership reads who owns objects others write; ObjectWriter when unset.
// Needs s3:GetBucketOwnershipControls.
func (a *Account) ObjectOwnership(ctx context.Context, name awsid.BucketName) (string, error) {
	out, err := a.at(ctx, name).GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: aws.String(string(name))})
	if hasCode(err, "OwnershipControlsNotFoundError") {
		return ObjectWriter, nil
	}
	if err != nil {
		return "", fail(err)
	}
	if out.OwnershipControls == nil || len(out.OwnershipControls.Rules) == 0 {
		return ObjectWriter, nil
	}
	return string(out.OwnershipControls.Rules[0].ObjectOwnership), nil
}

// PutObjectOwnership sets it.
// Needs s3:PutBucketOwnershipControls.
func (a *Account) PutObjectOwnership(ctx context.Context, name awsid.BucketName, ownership string) error {
	_, err := a.at(ctx, name).PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{
		Bucket:            aws.String(string(name)),
		OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnership(ownership)}}},
	})
	return fail(err)
}

// BucketTags reads the tags; empty when there are none.
// Needs s3:GetBucketTagging.
func (a *Account) BucketTags(ctx context.Context, name awsid.BucketName) (map[string]string, error) {
	tags := map[string]string{}
	out, err := a.at(ctx, name).GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: aws.String(string(name))})
	if err != nil {
		return tags, ignore(err, "NoSuchTagSet")
	}
	for _, t := range out.TagSet {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return tags, nil
}

// PutBucketTags replaces all tags; an empty map removes them.
// Needs s3:PutBucketTagging.
func (a *Account) PutBucketTags(ctx context.Context, name awsid.BucketName, tags map[string]string) error {
	c, bucket := a.at(ctx, name), aws.String(string(name))
	if len(tags) == 0 {
		_, err := c.DeleteBucketTagging(ctx, &s3.DeleteBucketTaggingInput{Bucket: bucket})
		return fail(err)
	}
	var set []types.Tag
	for _, k := range sortedKeys(tags) {
		set = append(set, types.Tag{Key: aws.String(k), Value: aws.String(tags[k])})
	}
	_, err := c.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: bucket, Tagging: &types.Tagging{TagSet: set}})
	return fail(err)
}
