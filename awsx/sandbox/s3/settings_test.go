package s3

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

func codeOf(err error) string {
	var e smithy.APIError
	if errors.As(err, &e) {
		return e.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// TestWhatTerraformReads asks a fresh bucket for everything the provider's
// bucket resource reads.
func TestWhatTerraformReads(t *testing.T) {
	f := newFixture(t)
	if r := f.do(ask{who: admin, method: "PUT", target: "/fresh", body: constraint("eu-west-1")}); r.status != 200 {
		t.Fatal(r)
	}
	tests := []struct{ sub, code, contains string }{
		{"location", "", "eu-west-1"},
		{"policy", "NoSuchBucketPolicy", ""},
		{"policyStatus", "NoSuchBucketPolicy", ""},
		{"acl", "", "FULL_CONTROL"},
		{"cors", "NoSuchCORSConfiguration", ""},
		{"website", "NoSuchWebsiteConfiguration", ""},
		{"versioning", "", "<VersioningConfiguration"},
		{"accelerate", "", "<AccelerateConfiguration"},
		{"requestPayment", "", "<Payer>BucketOwner</Payer>"},
		{"logging", "", "<BucketLoggingStatus"},
		{"lifecycle", "NoSuchLifecycleConfiguration", ""},
		{"replication", "ReplicationConfigurationNotFoundError", ""},
		{"encryption", "", "<SSEAlgorithm>AES256</SSEAlgorithm>"},
		{"object-lock", "ObjectLockConfigurationNotFoundError", ""},
		{"tagging", "NoSuchTagSet", ""},
		{"notification", "", "<NotificationConfiguration"},
		{"publicAccessBlock", "", "<BlockPublicPolicy>true</BlockPublicPolicy>"},
		{"ownershipControls", "", "<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership>"},
	}
	for _, tt := range tests {
		r := f.do(ask{who: admin, method: "GET", target: "/fresh?" + tt.sub})
		if r.code != tt.code || tt.code != "" && r.status != 404 || !strings.Contains(r.body, tt.contains) {
			t.Errorf("%s: %d %s", tt.sub, r.status, r.body)
		}
	}
}

func TestEncryptionSetting(t *testing.T) {
	f := newFixture(t)
	ctx, c := context.Background(), f.client(admin)
	put := func(algorithm types.ServerSideEncryption, key *string) error {
		_, err := c.PutBucketEncryption(ctx, &sdk.PutBucketEncryptionInput{Bucket: aws.String("bkt"), ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{BucketKeyEnabled: aws.Bool(true), ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: algorithm, KMSMasterKeyID: key}}},
		}})
		return err
	}
	const key = "arn:aws:kms:eu-west-1:111111111111:key/k"
	if err := put(types.ServerSideEncryptionAwsKms, aws.String(key)); err != nil {
		t.Fatal(err)
	}
	get, err := c.GetBucketEncryption(ctx, &sdk.GetBucketEncryptionInput{Bucket: aws.String("bkt")})
	if err != nil {
		t.Fatal(err)
	}
	rule := get.ServerSideEncryptionConfiguration.Rules[0]
	if by := rule.ApplyServerSideEncryptionByDefault; by.SSEAlgorithm != "aws:kms" || *by.KMSMasterKeyID != key || !*rule.BucketKeyEnabled {
		t.Errorf("%+v", rule)
	}
	// New objects take the default over and show it.
	f.put("bkt", "k", "x")
	head := f.do(ask{who: admin, method: "HEAD", target: "/bkt/k"}).header
	if head.Get(sseHeader) != "aws:kms" || head.Get(sseKeyHeader) != key || head.Get(sseBucketKey) != "true" {
		t.Errorf("%v", head)
	}
	if code := codeOf(put("AES256", aws.String(key))); code != "InvalidArgument" {
		t.Errorf("a key without KMS: %s", code)
	}
	if code := codeOf(put("rot13", nil)); code != "MalformedXML" {
		t.Errorf("unknown algorithm: %s", code)
	}
	if _, err := c.DeleteBucketEncryption(ctx, &sdk.DeleteBucketEncryptionInput{Bucket: aws.String("bkt")}); err != nil {
		t.Fatal(err)
	}
	if cfg, _ := f.register.Bucket("bkt"); cfg.Encryption != (Encryption{}) {
		t.Errorf("%+v", cfg.Encryption)
	}
}

func TestPublicAccessAndOwnershipSettings(t *testing.T) {
	f := newFixture(t)
	ctx, c, b := context.Background(), f.client(admin), aws.String("bkt")
	block := &types.PublicAccessBlockConfiguration{BlockPublicPolicy: aws.Bool(true)}
	if _, err := c.PutPublicAccessBlock(ctx, &sdk.PutPublicAccessBlockInput{Bucket: b, PublicAccessBlockConfiguration: block}); err != nil {
		t.Fatal(err)
	}
	got, err := c.GetPublicAccessBlock(ctx, &sdk.GetPublicAccessBlockInput{Bucket: b})
	if err != nil || !*got.PublicAccessBlockConfiguration.BlockPublicPolicy || *got.PublicAccessBlockConfiguration.BlockPublicAcls {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := c.DeletePublicAccessBlock(ctx, &sdk.DeletePublicAccessBlockInput{Bucket: b}); err != nil {
		t.Fatal(err)
	}
	if _, err = c.GetPublicAccessBlock(ctx, &sdk.GetPublicAccessBlockInput{Bucket: b}); codeOf(err) != "NoSuchPublicAccessBlockConfiguration" {
		t.Error(err)
	}
	own := func(o types.ObjectOwnership) error {
		_, err := c.PutBucketOwnershipControls(ctx, &sdk.PutBucketOwnershipControlsInput{Bucket: b, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: o}}}})
		return err
	}
	if err := own(types.ObjectOwnershipObjectWriter); err != nil {
		t.Fatal(err)
	}
	if code := codeOf(own("Nobody")); code != "MalformedXML" {
		t.Error(code)
	}
	if cfg, _ := f.register.Bucket("bkt"); cfg.Ownership != objectWriter {
		t.Error(cfg.Ownership)
	}
	if _, err := c.DeleteBucketOwnershipControls(ctx, &sdk.DeleteBucketOwnershipControlsInput{Bucket: b}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetBucketOwnershipControls(ctx, &sdk.GetBucketOwnershipControlsInput{Bucket: b}); codeOf(err) != "OwnershipControlsNotFoundError" {
		t.Error(err)
	}
}

func TestTags(t *testing.T) {
	f := newFixture(t)
	ctx, c, b := context.Background(), f.client(admin), aws.String("bkt")
	put := func(pairs ...string) error {
		var set []types.Tag
		for i := 0; i < len(pairs); i += 2 {
			set = append(set, types.Tag{Key: aws.String(pairs[i]), Value: aws.String(pairs[i+1])})
		}
		_, err := c.PutBucketTagging(ctx, &sdk.PutBucketTaggingInput{Bucket: b, Tagging: &types.Tagging{TagSet: set}})
		return err
	}
	if err := put("owner", "team", "made-by", "snapferry"); err != nil {
		t.Fatal(err)
	}
	got, err := c.GetBucketTagging(ctx, &sdk.GetBucketTaggingInput{Bucket: b})
	if err != nil || len(got.TagSet) != 2 || *got.TagSet[1].Key != "made-by" {
		t.Errorf("%+v, %v", got, err)
	}
	for name, err := range map[string]error{"twice": put("a", "1", "a", "2"), "reserved": put("aws:x", "1"), "long": put(strings.Repeat("k", 129), "1")} {
		if codeOf(err) != "InvalidTag" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.DeleteBucketTagging(ctx, &sdk.DeleteBucketTaggingInput{Bucket: b}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetBucketTagging(ctx, &sdk.GetBucketTaggingInput{Bucket: b}); codeOf(err) != "NoSuchTagSet" {
		t.Error(err)
	}
}

func TestLifecycle(t *testing.T) {
	f := newFixture(t)
	ctx, c, b := context.Background(), f.client(admin), aws.String("bkt")
	rules := &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
		ID: aws.String("glacier"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("base/")},
		Transitions: []types.Transition{{Days: aws.Int32(30), StorageClass: types.TransitionStorageClassGlacier}},
	}}}
	if _, err := c.PutBucketLifecycleConfiguration(ctx, &sdk.PutBucketLifecycleConfigurationInput{Bucket: b, LifecycleConfiguration: rules}); err != nil {
		t.Fatal(err)
	}
	got, err := c.GetBucketLifecycleConfiguration(ctx, &sdk.GetBucketLifecycleConfigurationInput{Bucket: b})
	if err != nil || len(got.Rules) != 1 || *got.Rules[0].Transitions[0].Days != 30 || *got.Rules[0].Filter.Prefix != "base/" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, body := range []string{"", "<x>", "<LifecycleConfiguration></LifecycleConfiguration>", "<LifecycleConfiguration><Rule><Status>Maybe</Status></Rule></LifecycleConfiguration>"} {
		if r := f.do(ask{who: admin, method: "PUT", target: "/bkt?lifecycle", body: body}); r.code != "MalformedXML" {
			t.Errorf("%q: %d %s", body, r.status, r.code)
		}
	}
	if _, err := c.DeleteBucketLifecycle(ctx, &sdk.DeleteBucketLifecycleInput{Bucket: b}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetBucketLifecycleConfiguration(ctx, &sdk.GetBucketLifecycleConfigurationInput{Bucket: b}); codeOf(err) != "NoSuchLifecycleConfiguration" {
		t.Error(err)
	}
}

// TestSettingsCheckTheirBodies sends a document whose promised checksum is
// another's.
func TestSettingsCheckTheirBodies(t *testing.T) {
	f := newFixture(t)
	body := `<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`
	for header, value := range map[string]string{"Content-Md5": "AAAAAAAAAAAAAAAAAAAAAA==", "X-Amz-Checksum-Crc32": "AAAAAA=="} {
		r := f.do(ask{who: admin, method: "PUT", target: "/bkt?tagging", body: body, header: map[string]string{header: value}})
		if r.status != 400 || r.code != "BadDigest" {
			t.Errorf("%s: %d %s", header, r.status, r.code)
		}
	}
	if r := f.do(ask{who: admin, method: "PUT", target: "/bkt?tagging", body: strings.Repeat(" ", maxDocument+1)}); r.code != "MaxMessageLengthExceeded" {
		t.Errorf("too long: %d %s", r.status, r.code)
	}
	if cfg, _ := f.register.Bucket("bkt"); len(cfg.Tags) != 0 {
		t.Errorf("tags were set: %v", cfg.Tags)
	}
}
