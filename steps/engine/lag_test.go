package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// TestOnlyWhatMayLagIsBorne: a refusal is tried again only where something this run
// made a moment ago may not be seen yet.
func TestOnlyWhatMayLagIsBorne(t *testing.T) {
	chain := func(types ...string) (list []failure.Cause) {
		for _, one := range types {
			list = append(list, failure.Cause{Type: one, Reason: one})
		}
		return list
	}
	denied := failure.Failure{Kind: failure.Denied, Message: "not authorized to perform: s3:PutObject"}
	noBucket := failure.Failure{Kind: failure.Missing, Code: "NoSuchBucket"}
	inEngine := failure.Failure{Kind: failure.Missing, Front: failure.FrontEngine, Chain: chain("repository_verification_exception", "no_such_bucket_exception")}
	nobody := failure.Failure{Kind: failure.Invalid, Code: "MalformedPolicy", Message: "Invalid principal in policy"}
	if r := (&Runner{unseen: []steps.Change{{}}}); !r.missed(&nobody) {
		t.Error("a policy for a role that was handed over is not waited for")
	}
	look := failure.Failure{Kind: failure.Denied, Front: failure.FrontAWS, Operation: "IAM GetRole"}
	if r := (&Runner{unseen: []steps.Change{{}}}); r.missed(&look) {
		t.Error("a look that nothing handed over allows is waited for")
	}
	for _, tt := range []struct {
		name string
		made steps.Ref
		f    failure.Failure
		want bool
	}{
		{"a role's rights", role, denied, true},
		{"a bucket's policy", policyOf, denied, true},
		{"nothing that grants", repo, denied, false},
		{"a write to IAM", role, failure.Failure{Kind: failure.Denied, Front: failure.FrontAWS, Operation: "IAM PutRolePolicy"}, true},
		{"a role to be assumed", role, failure.Failure{Kind: failure.Denied, Front: failure.FrontAWS, Operation: "STS AssumeRole"}, true},
		{"a look of the signer's", role, failure.Failure{Kind: failure.Denied, Front: failure.FrontService, Operation: "GET /_snapshot/ferry"}, true},
		{"a look at IAM", role, failure.Failure{Kind: failure.Denied, Front: failure.FrontAWS, Operation: "IAM ListAttachedRolePolicies"}, false},
		{"a look at a bucket", bucket, failure.Failure{Kind: failure.Denied, Front: failure.FrontAWS, Operation: "S3 HeadBucket"}, false},
		{"a look at a domain's configuration", policyOf, failure.Failure{Kind: failure.Denied, Front: failure.FrontAWS, Operation: "Elasticsearch Service DescribeElasticsearchDomain"}, false},
		{"an explicit denial", role, failure.Failure{Kind: failure.Denied, Message: "not authorized to perform: s3:PutObject with an explicit deny in a resource-based policy"}, false},
		{"the security API", role, failure.Failure{Kind: failure.Denied, Front: failure.FrontSecurity, Message: "No permission to access REST API"}, false},
		{"the security plugin", role, failure.Failure{Kind: failure.Denied, Front: failure.FrontEngine, Chain: chain("security_exception")}, false},
		{"S3 in the engine", role, failure.Failure{Kind: failure.Denied, Front: failure.FrontEngine, Chain: chain("repository_verification_exception", "amazon_s3_exception")}, true},
		{"a bucket just made", bucket, noBucket, true},
		{"a bucket just made, in the engine", bucket, inEngine, true},
		{"somebody else's bucket", role, noBucket, false},
		{"somebody else's bucket, in the engine", role, inEngine, false},
		{"a role just made", role, failure.Failure{Kind: failure.Missing, Code: "NoSuchEntity"}, true},
		{"a role and a bucket just made", bucket, failure.Failure{Kind: failure.Missing, Code: "NoSuchEntity"}, false},
		{"an index", role, failure.Failure{Kind: failure.Missing, Front: failure.FrontEngine, Chain: chain("index_not_found_exception")}, false},
		{"a policy for a role just made", role, nobody, true},
		{"a policy for somebody else's role", bucket, nobody, false},
		{"what is refused for good", role, failure.Failure{Kind: failure.Invalid}, false},
	} {
		b := newBench(t, wants("bucket", tt.made, thing{"a": "b"}))
		r := b.mustRun()
		if got := r.lagging(&tt.f); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
		_ = b.clock.Wait(t.Context(), time.Hour)
		if r.lagging(&tt.f) {
			t.Errorf("%s: an hour later, still", tt.name)
		}
	}
}

// halfHanded is a road whose bucket policy was handed over unread, and whose
// repository is refused as long as refused says so.
func halfHanded(t *testing.T, refused func(try int) error) *bench {
	t.Helper()
	b := newBench(t)
	b.paper = &paper{}
	road(b)
	b.steps[2] = unproven{blind{b.steps[2].(*want)}}
	try := 0
	b.e.onWrite = func(ref steps.Ref) error {
		if ref == repo {
			try++
			return refused(try)
		}
		return nil
	}
	return b
}

// TestALagIsBorneAfterAHandOverToo: what we made ourselves may not be seen yet,
// whatever else was handed over, also where nobody is waited for.
func TestALagIsBorneAfterAHandOverToo(t *testing.T) {
	b := halfHanded(t, func(try int) error {
		if try < 4 {
			return refusal(failure.Denied)
		}
		return nil
	})
	r, err := b.run()
	told := strings.Join(waits(t, b, "source-repository"), "\n")
	if err != nil || strings.Contains(told, "somebody") || !strings.Contains(told, "to be seen everywhere") || !strings.Contains(told, "what was handed over to be done") {
		t.Errorf("%v, %s, waited for %q", err, statuses(r.State()), told)
	}
}

// TestAWaitIsNoLongerThanAnswered: a refusal that may be a lag counts to the time that
// somebody else is given, and is not borne for a minute beside it.
func TestAWaitIsNoLongerThanAnswered(t *testing.T) {
	b := halfHanded(t, func(int) error { return refusal(failure.Denied) })
	b.options = func(o *Options) { o.WaitOther = 20 * time.Second }
	began := b.clock.Now()
	if _, err := b.run(); ExitCode(err) != 4 {
		t.Fatal(err)
	}
	if spent := b.clock.Now().Sub(began); spent > 21*time.Second {
		t.Errorf("waited %s", spent)
	}
}

// TestARefusalWithoutEndIsAskedAbout: it may have nothing to do with what was handed
// over, so that whoever sits here is told it and asked.
func TestARefusalWithoutEndIsAskedAbout(t *testing.T) {
	b := halfHanded(t, func(try int) error {
		return &failure.Failure{Kind: failure.Denied, RequestID: fmt.Sprint("id-", try), Message: fmt.Sprintf("not authorized: iam:PassRole (id-%d, Request ID: %016X)", try, try)}
	})
	asked := []string{}
	b.options = func(o *Options) {
		o.WaitOther = Forever
		o.Failed = func(_ context.Context, step steps.StepID, d steps.Diagnosis) Decision {
			if asked = append(asked, fmt.Sprint(step, ": ", d.Summary)); len(asked) == 1 {
				return Retry
			}
			return Stop
		}
	}
	began := b.clock.Now()
	_, err := b.run()
	var failed *StepError
	if !errors.As(err, &failed) || len(asked) != 2 || !strings.Contains(asked[0], "source-repository: not authorized: iam:PassRole") {
		t.Fatalf("%v, asked %q", err, asked)
	}
	if spent := b.clock.Now().Sub(began); spent < askAfter || spent > 3*askAfter {
		t.Errorf("waited %s", spent)
	}
	if told := strings.Join(waits(t, b, "source-repository"), "\n"); strings.Count(told, "somebody who does what was handed over") != 2 {
		t.Errorf("told %q", told)
	}
}
