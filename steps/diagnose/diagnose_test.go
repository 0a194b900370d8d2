package diagnose

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

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
