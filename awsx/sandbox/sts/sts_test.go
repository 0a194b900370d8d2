package sts_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/proxy"
	sandboxsts "snapferry/awsx/sandbox/sts"
	"snapferry/awsx/sandbox/world"
)

const region = "eu-west-1"

// client is the SDK's own client, signing by the fixture's clock moved by skew.
func client(f *fixture.Fixture, key, secret, token string, skew time.Duration) *sts.Client {
	service := sandboxsts.New(f.World, f.Gate, region)
	route := func(host string) http.Handler {
		if host == "sts.eu-west-1.amazonaws.com" {
			return service
		}
		return nil
	}
	return sts.New(sts.Options{
		Region: region, HTTPClient: &http.Client{Transport: proxy.Transport{Route: route}},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, token), Retryer: aws.NopRetryer{},
		HTTPSignerV4: signer{v4.NewSigner(), func() time.Time { return f.Clock.Now().Add(skew) }},
	})
}

type signer struct {
	*v4.Signer
	now func() time.Time
}

func (s signer) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, _ time.Time, opts ...func(*v4.SignerOptions)) error {
	return s.Signer.SignHTTP(ctx, c, r, hash, service, region, s.now(), opts...)
}

func wants(t *testing.T, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || api.ErrorMessage() != message {
		t.Errorf("got  %v\nwant %s: %s", err, code, message)
	}
}

func whoami(t *testing.T, c *sts.Client) string {
	t.Helper()
	out, err := c.GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Account + " " + *out.Arn + " " + (*out.UserId)[:4]
}

func assume(c *sts.Client, role string, change func(*sts.AssumeRoleInput)) (*sts.AssumeRoleOutput, error) {
	in := &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("me")}
	if change != nil {
		change(in)
	}
	return c.AssumeRole(context.Background(), in)
}

func TestWhoAmINeedsNoRight(t *testing.T) {
	f := fixture.New(t)
	key, secret := f.User(fixture.Source, "ann", fixture.Deny("*", "*"))
	if got := whoami(t, client(f, key, secret, "", 0)); got != "111111111111 arn:aws:iam::111111111111:user/ann AIDA" {
		t.Error(got)
	}
}

func TestRefusedKeysAndClocks(t *testing.T) {
	f := fixture.New(t)
	key, secret := f.User(fixture.Source, "ann")
	ask := func(key, secret string, skew time.Duration) error {
		_, err := client(f, key, secret, "", skew).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
		return err
	}
	wants(t, ask("AKIANOBODY", secret, 0), "InvalidClientTokenId", "The security token included in the request is invalid.")
	wants(t, ask(key, "wrong", 0), "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	wants(t, ask(key, secret, -16*time.Minute), "SignatureDoesNotMatch", "Signature expired: 20261122T094400Z is now earlier than 20261122T094500Z (20261122T100000Z - 15 min.)")
	wants(t, ask(key, secret, 16*time.Minute), "SignatureDoesNotMatch", "Signature not yet current: 20261122T101600Z is still later than 20261122T101500Z (20261122T100000Z + 15 min.)")
}

func TestAssumedRoleIsAnIdentity(t *testing.T) {
	f := fixture.New(t)
	key, secret := f.User(fixture.Source, "ann", fixture.Allow("sts:AssumeRole", "*"))
	role := f.Role(fixture.Source, "/team/", "ops", fixture.Trusting("AWS", "111111111111", ""))
	out, err := assume(client(f, key, secret, "", 0), role, nil)
	if err != nil {
		t.Fatal(err)
	}
	if *out.AssumedRoleUser.Arn != "arn:aws:sts::111111111111:assumed-role/ops/me" || !out.Credentials.Expiration.Equal(f.Clock.Now().Add(time.Hour)) {
		t.Errorf("%+v", out)
	}
	session := client(f, *out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken, 0)
	if got := whoami(t, session); got != "111111111111 arn:aws:sts::111111111111:assumed-role/ops/me AROA" {
		t.Error(got)
	}
	_, err = client(f, *out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, "", 0).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	wants(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
	f.Clock.Move(time.Hour)
	_, err = session.GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	wants(t, err, "ExpiredToken", "The security token included in the request is expired")
}

// TestBothSides goes through who must say yes for a role to be assumed.
func TestBothSides(t *testing.T) {
	f := fixture.New(t)
	may, silent := fixture.Allow("sts:AssumeRole", "*"), fixture.Allow("s3:GetObject", "*")
	const ann, bob = "arn:aws:iam::111111111111:user/ann", "arn:aws:iam::222222222222:user/bob"
	const reason = " because no identity-based policy allows the sts:AssumeRole action"
	for name, tc := range map[string]struct {
		trust, condition, identity string
		foreign                    bool
		change                     func(*sts.AssumeRoleInput)
		allowed                    bool
		reason                     string
	}{
		"account trusted, user may":            {trust: "111111111111", identity: may, allowed: true},
		"account trusted, user silent":         {trust: "111111111111", identity: silent, reason: reason},
		"user trusted by name, silent himself": {trust: ann, identity: silent, allowed: true},
		"somebody else trusted":                {trust: "333333333333", identity: may},
		"trusted but denied":                   {trust: ann, identity: fixture.Deny("sts:*", "*"), reason: " with an explicit deny in an identity-based policy"},
		"across accounts, both":                {trust: bob, identity: may, foreign: true, allowed: true},
		"across accounts, role only":           {trust: bob, identity: silent, foreign: true, reason: reason},
		"across accounts, user only":           {trust: ann, identity: may, foreign: true},
		"external id given":                    {trust: bob, condition: `{"StringEquals":{"sts:ExternalId":"x"}}`, identity: may, foreign: true, change: func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("x") }, allowed: true},
		"external id wrong":                    {trust: bob, condition: `{"StringEquals":{"sts:ExternalId":"x"}}`, identity: may, foreign: true, change: func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("y") }},
		"external id missing":                  {trust: bob, condition: `{"StringEquals":{"sts:ExternalId":"x"}}`, identity: may, foreign: true},
		"session name asked for":               {trust: ann, condition: `{"StringEquals":{"sts:RoleSessionName":"me"}}`, identity: may, allowed: true},
		"condition nobody fulfils":             {trust: ann, condition: `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`, identity: may},
		"role in other case":                   {trust: ann, identity: may, change: func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::111111111111:role/OPS") }},
		"role that does not exist":             {trust: ann, identity: may, change: func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::111111111111:role/ghost") }},
	} {
		t.Run(name, func(t *testing.T) {
			who, account, user := ann, fixture.Source, "ann"
			if tc.foreign {
				who, account, user = bob, fixture.Target, "bob"
			}
			f.User(fixture.Source, "ann")
			f.User(fixture.Target, "bob")
			key, secret := f.User(account, user, tc.identity)
			role := f.Role(fixture.Source, "/", "ops", fixture.Trusting("AWS", tc.trust, tc.condition))
			_, err := assume(client(f, key, secret, "", 0), role, func(in *sts.AssumeRoleInput) {
				if tc.change != nil {
					tc.change(in)
				}
				role = *in.RoleArn
			})
			if tc.allowed {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wants(t, err, "AccessDenied", "User: "+who+" is not authorized to perform: sts:AssumeRole on resource: "+role+tc.reason)
		})
	}
}

func TestDurations(t *testing.T) {
	f := fixture.New(t)
	key, secret := f.User(fixture.Source, "ann", fixture.Allow("sts:AssumeRole", "*"))
	role := f.Role(fixture.Source, "/", "ops", fixture.Trusting("AWS", "111111111111", ""), fixture.Allow("sts:AssumeRole", "*"))
	ann := client(f, key, secret, "", 0)
	lasting := func(n int32) func(*sts.AssumeRoleInput) {
		return func(in *sts.AssumeRoleInput) { in.DurationSeconds = &n }
	}
	_, err := assume(ann, role, lasting(899))
	wants(t, err, "ValidationError", "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200")
	_, err = assume(ann, role, lasting(7200))
	wants(t, err, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	f.Write(func(s *world.State) { s.Accounts[fixture.Source].Role("ops").MaxSession = 7200 })
	long, err := assume(ann, role, lasting(7200))
	if err != nil || !long.Credentials.Expiration.Equal(f.Clock.Now().Add(2*time.Hour)) {
		t.Fatalf("%v, %v", long, err)
	}
	chained := client(f, *long.Credentials.AccessKeyId, *long.Credentials.SecretAccessKey, *long.Credentials.SessionToken, 0)
	_, err = assume(chained, role, lasting(3601))
	wants(t, err, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	if _, err = assume(chained, role, nil); err != nil {
		t.Errorf("an hour by chaining: %v", err)
	}
}

func TestSessionPolicies(t *testing.T) {
	f := fixture.New(t)
	key, secret := f.User(fixture.Source, "ann", fixture.Allow("sts:AssumeRole", "*"))
	role := f.Role(fixture.Source, "/", "ops", fixture.Trusting("AWS", "111111111111", ""), fixture.Allow("sts:AssumeRole", "*"))
	ann := client(f, key, secret, "", 0)
	narrow, err := assume(ann, role, func(in *sts.AssumeRoleInput) { in.Policy = aws.String(fixture.Allow("s3:GetObject", "*")) })
	if err != nil {
		t.Fatalf("%v, %v", narrow, err)
	}
	c := client(f, *narrow.Credentials.AccessKeyId, *narrow.Credentials.SecretAccessKey, *narrow.Credentials.SessionToken, 0)
	_, err = assume(c, role, nil)
	wants(t, err, "AccessDenied", "User: arn:aws:sts::111111111111:assumed-role/ops/me is not authorized to perform: sts:AssumeRole on resource: "+role+" because no session policy allows the sts:AssumeRole action")
	_, err = assume(ann, role, func(in *sts.AssumeRoleInput) { in.Policy = aws.String("{") })
	if api := smithy.APIError(nil); !errors.As(err, &api) || api.ErrorCode() != "MalformedPolicyDocument" {
		t.Errorf("half a policy: %v", err)
	}
	_, err = assume(ann, role, func(in *sts.AssumeRoleInput) {
		in.PolicyArns = []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::111111111111:policy/ghost")}}
	})
	wants(t, err, "ValidationError", "PolicyArn arn:aws:iam::111111111111:policy/ghost does not exist or is not attachable.")
}

func TestRootAndNamesAreRefused(t *testing.T) {
	f := fixture.New(t)
	role := f.Role(fixture.Source, "/", "ops", fixture.Trusting("AWS", "111111111111", ""))
	f.Write(func(s *world.State) {
		s.Accounts[fixture.Source].Keys["AKIAROOT"] = &world.AccessKey{ID: "AKIAROOT", Secret: "s"}
	})
	root := client(f, "AKIAROOT", "s", "", 0)
	_, err := assume(root, role, nil)
	wants(t, err, "AccessDenied", "Roles may not be assumed by root accounts.")
	_, err = assume(root, role, func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("a b") })
	wants(t, err, "ValidationError", `1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`)
	_, err = assume(root, "ops-role-without-arn", nil)
	wants(t, err, "ValidationError", "ops-role-without-arn is invalid")
}
