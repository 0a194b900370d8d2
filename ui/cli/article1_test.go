//go:build long || judges

package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

// movies is what is in the domain, from the tutorial the author followed.
const movies = `{"index": {"_index": "movies", "_id": "2"}}
{"director": "Frankenheimer, John", "genre": ["Drama", "Mystery", "Thriller", "Crime"], "year": 1962, "title": "The Manchurian Candidate"}
{"index": {"_index": "movies", "_id": "3"}}
{"director": "Baird, Stuart", "genre": ["Action", "Crime", "Thriller"], "year": 1998, "title": "U.S. Marshals"}
{"index": {"_index": "movies", "_id": "4"}}
{"director": "Burton, Tim", "genre": ["Comedy", "Sci-Fi"], "year": 1996, "title": "Mars Attacks!"}
`

// bastion is article 1: Elasticsearch 7.10 without IAM in a closed subnet, and a
// host there from which nothing but domains can be reached.
func bastion(t *testing.T) *article {
	a := newArticle(t, sandbox.Options{
		Access:   map[string]sandbox.AccessKind{"next": sandbox.AccessOpen, "source": sandbox.AccessOpen},
		Versions: map[string]awsid.EngineVersion{"next": {Family: awsid.Elasticsearch, Major: 7, Minor: 10, Patch: 2}},
	})
	a.made("next", "POST", "/_bulk?refresh=true", movies)
	a.closeSubnet()
	return a
}

// moved wants the movies on the other domain, as they were.
func (a *article) moved() {
	a.Helper()
	if d := cmp.Diff(a.documents("next", "movies"), a.documents("source", "movies")); d != "" {
		a.Errorf("other documents: %s", d)
	}
}

// TestArticle1MadeBeforehand is the author's own case: somebody had made bucket,
// roles and rights elsewhere before. The run tells what it cannot see and goes
// through, with nothing reached but the domains and the machine's metadata.
func TestArticle1MadeBeforehand(t *testing.T) {
	a := bastion(t)
	a.makeBucket("source", "my-es-snapshots")
	a.makeRole("source", "TheSnapshotRole", trusting("Service", "es.amazonaws.com"), allowing(
		`"s3:ListBucket"`, "arn:aws:s3:::my-es-snapshots", `"s3:GetObject","s3:PutObject","s3:DeleteObject"`, "arn:aws:s3:::my-es-snapshots/*"))
	a.allow("source", "bastion", allowing(
		`"iam:PassRole"`, "arn:aws:iam::111111111111:role/TheSnapshotRole", `"es:ESHttpPut"`, "arn:aws:es:eu-west-1:111111111111:domain/logs-*/*"))
	before := len(a.requests())
	adopted := []string{"name: TheSnapshotRole", "arn: arn:aws:iam::111111111111:role/TheSnapshotRole"}
	s := a.start("1", adopted, "run", "--yes").wants(t, term.ExitDone)
	says(t, s.out, "source-role        skipped", "source-repository  done: 3 nodes reach the bucket as the snapshot role", "snapshot           done", "restore            done", "verify             done:")
	a.moved()
	for _, q := range a.requests()[before:] {
		if q.Service != "domain" && q.Service != "metadata" {
			t.Errorf("out of the closed subnet to %s: %+v", q.Service, q)
		}
	}

	// The name that is mistyped in the article itself.
	status, body := a.ask("next", "GET", "/_snapshot/my-snapshot-repo-name/_all", "")
	if status != 404 {
		t.Fatalf("%d %s", status, body)
	}
	e := snapferryIn(t, Process{}, body, "explain").wants(t, term.ExitDone)
	says(t, e.out, "[my-snapshot-repo-name] missing", "cause 1")
	if !strings.Contains(a.made("next", "GET", "/_snapshot/my-snapshot-repo/my-snapshot-1", ""), `"state":"SUCCESS"`) {
		t.Error("the snapshot is not there")
	}
}
