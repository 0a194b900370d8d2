package kms_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/fixture"
	sandboxkms "snapferry/awsx/sandbox/kms"
	"snapferry/awsx/sandbox/proxy"
	"snapferry/awsx/sandbox/world"
)

var ctx = context.Background()

type signer struct {
	*v4.Signer
	now func() time.Time
}

func (s signer) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, _ time.Time, opts ...func(*v4.SignerOptions)) error {
	return s.Signer.SignHTTP(ctx, c, r, hash, service, region, s.now(), opts...)
}

type awsAccount = awsid.AccountID

var accounts = map[string]awsAccount{"source": fixture.Source, "target": fixture.Target}

// client is the SDK's own client of a new user with these policies.
func client(f *fixture.Fixture, account, name string, policies ...string) *kms.Client {
	key, secret := f.User(accounts[account], name, policies...)
	return with(f, key, secret)
}

// existing is the client of a user that is there.
func existing(f *fixture.Fixture, account, name string) *kms.Client {
	var found *world.AccessKey
	f.World.Read(func(s *world.State) {
		for _, k := range s.Accounts[accounts[account]].Keys {
			if k.User == name {
				found = k
			}
		}
	})
	return with(f, found.ID, found.Secret)
}

func with(f *fixture.Fixture, key, secret string) *kms.Client {
	service := sandboxkms.New(f.World, f.Gate, "eu-west-1")
	route := func(host string) http.Handler {
		if host == "kms.eu-west-1.amazonaws.com" {
			return service
		}
		return nil
	}
	return kms.New(kms.Options{
		Region: "eu-west-1", HTTPClient: &http.Client{Transport: proxy.Transport{Route: route}},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""), Retryer: aws.NopRetryer{},
		HTTPSignerV4: signer{v4.NewSigner(), f.Clock.Now},
	})
}

func first(key, _ string) string { return key }

func wants(t *testing.T, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || api.ErrorMessage() != message {
		t.Errorf("got  %v\nwant %s: %s", err, code, message)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func create(t *testing.T, c *kms.Client, policy string) types.KeyMetadata {
	t.Helper()
	in := &kms.CreateKeyInput{Description: aws.String("of the migration"), Tags: []types.Tag{{TagKey: aws.String("run"), TagValue: aws.String("1")}}}
	if policy != "" {
		in.Policy = &policy
	}
	out, err := c.CreateKey(ctx, in)
	must(t, err)
	return *out.KeyMetadata
}

func TestKeyFromMakingToDeletion(t *testing.T) {
	f := fixture.New(t)
	c := client(f, "source", "ann", fixture.Admin)
	made := create(t, c, "")
	if !made.Enabled || made.KeyManager != types.KeyManagerTypeCustomer || *made.AWSAccountId != "111111111111" || *made.Arn != "arn:aws:kms:eu-west-1:111111111111:key/"+*made.KeyId || !made.CreationDate.Equal(f.Clock.Now()) {
		t.Errorf("%+v", made)
	}
	_, err := c.DisableKey(ctx, &kms.DisableKeyInput{KeyId: made.KeyId})
	must(t, err)
	_, err = c.Encrypt(ctx, &kms.EncryptInput{KeyId: made.KeyId, Plaintext: []byte("x")})
	wants(t, err, "DisabledException", *made.Arn+" is disabled.")
	_, err = c.EnableKey(ctx, &kms.EnableKeyInput{KeyId: made.Arn})
	must(t, err)
	_, err = c.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: made.KeyId, PendingWindowInDays: aws.Int32(6)})
	wants(t, err, "ValidationException", "PendingWindowInDays must be between 7 and 30")
	gone, err := c.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: made.KeyId, PendingWindowInDays: aws.Int32(7)})
	must(t, err)
	if !gone.DeletionDate.Equal(f.Clock.Now().Add(7*24*time.Hour)) || gone.KeyState != types.KeyStatePendingDeletion {
		t.Errorf("%+v", gone)
	}
	_, err = c.Encrypt(ctx, &kms.EncryptInput{KeyId: made.KeyId, Plaintext: []byte("x")})
	wants(t, err, "KMSInvalidStateException", *made.Arn+" is pending deletion.")
	_, err = c.CancelKeyDeletion(ctx, &kms.CancelKeyDeletionInput{KeyId: made.KeyId})
	must(t, err)
	again, err := c.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: made.KeyId})
	must(t, err)
	if again.KeyMetadata.KeyState != types.KeyStateDisabled {
		t.Errorf("a key that was saved is %s", again.KeyMetadata.KeyState)
	}
	_, err = c.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: made.KeyId, PendingWindowInDays: aws.Int32(7)})
	must(t, err)
	f.Clock.Move(7 * 24 * time.Hour)
	_, err = c.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: made.KeyId})
	wants(t, err, "NotFoundException", "Key '"+*made.Arn+"' does not exist")
	if list, err := c.ListKeys(ctx, &kms.ListKeysInput{}); err != nil || len(list.Keys) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestAliases(t *testing.T) {
	f := fixture.New(t)
	c := client(f, "source", "ann", fixture.Admin)
	one, two := create(t, c, ""), create(t, c, "")
	_, err := c.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/move"), TargetKeyId: one.KeyId})
	must(t, err)
	_, err = c.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/move"), TargetKeyId: two.KeyId})
	wants(t, err, "AlreadyExistsException", "An alias with the name arn:aws:kms:eu-west-1:111111111111:alias/move already exists")
	for _, name := range []string{"alias/move", "arn:aws:kms:eu-west-1:111111111111:alias/move"} {
		out, err := c.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &name})
		must(t, err)
		if *out.KeyMetadata.KeyId != *one.KeyId {
			t.Errorf("%s is %s", name, *out.KeyMetadata.KeyId)
		}
	}
	_, err = c.UpdateAlias(ctx, &kms.UpdateAliasInput{AliasName: aws.String("alias/move"), TargetKeyId: two.Arn})
	must(t, err)
	list, err := c.ListAliases(ctx, &kms.ListAliasesInput{KeyId: two.KeyId})
	must(t, err)
	if len(list.Aliases) != 1 || *list.Aliases[0].AliasName != "alias/move" {
		t.Errorf("%+v", list.Aliases)
	}
	_, err = c.DeleteAlias(ctx, &kms.DeleteAliasInput{AliasName: aws.String("alias/move")})
	must(t, err)
	_, err = c.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String("alias/move")})
	wants(t, err, "NotFoundException", "Alias arn:aws:kms:eu-west-1:111111111111:alias/move is not found.")
	_, err = c.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/aws/mine"), TargetKeyId: one.KeyId})
	if api := smithy.APIError(nil); !errors.As(err, &api) || api.ErrorCode() != "NotAuthorizedException" {
		t.Errorf("a name of AWS's own: %v", err)
	}
}

func TestWhatIsNoKey(t *testing.T) {
	f := fixture.New(t)
	c := client(f, "source", "ann", fixture.Admin)
	const id = "01234567-89ab-cdef-0123-456789abcdef"
	foreign := "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: kms:DescribeKey on resource: arn:aws:kms:eu-west-1:222222222222:key/" + id +
		" because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
	for ref, want := range map[string][2]string{
		id:                    {"NotFoundException", "Key 'arn:aws:kms:eu-west-1:111111111111:key/" + id + "' does not exist"},
		"my-key":              {"NotFoundException", "Invalid keyId my-key"},
		"arn:aws:s3:::bucket": {"NotFoundException", "Invalid keyId arn:aws:s3:::bucket"},
		"arn:aws:kms:us-east-1:111111111111:key/" + id: {"NotFoundException", "Invalid arn us-east-1"},
		"arn:aws:kms:eu-west-1:222222222222:key/" + id: {"AccessDeniedException", foreign},
		"alias/aws/ebs": {"NotFoundException", "Alias arn:aws:kms:eu-west-1:111111111111:alias/aws/ebs is not found."},
	} {
		_, err := c.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &ref})
		wants(t, err, want[0], want[1])
	}
}

func TestEncryptionNeedsItsContext(t *testing.T) {
	f := fixture.New(t)
	c := client(f, "source", "ann", fixture.Admin)
	k := create(t, c, "")
	about := map[string]string{"aws:s3:arn": "arn:aws:s3:::b", "x": "y"}
	data, err := c.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: k.KeyId, KeySpec: types.DataKeySpecAes256, EncryptionContext: about})
	must(t, err)
	opened, err := c.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: data.CiphertextBlob, EncryptionContext: about})
	must(t, err)
	if len(opened.Plaintext) != 32 || !bytes.Equal(opened.Plaintext, data.Plaintext) || *opened.KeyId != *k.Arn {
		t.Errorf("%+v", opened)
	}
	for name, in := range map[string]*kms.DecryptInput{
		"without its context": {CiphertextBlob: data.CiphertextBlob},
		"with another one":    {CiphertextBlob: data.CiphertextBlob, EncryptionContext: map[string]string{"x": "z"}},
		"what is none":        {CiphertextBlob: []byte("x")},
	} {
		if _, err := c.Decrypt(ctx, in); err == nil || !strings.Contains(err.Error(), "InvalidCiphertextException") {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := create(t, c, "")
	_, err = c.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: data.CiphertextBlob, EncryptionContext: about, KeyId: other.KeyId})
	if err == nil || !strings.Contains(err.Error(), "IncorrectKeyException") {
		t.Errorf("with the wrong key: %v", err)
	}
}

func TestTagsRotationAndLists(t *testing.T) {
	f := fixture.New(t)
	c := client(f, "source", "ann", fixture.Admin)
	k := create(t, c, "")
	_, err := c.TagResource(ctx, &kms.TagResourceInput{KeyId: k.KeyId, Tags: []types.Tag{{TagKey: aws.String("a"), TagValue: aws.String("b")}}})
	must(t, err)
	_, err = c.UntagResource(ctx, &kms.UntagResourceInput{KeyId: k.KeyId, TagKeys: []string{"run", "none"}})
	must(t, err)
	tags, err := c.ListResourceTags(ctx, &kms.ListResourceTagsInput{KeyId: k.KeyId})
	must(t, err)
	if len(tags.Tags) != 1 || *tags.Tags[0].TagKey != "a" {
		t.Errorf("%+v", tags.Tags)
	}
	_, err = c.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: k.KeyId})
	must(t, err)
	if r, err := c.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: k.KeyId}); err != nil || !r.KeyRotationEnabled {
		t.Errorf("%+v, %v", r, err)
	}
	_, err = c.UpdateKeyDescription(ctx, &kms.UpdateKeyDescriptionInput{KeyId: k.KeyId, Description: aws.String("new")})
	must(t, err)
	create(t, c, "")
	first, err := c.ListKeys(ctx, &kms.ListKeysInput{Limit: aws.Int32(1)})
	must(t, err)
	rest, err := c.ListKeys(ctx, &kms.ListKeysInput{Marker: first.NextMarker})
	must(t, err)
	if len(first.Keys) != 1 || !first.Truncated || len(rest.Keys) != 1 || rest.Truncated || *first.Keys[0].KeyId == *rest.Keys[0].KeyId {
		t.Errorf("%+v then %+v", first, rest)
	}
	if g, err := c.ListGrants(ctx, &kms.ListGrantsInput{KeyId: k.KeyId}); err != nil || len(g.Grants) != 0 {
		t.Errorf("%+v, %v", g, err)
	}
}

// TestKeyOfAWS: it is there when somebody looks, and is nobody's to give.
func TestKeyOfAWS(t *testing.T) {
	f := fixture.New(t)
	c := client(f, "source", "ann", fixture.Admin)
	before, err := f.World.Dump()
	must(t, err)
	out, err := c.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String("alias/aws/s3")})
	must(t, err)
	k := out.KeyMetadata
	if k.KeyManager != types.KeyManagerTypeAws {
		t.Errorf("%+v", k)
	}
	again, err := c.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String("alias/aws/s3")})
	must(t, err)
	if *again.KeyMetadata.KeyId != *k.KeyId {
		t.Error("there are two")
	}
	_, err = c.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: k.KeyId, Policy: aws.String(`{}`)})
	wants(t, err, "AccessDeniedException", "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: kms:PutKeyPolicy on resource: "+*k.Arn+" because no resource-based policy allows the kms:PutKeyPolicy action")
	_, err = c.Encrypt(ctx, &kms.EncryptInput{KeyId: k.KeyId, Plaintext: []byte("x")})
	wants(t, err, "AccessDeniedException", "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: kms:Encrypt on resource: "+*k.Arn+" because no resource-based policy allows the kms:Encrypt action")
	after, err := f.World.Dump()
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Error("looking has changed the world")
	}
	f.World.Read(func(s *world.State) {
		if len(s.KMSKeys) != 1 || len(s.KMSAliases) != 1 {
			t.Errorf("%d keys, %d aliases", len(s.KMSKeys), len(s.KMSAliases))
		}
	})
}
