package diagnose

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// The texts are those of the field reports and of real nodes.
func TestKnownTexts(t *testing.T) {
	cases := []struct {
		name, text, layer, first string
	}{
		{"article 0, pain 1", "User: arn:aws:iam::111122223333:user/jo or anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/TheSnapshotRole", layerPassRole, "pass-role-missing"},
		{"article 0, pain 2", "no permissions for [] and User [name=x, backend_roles=[arn:aws:iam::444455556666:user/jo], requestedTenant=]", layerProtected, "protected-content"},
		{"unmapped", "no permissions for [cluster:admin/repository/put] and User [name=x, backend_roles=[y], requestedTenant=null]", layerFGAC, "not-mapped"},
		{"article 2", "User: arn:aws:sts::832035452523:assumed-role/cp-sts-grant-role/swift-ap-northeast-2-prod-1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/R (Service: Sts, Status Code: 403, Request ID: …)", layerAssume, "role-spelling"},
		{"newer snapshot", "the snapshot was created with OpenSearch version [3.4.0] which is higher than the version of this node [2.19.4]", layerVersion, "snapshot-newer"},
		{"7.10 on 3.4", "Version id 7100299 must contain OpenSearch mask", layerVersion, "elasticsearch-on-3"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := Error(&failure.Failure{Kind: failure.Denied, Message: c.text})
			if d.Layer != c.layer || len(d.Causes) == 0 || d.Causes[0].ID != c.first || d.Unknown {
				t.Errorf("layer %q, causes %+v", d.Layer, d.Causes)
			}
		})
	}
}

func TestNothingKnownIsSaid(t *testing.T) {
	d := Error(errors.New("the moon is in the way"))
	if !d.Unknown || len(d.Causes) != 0 {
		t.Errorf("claims to know %+v", d)
	}
	if d.Summary.IsZero() {
		t.Error("the words are lost")
	}
}

func TestOwnErrorsKeepTheirWayOut(t *testing.T) {
	own := &steps.Error{Summary: steps.T("taken"), Fix: steps.T("choose another"), Cause: &failure.Failure{Kind: failure.Denied, Message: "an open index with same name already exists"}}
	d := Error(fmt.Errorf("wrapped: %w", own))
	if d.Causes[0].Fix.String() != "choose another" || d.Layer != layerRestore || len(d.Causes) != 2 {
		t.Errorf("%+v", d)
	}
}

func TestKindsWithoutRule(t *testing.T) {
	for kind, want := range map[failure.Kind]string{failure.Unreachable: layerNetwork, failure.TLS: layerTLS, failure.Expired: layerCreds, failure.Signature: layerSignature} {
		d := Error(&failure.Failure{Kind: kind, Message: "words nobody has seen"})
		if d.Layer != want || len(d.Causes) != 1 || d.Unknown {
			t.Errorf("%s: layer %q, causes %+v", kind, d.Layer, d.Causes)
		}
	}
}

func TestEveryRuleIsReachable(t *testing.T) {
	for i, r := range rules {
		text := strings.Join(r.all, " ")
		for j, earlier := range rules[:i] {
			if earlier.matches(text) {
				t.Errorf("rule %d (%v) hides rule %d (%v)", j, earlier.all, i, r.all)
			}
		}
		for _, c := range r.causes {
			if c.ID == "" || c.Summary.IsZero() || c.Fix.IsZero() {
				t.Errorf("rule %v has a cause without id, summary or fix: %+v", r.all, c)
			}
		}
	}
}

// A diagnosis goes to the journal, the report and the screen.
func TestNoSignedRequestIsShown(t *testing.T) {
	const hush = "IQoJb3JpZ2luX2VjEXAMPLE"
	body := `{"message":"The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\n'PUT\n/\n\nx-amz-security-token:` + hush + `\n'"}`
	f := failure.FromResponse("PUT /_snapshot/r", "h", 403, nil, []byte(body))
	for name, err := range map[string]error{
		"as it is": fmt.Errorf("wrapped: %w", f),
		"ours":     &steps.Error{Summary: steps.T("refused"), Cause: f},
	} {
		d := Error(err)
		if d.Layer != layerSignature || !strings.Contains(d.Body, "does not match") {
			t.Errorf("%s: %+v", name, d)
		}
		if strings.Contains(fmt.Sprintf("%+v", d), hush) || strings.Contains(strings.ToLower(d.Body), "canonical") {
			t.Errorf("%s tells: %+v", name, d)
		}
	}
}
