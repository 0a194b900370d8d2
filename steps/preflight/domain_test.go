package preflight_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"testing"
	"time"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// bothSides goes through checks that each side has.
func bothSides(do func(side steps.Side)) {
	do(steps.Source)
	do(steps.Target)
}

const (
	// denied is how the control plane refuses.
	denied = `{"__type":"AccessDeniedException","message":"User: x is not authorized to perform: es:DescribeDomain"}`
	// deniedFront is how the managed service in front of the engine refuses.
	deniedFront = `{"Message":"User: arn:aws:iam::111111111111:user/x is not authorized to perform: es:ESHttpGet with an explicit deny"}`
)

func TestDomainFound(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check := steps.CheckID(side) + "-domain-found"
		id := string(answers().Side(side).Account)
		typed := func(s *spec.Spec) { s.Side(side).Endpoint = w.endpoint(string(side)) }
		w.run([]row{
			{name: "there", check: check, want: steps.Pass, subject: string(side) + " logs-prod", evidence: "arn:aws:es:eu-west-1:" + id + ":domain/logs-prod"},
			{
				name: "no such name", check: check, spec: func(s *spec.Spec) { s.Side(side).Domain = "nothing" },
				want: steps.Block, cause: "account " + id + " has no domain nothing in eu-west-1", fix: "logs-prod. Correct " + string(side) + ".domain",
				evidence: "OpenSearch DescribeDomain", cmd: "aws --region eu-west-1 opensearch list-domain-names",
			},
			{
				name: "another region", check: check, spec: func(s *spec.Spec) { s.Side(side).Region = "eu-central-1" },
				want: steps.Block, cause: "in eu-central-1", cmd: "--region eu-central-1",
			},
			{name: "denied", check: check, between: says("es.", "/", 403, denied), want: steps.Unknown, cause: "es:DescribeDomain", fix: "Give the " + string(side) + "'s control identity es:DescribeDomain", evidence: "OpenSearch DescribeDomain"},
			{name: "not said", check: check, spec: func(s *spec.Spec) { s.Side(side).Domain = "" }, want: steps.Unknown, cause: string(side) + ".domain", fix: "Say " + string(side) + ".domain"},
			{name: "data plane only", check: check, spec: typed, between: says("es.", "/", 403, denied), want: steps.Note, cause: "the domain itself was: OpenSearch"},
			{name: "neither", check: check, spec: typed, between: all(says("es.", "/", 403, denied), says("search-", "/", 403, deniedFront)), want: steps.Unknown, fix: "es:ESHttpGet"},
		})
	})
}

func TestDomainAnswers(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check := steps.CheckID(side) + "-domain-answers"
		host := w.endpoint(string(side))
		root := "https://" + host + "/"
		powerless := w.powerless(side)
		nobody := &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		w.run([]row{
			{name: "answers", check: check, want: steps.Pass, evidence: "GET / says OpenSearch", cmd: root},
			{
				name: "signer without rights", check: check, spec: func(s *spec.Spec) { s.Side(side).Signer.Chain = []spec.Link{{Role: powerless}} },
				want: steps.Note, cause: "is not authorized to perform: es:ESHttpGet", fix: "The plan does it", evidence: "status 403", cmd: root, step: steps.StepID(side) + "-signer",
			},
			{
				name: "refused, and no step would help", check: check, between: says(host, "/", 403, deniedFront),
				want: steps.Block, fix: "es:ESHttpGet", evidence: "status 403", cmd: root,
			},
			{
				name: "no such key", check: check, between: says(host, "/", 403, `{"message":"The security token included in the request is expired"}`),
				want: steps.Block, cause: "expired", fix: "Log in again", cmd: root,
			},
			{
				name: "signature", check: check, between: says(host, "/", 403, `{"message":"The request signature we calculated does not match the signature you provided."}`),
				want: steps.Block, cause: "signature", fix: "secret key", cmd: root,
			},
			{name: "no way there", check: check, between: breaks(host, nobody), want: steps.Block, cause: "no such host", fix: "via", cmd: root},
			{name: "no answer", check: check, between: breaks(host, context.DeadlineExceeded), want: steps.Block, fix: "via", cmd: root},
			{name: "not trusted", check: check, between: breaks(host, x509.HostnameError{Certificate: &x509.Certificate{}, Host: host}), want: steps.Block, fix: "real name", cmd: root},
			{name: "throttled", check: check, between: says(host, "/", 429, `{"message":"Too Many Requests"}`), want: steps.Block, fix: "Try again", cmd: root},
			{name: "something else", check: check, between: breaks(host, errors.New("wibble")), want: steps.Unknown, cause: "wibble", cmd: root},
			{name: "no domain", check: check, spec: func(s *spec.Spec) { s.Side(side).Domain = "nothing" }, want: steps.Skipped, because: string(side) + "-domain-found"},
			{name: "nobody signs", check: check, spec: func(s *spec.Spec) { s.Side(side).Signer.Base = "none" }, want: steps.Unknown, cause: "Nobody was named"},
			{
				name: "no name, no rights", check: check, between: says("es.", "/", 403, denied), spec: func(s *spec.Spec) { s.Side(side).Domain = "" },
				want: steps.Unknown, cause: string(side) + ".domain was not said",
			},
			{
				name: "role not to be had", check: check, spec: func(s *spec.Spec) {
					s.Side(side).Signer.Chain = []spec.Link{{Role: powerless}, {Role: powerless}}
				},
				want: steps.Unknown, cause: "AssumeRole",
			},
			{
				name: "control refused", check: check, between: says("es.", "/", 403, denied),
				want: steps.Unknown, cause: "es:DescribeDomain", fix: "Give the " + string(side) + "'s control identity es:DescribeDomain",
			},
		})
	})
}

func TestDomainCalm(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check := steps.CheckID(side) + "-domain-calm"
		found := string(side) + "-domain-found"
		typed := func(s *spec.Spec) { s.Side(side).Endpoint = w.endpoint(string(side)) }
		w.run([]row{
			{name: "calm", check: check, want: steps.Pass, subject: string(side) + " logs-prod", evidence: "processing: no"},
			{name: "changed", check: check, between: edits("es.", "/", `"Processing":false`, `"Processing":true`, `"Active"`, `"Modifying"`), want: steps.Warn, cause: "Modifying", fix: "Wait until"},
			{name: "upgraded", check: check, between: edits("es.", "/", `"UpgradeProcessing":false`, `"UpgradeProcessing":true`, `"Active"`, `"UpgradingEngineVersion"`), want: steps.Warn, cause: "UpgradingEngineVersion"},
			{name: "no domain", check: check, spec: func(s *spec.Spec) { s.Side(side).Domain = "nothing" }, want: steps.Skipped, because: found},
			{name: "data plane only", check: check, spec: typed, between: says("es.", "/", 403, denied), want: steps.Skipped, because: found, cause: "control plane"},
			{name: "denied", check: check, between: says("es.", "/", 403, denied), want: steps.Unknown, fix: "es:DescribeDomain", evidence: "DescribeDomain"},
		})
	})
}

// TestDomainHealthy makes an index red by editing what health and list tell.
func TestDomainHealthy(t *testing.T) {
	w := newWorld(t)
	const source, target = "source-domain-healthy", "target-domain-healthy"
	redCluster := func(host string) between {
		return edits(host, "/_cluster/health", `"green"`, `"red"`, `"yellow"`, `"red"`)
	}
	redIndices := func(host string) between {
		return edits(host, "/_cat/indices", `"green"`, `"red"`, `"yellow"`, `"red"`)
	}
	a, b := w.endpoint("source"), w.endpoint("target")
	w.call(steps.Source, "PUT", "/metrics-red", `{}`)
	one := func(s *spec.Spec) { s.Move.Patterns = []string{"metrics-red"} }
	none := func(s *spec.Spec) { s.Move.Patterns = []string{"nope"} }
	w.run([]row{
		{name: "source", check: source, want: steps.Pass, subject: "source logs-prod", evidence: "health "},
		{name: "target", check: target, want: steps.Pass, evidence: "health "},
		{name: "red and moves", check: source, spec: one, between: all(redCluster(a), redIndices(a)), want: steps.Block, subject: "metrics-red", cause: "primary is not assigned", fix: "(-metrics-red)", evidence: "health red"},
		{name: "red and stays", check: source, spec: none, between: all(redCluster(a), redIndices(a)), want: steps.Note, cause: "does not move", evidence: "health red"},
		{name: "red target", check: target, between: all(redCluster(b), redIndices(b)), want: steps.Note, subject: "target", cause: "does not move"},
		{name: "no indices told", check: source, between: all(redCluster(a), says(a, "/_cat/indices", 403, deniedFront)), want: steps.Unknown, evidence: "/_cat/indices"},
		{name: "health denied", check: source, between: says(a, "/_cluster/health", 403, deniedFront), want: steps.Unknown, cause: "es:ESHttpGet", fix: "cluster:monitor/health", evidence: "GET https://" + a + "/_cluster/health"},
		{name: "target denied", check: target, between: says(b, "/_cluster/health", 403, deniedFront), want: steps.Unknown},
		{name: "out of reach", check: source, between: breaks(a, &net.OpError{Op: "dial", Err: errors.New("connection refused")}), want: steps.Unknown, fix: "Run where this host is reached"},
		{name: "asked too often", check: source, between: says(a, "/_cluster/health", 429, `{"message":"Too Many Requests"}`), want: steps.Unknown, fix: "Try again in a moment"},
		{name: "no source", check: source, spec: func(s *spec.Spec) { s.Source.Domain = "nothing" }, want: steps.Skipped, because: "source-domain-found"},
		{name: "no target", check: target, spec: func(s *spec.Spec) { s.Target.Domain = "nothing" }, want: steps.Skipped, because: "target-domain-found"},
	})
}

func TestSnapshotSlot(t *testing.T) {
	w := newWorld(t)
	const check = "snapshot-slot-free"
	running := `{"snapshots":[{"snapshot":"hourly-1","repository":"cs-automated-enc","uuid":"u","state":"STARTED","shards_stats":{},"stats":{},"indices":{}}]}`
	w.run([]row{
		{name: "free", check: check, want: steps.Pass, evidence: "_snapshot/_status lists none"},
		{name: "taken", check: check, between: says(w.endpoint("source"), "/_snapshot/_status", 200, running), want: steps.Note, subject: "cs-automated-enc/hourly-1", cause: "waits"},
		{name: "denied", check: check, between: says(w.endpoint("source"), "/_snapshot/_status", 403, deniedFront), want: steps.Unknown, fix: "manage_snapshots", evidence: "/_snapshot/_status"},
		{name: "the target's does not matter", check: check, between: says(w.endpoint("target"), "/_snapshot/_status", 200, running), want: steps.Pass},
	})
}

func TestClock(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check := steps.CheckID(side) + "-clock-in-step"
		host := w.endpoint(string(side))
		w.run([]row{
			{name: "in step", check: check, want: steps.Pass, evidence: "ahead"},
			{name: "a little late", check: check, skew: -4 * time.Minute, want: steps.Pass, evidence: "4m"},
			{name: "late", check: check, skew: -10 * time.Minute, want: steps.Block, cause: "clock is 10m", fix: "NTP"},
			{name: "early", check: check, skew: 10 * time.Minute, want: steps.Block, cause: "clock is -", fix: "NTP"},
			{name: "no answer", check: check, between: breaks(host, errors.New("wibble")), want: steps.Unknown, cause: "wibble", evidence: "GET https://" + host},
			{name: "no date", check: check, between: undated(host), want: steps.Unknown, cause: "no date"},
		})
	})
}
