//go:build long || judges

package cli

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

// What Terraform made, and what was registered.
const (
	roleAsMade  = "arn:aws:iam::111111111111:role/os-repo-prg-OpenSearchRepositoryRole"
	roleAsTyped = "arn:aws:iam::111111111111:role/os-repo-prg-OPENSEARCHRepositoryRole"
)

// TestArticle2: the role that cannot be assumed is named before anything is
// changed; where IAM cannot be asked it is the first thing the refusal is put down
// to; with the ARN as IAM spells it the run goes through.
func TestArticle2(t *testing.T) {
	a := newArticle(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "next": sandbox.AccessPolicy}})
	a.makeBucket("source", "os-repo-prg")
	a.makeRole("source", strings.TrimPrefix(roleAsMade, "arn:aws:iam::111111111111:role/"), trusting("Service", "es.amazonaws.com"), allowing(
		`"s3:ListBucket"`, "arn:aws:s3:::os-repo-prg", `"s3:GetObject","s3:PutObject","s3:DeleteObject"`, "arn:aws:s3:::os-repo-prg/*"))

	for _, command := range [][]string{{"preflight"}, {"run", "--yes"}} {
		before := len(a.mutations())
		s := a.start("2", nil, command...).wants(t, term.ExitBlocked)
		says(t, s.out, "BLOCK   role-exact-spelling", "the answers say "+roleAsTyped+", IAM says "+roleAsMade, "Use "+roleAsMade)
		if len(a.mutations()) != before {
			t.Errorf("%v has changed something: %v", command, a.mutations()[before:])
		}
	}

	// The author could see no difference either: here nobody may ask IAM.
	blind := []string{"control:\n    profile: source", "control:\n    base: none\n  signer:\n    profile: source"}
	s := a.start("2", blind, "run", "--yes").wants(t, term.ExitWaiting)
	says(t, s.out, "cp-sts-grant-role/swift-eu-west-1-prod-111111111111 is not authorized to perform: sts:AssumeRole on resource: "+roleAsTyped,
		"layer assume-role, refused: the service", "cause 1  The role's ARN is not letter by letter the role's own", "aws iam get-role --role-name os-repo-prg-OPENSEARCHRepositoryRole")
	// The domain registers in spite of its refusal; that was taken back.
	if status, body := a.ask("source", "GET", "/_snapshot/os-repo-prg", ""); status != 404 {
		t.Errorf("%d %s", status, body)
	}
	a.start("2", blind, "clean-up", "--yes").wants(t, term.ExitDone)

	status, body := a.ask("source", "PUT", "/_snapshot/os-repo-prg", `{"type":"s3","settings":{"bucket":"os-repo-prg","base_path":"prg","region":"eu-west-1","role_arn":"`+roleAsTyped+`"}}`)
	if status != 500 {
		t.Fatalf("%d %s", status, body)
	}
	offline, confirmed := a.explained(body, "2")
	says(t, offline, "cause 1  The role's ARN is not letter by letter the role's own")
	says(t, confirmed, "cause 1  The role's ARN is not letter by letter the role's own", "it is so IAM says "+roleAsMade+", the error "+roleAsTyped, "Register again with "+roleAsMade)
	a.made("source", "DELETE", "/_snapshot/os-repo-prg", "")

	a.anew("again")
	s = a.start("2", []string{roleAsTyped, roleAsMade}, "run", "--yes").wants(t, term.ExitDone)
	says(t, s.out, "source-repository  done: 3 nodes reach the bucket", "verify             done:")
}
