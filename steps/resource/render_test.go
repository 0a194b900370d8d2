package resource

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"snapferry/awsx/account"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

var update = flag.Bool("update", false, "write the golden renderings")

// show gives the kinds without anybody to ask: rendering is pure.
func show() map[steps.Kind]Kind {
	return All(nil, Options{
		Place: func(side steps.Side) Place { return Place{Region: "eu-west-1", Profile: "acme " + string(side)} },
		Curl: func(side steps.Side, method, target string, body []byte) string {
			return "curl " + string(side) + " -X " + method + " " + target + "\n" + string(body) + "\n"
		},
	})
}

func statement(sid, action string, more ...func(*policy.Statement)) policy.Statement {
	s := policy.Statement{Sid: sid, Effect: policy.EffectAllow, Action: []string{action}, Resource: []string{"arn:aws:s3:::b"}}
	for _, m := range more {
		m(&s)
	}
	return s
}

func document(list ...policy.Statement) steps.Doc {
	return PolicyDoc(policy.Document{Version: policy.Version2012, Statements: list})
}

func everybody(s *policy.Statement) { s.Principal = policy.Everybody() }

func sampleBucket() Bucket {
	block := account.AllBlocked
	return Bucket{
		Region: "eu-west-1", Owner: account.Ours, Block: &block, Ownership: account.OwnerEnforced,
		Encryption: &account.Encryption{Algorithm: "aws:kms", KeyARN: "arn:aws:kms:eu-west-1:111122223333:key/k", BucketKey: true},
		Tags:       map[string]string{TagRun: "r-1"},
	}
}

func sampleRole() Role {
	trust := policy.Statement{Sid: "T", Effect: policy.EffectAllow, Principal: policy.Service("es.amazonaws.com"), Action: []string{"sts:AssumeRole"}}
	return Role{
		ARN: "arn:aws:iam::111122223333:role/migration/Snap", Description: "it's for ${a} migration", Boundary: "arn:aws:iam::111122223333:policy/b",
		Trust: document(trust), Tags: map[string]string{TagRun: "r-1", "team": "search & co"},
		Inline: map[string]steps.Doc{"snapferry-snapshot": document(statement("L", "s3:ListBucket"))},
	}
}

// unread is a change that is handed to somebody else unseen.
func unread(c steps.Change) steps.Change {
	c.Unread = true
	return c
}

func samples() map[string]steps.Change {
	adopted := sampleBucket()
	adopted.Encryption, adopted.Block, adopted.Tags = nil, nil, nil
	american := sampleBucket()
	american.Region = "us-east-1"
	older := sampleRole()
	older.Trust, older.Inline, older.Tags = document(), map[string]steps.Doc{"old": document(statement("O", "s3:*"))}, map[string]string{"team": "x"}
	tls := statement("TLS", "s3:*", everybody, func(s *policy.Statement) {
		s.Effect, s.Condition = policy.EffectDeny, policy.Conditions{"Bool": {"aws:SecureTransport": {"false"}}}
	})
	foreign := statement("Theirs", "s3:GetObject", everybody)
	repo := Repository{Type: "s3", Settings: map[string]string{"bucket": "b", "role_arn": "arn:aws:iam::111122223333:role/Snap", "readonly": "true"}}
	user, key := "arn:aws:iam::111122223333:user/team/me", "arn:aws:kms:eu-west-1:111122223333:key/1-2"
	c := func(kind steps.Kind, name, in string, before, after steps.Doc) steps.Change {
		return steps.NewChange("x", steps.Ref{Kind: kind, Side: steps.Source, Name: name, In: in}, before, after, steps.Text{})
	}
	return map[string]steps.Change{
		"bucket-create":        c(steps.KindBucket, "acme.os-1", "", "", sampleBucket().Doc()),
		"bucket-change":        c(steps.KindBucket, "acme.os-1", "", adopted.Doc(), sampleBucket().Doc()),
		"bucket-unread":        unread(c(steps.KindBucket, "acme.os-1", "", "", sampleBucket().Doc())),
		"bucket-unread-us":     unread(c(steps.KindBucket, "acme.os-1", "", "", american.Doc())),
		"role-unread":          unread(c(steps.KindRole, "Snap", "", "", sampleRole().Doc())),
		"bucket-delete":        c(steps.KindBucket, "acme.os-1", "", sampleBucket().Doc(), ""),
		"bucket-policy-change": c(steps.KindBucketPolicy, "acme.os-1", "", document(foreign), document(foreign, tls)),
		"bucket-policy-delete": c(steps.KindBucketPolicy, "acme.os-1", "", document(tls), ""),
		"role-create":          c(steps.KindRole, "Snap", "", "", sampleRole().Doc()),
		"role-change":          c(steps.KindRole, "Snap", "", older.Doc(), sampleRole().Doc()),
		"role-delete":          c(steps.KindRole, "Snap", "", sampleRole().Doc(), ""),
		"signer-grant-user":    c(steps.KindSignerGrant, user, "snapferry-signer", "", document(statement("P", "iam:PassRole"))),
		"signer-grant-delete":  c(steps.KindSignerGrant, "arn:aws:iam::111122223333:role/me", "snapferry-signer", document(foreign), ""),
		"access-policy-change": c(steps.KindAccessPolicy, "logs", "", document(foreign), document(foreign, tls)),
		"access-policy-delete": c(steps.KindAccessPolicy, "logs", "", document(tls), ""),
		"key-policy-change":    c(steps.KindKeyPolicy, key, "", document(foreign), document(foreign, tls)),
		"repository-create":    c(steps.KindRepository, "snapferry", "", "", repo.Doc()),
		"repository-delete":    c(steps.KindRepository, "snapferry", "", repo.Doc(), ""),
	}
}

func TestRenderings(t *testing.T) {
	kinds := show()
	for name, c := range samples() {
		r := kinds[c.Ref.Kind].Render(c)
		got := "# Terraform\n" + r.Terraform + "# AWS CLI\n" + r.CLI + "# curl\n" + r.Curl
		path := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, diags := hclsyntax.ParseConfig([]byte(r.Terraform), name, hcl.InitialPos); diags.HasErrors() {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// TestNothingToShow: what is so already, and what cannot be expressed or must
// not be done, is rendered as nothing.
func TestNothingToShow(t *testing.T) {
	kinds := show()
	for name, c := range samples() {
		c.Verb = steps.Exists
		if r := kinds[c.Ref.Kind].Render(c); r != (Renderings{}) {
			t.Errorf("%s that exists is shown as %+v", name, r)
		}
	}
	for _, c := range []steps.Change{
		steps.NewChange("x", steps.Ref{Kind: steps.KindKeyPolicy, Name: "k"}, document(statement("P", "kms:*")), "", steps.Text{}),
		steps.NewChange("x", steps.Ref{Kind: steps.KindRole, Name: "r"}, "no json", sampleRole().Doc(), steps.Text{}),
		steps.NewChange("x", steps.Ref{Kind: steps.KindBucket, Name: "b"}, sampleBucket().Doc(), "no json", steps.Text{}),
	} {
		if r := kinds[c.Ref.Kind].Render(c); r != (Renderings{}) {
			t.Errorf("%s is shown as %+v", c.ID, r)
		}
	}
	bare := All(nil, Options{})
	c := samples()["repository-create"]
	if r := bare[c.Ref.Kind].Render(c); r != (Renderings{}) {
		t.Errorf("without a way to make curl lines: %+v", r)
	}
	c = samples()["role-delete"]
	if r := bare[c.Ref.Kind].Render(c); strings.Contains(r.CLI, "--region") || strings.Contains(r.CLI, "--profile") {
		t.Errorf("without a place: %s", r.CLI)
	}
}

// TestToBePutByHand: what no command may do without knowing what else stands
// there, or that only somebody else can, is shown as a text that does nothing when
// it is pasted.
func TestToBePutByHand(t *testing.T) {
	reserved := steps.Ref{Kind: steps.KindSignerGrant, Name: "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_1", In: "p"}
	bucket := steps.Ref{Kind: steps.KindBucketPolicy, Name: "b"}
	for ref, words := range map[steps.Ref]string{reserved: "permission set of AWSReservedSSO_A_1", bucket: "beside what is in it"} {
		c := steps.NewChange("x", ref, "", document(statement("P", "iam:PassRole")), steps.Text{})
		c.Unread = true
		r := show()[ref.Kind].Render(c)
		if !strings.Contains(r.CLI, words) || !strings.Contains(r.CLI, `"iam:PassRole"`) || r.Terraform+r.Curl != "" {
			t.Errorf("%s: %+v", ref, r)
		}
		for _, line := range strings.Split(strings.TrimSuffix(r.CLI, "\n"), "\n") {
			if !strings.HasPrefix(line, "# ") {
				t.Errorf("%s: a line that does something: %s", ref, line)
			}
		}
	}
	// An inline policy of our own name has nothing beside it.
	own := steps.NewChange("x", steps.Ref{Kind: steps.KindSignerGrant, Name: "arn:aws:iam::111122223333:user/me", In: "p"}, "", document(statement("P", "iam:PassRole")), steps.Text{})
	own.Unread = true
	if r := show()[own.Ref.Kind].Render(own); !strings.Contains(r.CLI, "put-user-policy") {
		t.Errorf("%+v", r)
	}
}

func TestLabel(t *testing.T) {
	for in, want := range map[string]string{
		"acme.os-1": "acme_os-1", "9lives": "_9lives", "arn:aws:kms:eu-west-1:111122223333:key/1-2": "_1-2", "é": "_", "-a": "_-a",
	} {
		if got := label(in); got != want {
			t.Errorf("label(%q) = %s, want %s", in, got, want)
		}
	}
}
