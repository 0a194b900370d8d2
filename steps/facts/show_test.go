package facts_test

import (
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// TestShowing: renderings and Hows use what is known and ask nobody for more.
func TestShowing(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(func(s *spec.Spec) {
		s.Target.Auth, s.Target.Endpoint = spec.AuthUnsigned, "search.acme.example"
		s.Source.Control = spec.Identity{Base: "profile", Profile: "acme"}
	}))
	kind, _ := f.Resource(steps.KindRepository)
	show := func(side steps.Side) string {
		c := steps.NewChange("x", steps.Ref{Kind: steps.KindRepository, Side: side, Name: "snapferry"}, "", `{"settings":{"bucket":"b"},"type":"s3"}`, steps.Text{})
		return kind.Render(c).Curl
	}
	source := show(steps.Source)
	for _, part := range []string{"aws:amz:eu-west-1:es", "-X PUT", "https://source-domain-endpoint/_snapshot/snapferry", `"bucket": "b"`, "AWS_SECRET_ACCESS_KEY"} {
		if !strings.Contains(source, part) {
			t.Errorf("without %s: %s", part, source)
		}
	}
	if target := show(steps.Target); strings.Contains(target, "sigv4") || !strings.Contains(target, "https://search.acme.example/_snapshot/snapferry") {
		t.Errorf("the unsigned target: %s", target)
	}
	if how := f.How(facts.FactIndices, steps.Source).String(); how != "GET /_cat/indices on the source domain" {
		t.Errorf("how: %s", how)
	}
	bucket, _ := f.Resource(steps.KindBucket)
	cli := bucket.Render(steps.NewChange("x", steps.Ref{Kind: steps.KindBucket, Side: steps.Source, Name: "b-1"}, `{"owner":"ours","region":"eu-west-1"}`, "", steps.Text{})).CLI
	if !strings.Contains(cli, "--profile acme --region eu-west-1") {
		t.Errorf("CLI line: %s", cli)
	}
	if calls := r.made(); len(calls) > 0 {
		t.Errorf("called %v", calls)
	}

	f = r.open(answers(nil))
	if _, err := f.Signer(r.ctx, steps.Source); err != nil {
		t.Fatal(err)
	}
	if how := f.How(facts.FactIndices, steps.Source).String(); how != "GET https://"+r.endpoint("source")+"/_cat/indices" {
		t.Errorf("how, once the endpoint is known: %s", how)
	}
	// Every fact says how it is learned.
	for _, name := range []facts.Name{
		facts.FactIdentity, facts.FactPrincipal, facts.FactPolicies, facts.FactDomains, facts.FactDomain, facts.FactEngine, facts.FactClock, facts.FactIndices,
		facts.FactAliases, facts.FactDataStreams, facts.FactHealth, facts.FactNodes, facts.FactSettings, facts.FactRunning, facts.FactRepositories, facts.FactRepository,
		facts.FactSnapshot, facts.FactLeft, facts.FactBucket, facts.FactBucketPolicy, facts.FactBucketCrypto, facts.FactRole, facts.FactArrivals, facts.FactTemplates,
		facts.FactAuthInfo, facts.FactFGACRole, facts.FactRoleMapping, facts.FactPermissions, facts.FactBucketOwning, facts.FactKey, facts.FactKeyPolicy,
	} {
		if f.How(name, steps.Source).String() == "" {
			t.Errorf("%s does not say how it is learned", name)
		}
	}
}
