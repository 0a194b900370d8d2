package kms_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"snapferry/awsx/sandbox/fixture"
	sandboxkms "snapferry/awsx/sandbox/kms"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// onKey are the operations about one key; across those that reach into another
// account [KMS developer guide, "Permissions reference"].
var (
	onKey = strings.Fields(`CancelKeyDeletion CreateAlias Decrypt DeleteAlias DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation
		Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GetKeyPolicy GetKeyRotationStatus ListGrants ListKeyPolicies ListResourceTags
		PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription`)
	across    = strings.Fields("Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GetKeyRotationStatus ListGrants")
	onNothing = strings.Fields("CreateKey ListAliases ListKeys")
)

const allOfIt = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["111111111111","222222222222"]},"Action":"kms:*","Resource":"*"}]}`

// asking is a world with a key that leaves all to both accounts, and a ciphertext.
type asking struct {
	*fixture.Fixture
	key, blob string
}

func newAsking(t *testing.T) asking {
	f := fixture.New(t)
	a := asking{Fixture: f}
	f.Write(func(s *world.State) {
		k := s.AddKMSKey(fixture.Source, fixture.Region, f.Clock.Now())
		k.Policy, a.key = allOfIt, k.ARN().String()
		s.KMSAliases = append(s.KMSAliases, &world.KMSAlias{Name: "alias/there", Account: k.Account, Region: k.Region, Key: k.ID})
	})
	status, body := a.send("Encrypt", first2(f.User(fixture.Source, "maker", fixture.Admin)))
	var out struct{ CiphertextBlob string }
	if err := json.Unmarshal([]byte(body), &out); err != nil || status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	a.blob = out.CiphertextBlob
	return a
}

func first2(key, secret string) aws.Credentials {
	return aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}
}

// send asks for an operation with everything any of them needs.
func (a asking) send(operation string, keys aws.Credentials) (int, string) {
	a.T.Helper()
	alias := "alias/there"
	if operation == "CreateAlias" {
		alias = "alias/new"
	}
	in := map[string]any{
		"KeyId": a.key, "TargetKeyId": a.key, "AliasName": alias, "Plaintext": []byte("x"), "CiphertextBlob": a.blob, "KeySpec": "AES_256",
		"Policy": allOfIt, "PolicyName": "default", "Tags": []any{}, "TagKeys": []string{},
	}
	switch operation {
	case "Decrypt":
		delete(in, "KeyId")
	case "CreateKey", "ListKeys", "ListAliases":
		in = map[string]any{"Policy": allOfIt}
	}
	body, err := json.Marshal(in)
	if err != nil {
		a.T.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "https://kms.eu-west-1.amazonaws.com/", strings.NewReader(string(body)))
	r.Header.Set("X-Amz-Target", "TrentService."+operation)
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(context.Background(), keys, r, hex.EncodeToString(sum[:]), "kms", "eu-west-1", a.Clock.Now()); err != nil {
		a.T.Fatal(err)
	}
	w := httptest.NewRecorder()
	sandboxkms.New(a.World, a.Gate, fixture.Region).ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestEveryOperationIsInTheTable(t *testing.T) {
	f := fixture.New(t)
	for operation := range sandboxkms.New(f.World, f.Gate, fixture.Region).(wire.Target).Operations {
		if !slices.Contains(onKey, operation) && !slices.Contains(onNothing, operation) {
			t.Errorf("nobody says on what %s is judged", operation)
		}
	}
}

// TestEveryOperationIsJudged: refused without its right, taken with it, and across
// accounts only where AWS offers that at all, whatever the key's policy says.
func TestEveryOperationIsJudged(t *testing.T) {
	for _, operation := range slices.Concat(onKey, onNothing) {
		t.Run(operation, func(t *testing.T) {
			a := newAsking(t)
			without := fixture.Allow("s3:* kms:Other*", "*")
			status, body := a.send(operation, first2(a.User(fixture.Source, "ann", without)))
			if status != 400 || !strings.Contains(body, "user/ann is not authorized to perform: kms:"+operation+" on ") && !slices.Contains(onNothing, operation) ||
				!strings.Contains(body, "because no identity-based policy allows the kms:"+operation+" action") {
				t.Errorf("without the right: %d %s", status, body)
			}
			if status, body = a.send(operation, first2(a.User(fixture.Target, "bob", fixture.Allow("kms:"+operation, "*")))); !slices.Contains(onNothing, operation) {
				if offered := slices.Contains(across, operation); offered != (status == 200) {
					t.Errorf("from another account: %d %s", status, body)
				}
			}
			status, body = a.send(operation, first2(a.User(fixture.Source, "eve", fixture.Allow("kms:"+operation+" kms:PutKeyPolicy", "*"))))
			if strings.Contains(body, "AccessDenied") {
				t.Errorf("with exactly its right: %d %s", status, body)
			}
		})
	}
}
