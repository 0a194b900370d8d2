package kms_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"snapferry/awsx/sandbox/fixture"
	sandboxkms "snapferry/awsx/sandbox/kms"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

const root = "arn:aws:iam::111111111111:root"

// keyPolicy has a statement for each principal with its actions, and optionally
// a condition behind a bar.
func keyPolicy(statements ...string) string {
	var list []string
	for _, s := range statements {
		s, condition, _ := strings.Cut(s, "|")
		words := strings.Fields(s)
		if condition != "" {
			condition = `,"Condition":` + condition
		}
		list = append(list, `{"Effect":"Allow","Principal":{"AWS":"`+words[0]+`"},"Action":["`+strings.Join(words[1:], `","`)+`"],"Resource":"*"`+condition+`}`)
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

// TestWhoMayUseAKey goes through key policies and identity policies, in the
// key's account and from another one.
func TestWhoMayUseAKey(t *testing.T) {
	const (
		ann, bob   = "arn:aws:iam::111111111111:user/ann", "arn:aws:iam::222222222222:user/bob"
		noIdentity = " because no identity-based policy allows the kms:Encrypt action"
		noResource = " because no resource-based policy allows the kms:Encrypt action"
		hidden     = " because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
	)
	admin, may, silent := root+" kms:*", fixture.Allow("kms:Encrypt", "*"), fixture.Allow("s3:*", "*")
	for name, tc := range map[string]struct {
		key, identity string
		foreign       bool
		reason        string
	}{
		"left to the account, user may":     {key: keyPolicy(admin), identity: may},
		"left to the account, user silent":  {key: keyPolicy(admin), identity: silent, reason: noIdentity},
		"user named, silent himself":        {key: keyPolicy(admin, ann+" kms:Encrypt"), identity: silent},
		"account can look only":             {key: keyPolicy(root + " kms:Describe* kms:PutKeyPolicy"), identity: may, reason: noResource},
		"named, but denied":                 {key: keyPolicy(ann + " kms:*"), identity: fixture.Deny("kms:*", "*"), reason: " with an explicit deny in an identity-based policy"},
		"only through S3":                   {key: keyPolicy(ann + ` kms:*|{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}`), identity: may, reason: noResource},
		"only with a context":               {key: keyPolicy(ann + ` kms:*|{"StringEquals":{"kms:EncryptionContext:for":"test"}}`), identity: silent},
		"only with another context":         {key: keyPolicy(ann + ` kms:*|{"StringEquals":{"kms:EncryptionContext:for":"life"}}`), identity: may, reason: noResource},
		"across accounts, both":             {key: keyPolicy(admin, bob+" kms:Encrypt"), identity: may, foreign: true},
		"across accounts, by the account":   {key: keyPolicy(admin, "222222222222 kms:Encrypt"), identity: may, foreign: true},
		"across accounts, key only":         {key: keyPolicy(admin, bob+" kms:Encrypt"), identity: silent, foreign: true, reason: noIdentity},
		"across accounts, user only":        {key: keyPolicy(admin), identity: may, foreign: true, reason: hidden},
		"across accounts, the wrong action": {key: keyPolicy(admin, bob+" kms:Decrypt"), identity: may, foreign: true, reason: hidden},
	} {
		t.Run(name, func(t *testing.T) {
			f := fixture.New(t)
			f.User(fixture.Source, "ann")
			f.User(fixture.Target, "bob")
			made := create(t, client(f, "source", "owner", fixture.Admin), "")
			f.Write(func(s *world.State) {
				bound, err := s.Bind(tc.key)
				if err != nil {
					t.Fatal(err)
				}
				s.KMSKeys[0].Policy = bound
			})
			who, account := ann, "source"
			if tc.foreign {
				who, account = bob, "target"
			}
			f.Write(func(s *world.State) {
				s.Accounts[accounts[account]].User(who[len(who)-3:]).Inline = map[string]string{"p": tc.identity}
			})
			c := existing(f, account, who[len(who)-3:])
			_, err := c.Encrypt(ctx, &kms.EncryptInput{KeyId: made.Arn, Plaintext: []byte("x"), EncryptionContext: map[string]string{"for": "test"}})
			if tc.reason == "" {
				must(t, err)
				return
			}
			wants(t, err, "AccessDeniedException", "User: "+who+" is not authorized to perform: kms:Encrypt on resource: "+*made.Arn+tc.reason)
		})
	}
}

// TestSavingAKeyPolicy is what KMS looks at before it keeps one.
func TestSavingAKeyPolicy(t *testing.T) {
	const unknown = "Policy contains a statement with one or more invalid principals."
	f := fixture.New(t)
	c := client(f, "source", "ann", fixture.Admin)
	role := f.Role(fixture.Target, "/team/", "snap", fixture.Trusting("Service", "es.amazonaws.com", ""))
	k := create(t, c, "")
	put := func(doc string, bypass bool) error {
		_, err := c.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: k.KeyId, Policy: &doc, PolicyName: aws.String("default"), BypassPolicyLockoutSafetyCheck: bypass})
		return err
	}
	admin := root + " kms:*"
	for _, p := range []string{"arn:aws:iam::222222222222:role/snap", "arn:aws:iam::222222222222:role/team/SNAP", "arn:aws:iam::999999999999:root", "AROA" + strings.Repeat("X", 17)} {
		wants(t, put(keyPolicy(admin, p+" kms:Decrypt"), false), "MalformedPolicyDocumentException", unknown)
	}
	wants(t, put(keyPolicy(role+" kms:Decrypt"), false), "MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future.")
	if err := put(`{"Version":"2012-10-17"}`, false); err == nil || !strings.Contains(err.Error(), "MalformedPolicyDocumentException") {
		t.Errorf("a policy without statements: %v", err)
	}
	doc := keyPolicy(admin, role+" kms:Decrypt kms:DescribeKey")
	must(t, put(doc, false))
	got, err := c.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.KeyId})
	must(t, err)
	if *got.Policy != doc || *got.PolicyName != "default" {
		t.Errorf("came back as %s", *got.Policy)
	}
	f.Write(func(s *world.State) { delete(s.Accounts[fixture.Target].Roles, "snap") })
	got, err = c.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.KeyId})
	must(t, err)
	if !strings.Contains(*got.Policy, `"AWS":"AROA`) {
		t.Errorf("a role that is gone shows as %s", *got.Policy)
	}
	_, err = c.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.KeyId, PolicyName: aws.String("mine")})
	wants(t, err, "NotFoundException", "No such policy exists")
	_, err = client(f, "target", "bob", fixture.Admin).GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.Arn})
	if err == nil || !strings.Contains(err.Error(), "AccessDeniedException") {
		t.Errorf("from another account: %v", err)
	}
	must(t, put(keyPolicy(root+" kms:Describe*"), true))
	wants(t, put(doc, false), "AccessDeniedException", "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: kms:PutKeyPolicy on resource: "+*k.Arn+" because no resource-based policy allows the kms:PutKeyPolicy action")
}

// TestUseThroughAService is what S3 asks for whoever writes and reads.
func TestUseThroughAService(t *testing.T) {
	f := fixture.New(t)
	ann, bob := f.Caller(first(f.User(fixture.Source, "ann", fixture.Allow("s3:*", "*")))), f.Caller(first(f.User(fixture.Target, "bob", fixture.Admin)))
	keys := sandboxkms.Keys{World: f.World, Gate: f.Gate}
	wish := sandboxkms.Wish{Caller: ann, Service: "s3", Region: "eu-west-1", Action: "kms:GenerateDataKey", Context: map[string]string{"aws:s3:arn": "arn:aws:s3:::b"}}
	own, err := keys.Use(wish)
	must(t, err)
	if !strings.HasPrefix(own, "arn:aws:kms:eu-west-1:111111111111:key/") {
		t.Error(own)
	}
	// The other account's key of that name is another key, and this one is closed.
	wish.Caller = bob
	theirs, err := keys.Use(wish)
	must(t, err)
	if !strings.HasPrefix(theirs, "arn:aws:kms:eu-west-1:222222222222:key/") {
		t.Error(theirs)
	}
	wish.Key, wish.Action = own, "kms:Decrypt"
	_, err = keys.Use(wish)
	var fault *wire.Fault
	want := "User: arn:aws:iam::222222222222:user/bob is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext" +
		" because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
	if !errors.As(err, &fault) || fault.Code != "AccessDeniedException" || fault.Message != want {
		t.Errorf("%v", err)
	}
}
