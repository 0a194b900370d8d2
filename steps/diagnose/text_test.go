package diagnose

import (
	"fmt"
	"strings"
	"testing"

	"snapferry/steps"
)

const passRole = `User: arn:aws:iam::111122223333:user/jo is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/R`

// TestTextAsPeoplePasteIt: the same error in whatever it came wrapped in.
func TestTextAsPeoplePasteIt(t *testing.T) {
	for name, text := range map[string]string{
		"the body":      `{"Message":"` + passRole + `"}`,
		"with headers":  "HTTP/1.1 200 Connection Established\n\nHTTP/2 403\nx-amzn-requestid: 1\ncontent-type: application/json\n\n{\"Message\":\"" + passRole + "\"}\n",
		"a log line":    `2026-11-22T10:00:00Z ERROR registering {not json} failed: {"Message":"` + passRole + `"} (attempt 1)`,
		"escaped":       `b'{\"Message\":\"` + passRole + `\"}'`,
		"a traceback":   "Traceback (most recent call last):\n  File \"register.py\", line 3, in <module>\n    raise SystemExit(r.text)\n" + passRole + "\n",
		"broken lines":  strings.ReplaceAll(passRole, " perform: iam", "\n   perform:\n iam"),
		"a later body":  `{"acknowledged":true}` + "\n" + `{"Message":"` + passRole + `"}`,
		"inside others": `{"log":{"entry":"` + passRole + `"}}`,
	} {
		d := Text(text)
		if d.Unknown || d.Layer != layerPassRole || d.Refused != "signer" || d.Causes[0].ID != "pass-role-missing" {
			t.Errorf("%s: %+v", name, d)
		}
		if name != "broken lines" && name != "inside others" && !strings.Contains(d.Summary.String(), "iam:PassRole on resource") {
			t.Errorf("%s is summed up as %q", name, d.Summary)
		}
		if d.Body != "" {
			t.Errorf("%s: what was pasted is given back", name)
		}
	}
}

func TestTextOfOtherPrograms(t *testing.T) {
	cases := []struct{ text, layer, cause string }{
		{"An error occurred (MalformedPolicy) when calling the PutBucketPolicy operation: Invalid principal in policy", layerIAM, "principal-missing"},
		{"An error occurred (ExpiredToken) when calling the ListBuckets operation (reached max retries: 4): The security token included in the request is expired", layerCreds, "expired"},
		{`<?xml version="1.0"?>` + "\n<Error><Code>AccessControlListNotSupported</Code><Message>The bucket does not allow ACLs</Message></Error>", layerS3, "acl-sent"},
		{`{"error":{"root_cause":[{"type":"security_exception","reason":"no permissions for [] and User [name=x, backend_roles=[y], requestedTenant=null]"}],"type":"security_exception","reason":"no permissions for []"},"status":403}`, layerProtected, "security-index-in-restore"},
		{"Authentication finally failed", layerFGAC, "wrong-login"},
	}
	for _, c := range cases {
		d := Text(c.text)
		if d.Unknown || d.Layer != c.layer || d.Causes[0].ID != c.cause {
			t.Errorf("%s: %+v", c.text, d)
		}
	}
}

func TestTextSaysWhatItDoesNotKnow(t *testing.T) {
	for _, text := range []string{"", "{", "{}", "<", "the moon is in the way", `{"error":"wibble","status":500}`, "\x00\xff", strings.Repeat("{", 3000)} {
		if d := Text(text); !d.Unknown || len(d.Causes) > 0 {
			t.Errorf("%.40q: claims to know %+v", text, d)
		}
	}
}

// TestTextTellsNoSecret: people paste whole requests.
func TestTextTellsNoSecret(t *testing.T) {
	const hush = "IQoJb3JpZ2luX2VjEXAMPLE"
	for _, text := range []string{
		"> X-Amz-Security-Token: " + hush + "\n> authorization: AWS4-HMAC-SHA256 " + hush + "\n\n{\"Message\":\"" + passRole + "\"}",
		"x-amz-security-token: " + hush + " and nobody knows",
		"wibble\nAuthorization: Basic " + hush,
	} {
		if d := Text(text); strings.Contains(fmt.Sprintf("%+v", d), hush) {
			t.Errorf("%q: tells %+v", text, d)
		}
	}
}

// TestByChecks: what is so comes first, what is not so last.
func TestByChecks(t *testing.T) {
	d := Text("User: arn:aws:sts::1:assumed-role/cp-sts-grant-role/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/R")
	before := d.Causes[0].ID
	use := steps.Fix{Text: steps.T("use r")}
	at := func(outcome steps.Outcome, subject string, fix steps.Fix) []steps.Finding {
		return []steps.Finding{
			{ID: "role-exact-spelling", Subject: subject, Outcome: outcome, Cause: steps.T("there is a role r"), Fix: fix, Evidence: []steps.Text{steps.T("IAM says R")}},
			{ID: "disk-room", Outcome: steps.Block},
		}
	}
	weighed := func(side steps.Side, found []steps.Finding) []steps.Cause {
		return Weigh(d, Subject{}, ByChecks(found, side)).Causes
	}
	if before != "role-name-case" {
		t.Fatalf("the first cause is %s; choose another example", before)
	}
	for name, causes := range map[string][]steps.Cause{
		"stops":    weighed("", at(steps.Block, "source R", use)),
		"warns":    weighed(steps.Source, at(steps.Warn, "source R", use)),
		"is told":  weighed("", at(steps.Note, "source R", use)),
		"any side": weighed(steps.Target, at(steps.Block, "R", use)),
	} {
		if held := causes[0]; held.ID != before || held.Verdict != steps.Confirmed || held.Confirm.String() != "there is a role r" || held.Fix.String() != "use r" {
			t.Errorf("%s: %+v", name, held)
		}
	}
	if mended := weighed("", at(steps.Note, "R", steps.Fix{Step: "source-role"}))[0]; mended.ID != before || mended.Verdict != steps.Confirmed {
		t.Errorf("what the plan mends: %+v", mended)
	}
	refuted := weighed("", at(steps.Pass, "source R", use))
	if last := refuted[len(refuted)-1]; last.ID != before || last.Verdict != steps.Refuted || last.Confirm.String() != "IAM says R" || !last.Fix.IsZero() || last.Command != "" || len(refuted) != len(d.Causes) {
		t.Errorf("%+v", refuted)
	}
	for name, causes := range map[string][]steps.Cause{
		"unknown":        weighed("", at(steps.Unknown, "source R", use)),
		"skipped":        weighed("", at(steps.Skipped, "source R", use)),
		"only told":      weighed("", at(steps.Note, "source R", steps.Fix{})),
		"the other side": weighed(steps.Target, at(steps.Block, "source R", use)),
	} {
		if open := causes[0]; open.ID != before || open.Verdict != "" {
			t.Errorf("%s: %+v", name, open)
		}
	}
	if d.Causes[0].ID != before || d.Causes[0].Verdict != "" {
		t.Error("the diagnosis handed in was changed")
	}
}

// TestEveryConfirmedCauseIsOne: a slip in the table would confirm nothing.
func TestEveryConfirmedCauseIsOne(t *testing.T) {
	known := map[string]bool{}
	for _, r := range rules {
		for _, c := range r.causes {
			known[c.ID] = true
		}
	}
	for id := range checksOf {
		if !known[id] {
			t.Errorf("no rule has the cause %s", id)
		}
	}
}
