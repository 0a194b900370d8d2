package migrate

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// kms speaks to the key service as a side's administrator.
func (r *road) kms(side steps.Side) *kms.Client {
	r.Helper()
	s, err := r.facts.Session(r.ctx, side, facts.Control)
	r.must(err)
	return kms.NewFromConfig(s.AWS())
}

// aKey makes a customer key whose policy holds a statement of somebody else's.
func (r *road) aKey(side steps.Side) awsid.ARN {
	r.Helper()
	c, root := r.kms(side), "arn:aws:iam::"+string(r.spec.Side(side).Account)+":root"
	made, err := c.CreateKey(r.ctx, &kms.CreateKeyInput{Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Sid":"Own","Effect":"Allow","Principal":{"AWS":"` + root + `"},"Action":"kms:*","Resource":"*"},  {"Sid":"Theirs","Effect":"Deny","Principal":"*","Action":"kms:ScheduleKeyDeletion","Resource":"*"}]}`)})
	r.must(err)
	arn, err := awsid.ParseARN(aws.ToString(made.KeyMetadata.Arn))
	r.must(err)
	return arn
}

// encrypted makes the bucket, with a key as its default.
func (r *road) encrypted(side steps.Side, key string) {
	r.Helper()
	r.must(r.account(side).CreateBucket(r.ctx, account.BucketSpec{
		Name: r.spec.Bucket.Name, Region: sandbox.Region, Encryption: account.Encryption{Algorithm: "aws:kms", KeyARN: key},
	}))
}

// TestKeysAreShared: the key a bucket encrypts with, whether it was answered or
// found, serves both sides; what is undone leaves no trace in its policy.
func TestKeysAreShared(t *testing.T) {
	answered := func(r *road, key awsid.ARN) { r.spec.Bucket.KMSKey = key }
	found := func(r *road, key awsid.ARN) { r.encrypted(r.spec.Bucket.Owner, key.String()) }
	byID := func(r *road, key awsid.ARN) { r.encrypted(r.spec.Bucket.Owner, key.Name()) }
	for name, c := range map[string]struct {
		spec  func(*spec.Spec)
		given func(*road, awsid.ARN)
	}{
		"answered, at the source": {twoAccounts, answered},
		"answered, at the target": {theirs, answered},
		"found, at the source":    {twoAccounts, found},
		"found by its id":         {twoAccounts, byID},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{spec: c.spec})
			owner := r.spec.Bucket.Owner
			key := r.aKey(owner)
			c.given(r, key)
			r.dir = t.TempDir() // other answers, another run
			r.start()
			was, err := r.account(owner).KeyPolicy(r.ctx, key.String())
			r.must(err)
			r.must(r.run())
			policy, err := r.account(owner).KeyPolicy(r.ctx, key.String())
			r.must(err)
			guest, writes := "222222222222:role/acme-reader", false
			if owner == steps.Target {
				guest, writes = "111111111111:role/acme-snap", true
			}
			for _, part := range []string{guest, "kms:Decrypt", `"kms:ViaService":["s3.eu-west-1.amazonaws.com"]`, `{"Sid":"Theirs","Effect":"Deny","Principal":"*","Action":"kms:ScheduleKeyDeletion","Resource":"*"}`} {
				if !strings.Contains(string(policy), part) {
					t.Errorf("without %s: %s", part, policy)
				}
			}
			if strings.Contains(string(policy), "GenerateDataKey") != writes {
				t.Errorf("writing is %v: %s", writes, policy)
			}
			r.start()
			r.made()
			r.must(r.run())
			r.onlyLooked()
			r.undo()
			policy, err = r.account(owner).KeyPolicy(r.ctx, key.String())
			if r.must(err); string(policy) != string(was) {
				t.Errorf("the policy was %s, and is %s", was, policy)
			}
		})
	}
}

// TestKeysThatCannotBe: what stops the plan, and what does not.
func TestKeysThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		spec  func(*spec.Spec)
		given func(*road)
		field string
		words string
	}{
		"AWS's own":                      {spec: twoAccounts, given: func(r *road) { r.encrypted(steps.Source, "") }, field: "bucket.name", words: "cannot be shared with another account"},
		"AWS's own by its alias":         {spec: twoAccounts, given: func(r *road) { r.encrypted(steps.Source, "alias/aws/s3") }, field: "bucket.name", words: "cannot be shared with another account"},
		"AWS's own, inside one account":  {given: func(r *road) { r.encrypted(steps.Source, "") }},
		"disabled":                       {spec: twoAccounts, given: disabledKey, field: "bucket.kms_key", words: "is Disabled"},
		"gone":                           {spec: twoAccounts, given: func(r *road) { r.encrypted(steps.Source, "11111111-2222-3333-4444-555555555555") }, field: "bucket.name", words: "which is not there"},
		"of a third account":             {spec: twoAccounts, given: keyOfAThird, field: "bucket.kms_key", words: "neither the source's nor the target's"},
		"S3's own, which everybody sees": {spec: twoAccounts, given: func(r *road) { r.bucket(nil) }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{spec: c.spec})
			c.given(r)
			_, err := r.runner.Plan(r.ctx)
			if c.words == "" {
				r.must(err)
				return
			}
			r.says(err, c.field, c.words)
		})
	}
}

func disabledKey(r *road) {
	key := r.aKey(steps.Source)
	_, err := r.kms(steps.Source).DisableKey(r.ctx, &kms.DisableKeyInput{KeyId: aws.String(key.String())})
	r.must(err)
	r.encrypted(steps.Source, key.String())
}

// keyOfAThird is not even to be looked at from here.
func keyOfAThird(r *road) {
	r.encrypted(steps.Source, "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555")
}

// TestKeyNobodySees: where nobody may look at the bucket, no key is not assumed.
func TestKeyNobodySees(t *testing.T) {
	for name, key := range map[string]string{"not answered": "", "answered": "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555"} {
		r := newRoad(t, options{spec: func(s *spec.Spec) {
			twoAccounts(s)
			s.Source.Control.Base = "none"
			if key != "" {
				arn, err := awsid.ParseARN(key)
				if err != nil {
					t.Fatal(err)
				}
				s.Bucket.KMSKey = arn
			}
		}})
		r.spec.Source.Endpoint = r.endpoint("source")
		r.start()
		plan, err := r.runner.Plan(r.ctx)
		r.must(err)
		text := map[steps.StepID]string{}
		for _, sp := range plan.Steps {
			for _, c := range sp.Changes {
				text[sp.ID] += c.Summary.String() + "\n"
				if k, ok := r.facts.Resource(c.Ref.Kind); ok {
					text[sp.ID] += k.Render(c).CLI
				}
			}
		}
		asks := strings.Contains(text[StepBucket], "answer bucket.kms_key")
		if unknown := key == ""; asks != unknown || strings.Contains(text[StepShareKey], "if it has one") != unknown {
			t.Errorf("%s: %s", name, text)
		}
		if !strings.Contains(text[StepShareKey], "kms:Decrypt") || !strings.Contains(text[StepShareKey], "222222222222:role/acme-reader") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func (r *road) endpoint(label string) string {
	for _, d := range r.box.Info().Domains {
		if d.Label == label {
			return d.Endpoint
		}
	}
	r.Fatalf("no domain %s", label)
	return ""
}
