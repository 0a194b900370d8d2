//go:build realengine

package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/rig"
	"snapferry/ui/term"
)

// guardedRoad leads from the source account into the target account. On both
// sides a role signs that no domain knows and that has no rights yet; a foreign
// mapping stands on each guarded domain.
type guardedRoad struct {
	*realRoad
	access map[string]sandbox.AccessKind
	// key is the customer key of the bucket, "" for the bucket's own encryption.
	key string
	// move is what the answers say of that, in the run of the directory at.
	move, at string
}

const foreignRole = "arn:aws:iam::111111111111:role/somebody-else"

func newGuardedRoad(t *testing.T, from, to string, access map[string]sandbox.AccessKind, key bool) *guardedRoad {
	t.Helper()
	g := &guardedRoad{realRoad: newRealRoadTo(t, "target", from, to, access), access: access}
	g.move, g.at = "  indices: [\"logs-*\", \"-logs-left\"]\n  snapshot: first\n", "run"
	for _, side := range []string{"source", "target"} {
		c := iam.NewFromConfig(g.config(t, side))
		trust := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRole"}]}`, g.account(t, side).ID)
		_, err := c.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("signer"), Path: aws.String("/team/ferry/"), AssumeRolePolicyDocument: &trust})
		fine(t, err)
	}
	for _, n := range g.guarded() {
		call(t, n, "PUT", "/_plugins/_security/api/rolesmapping/manage_snapshots", fmt.Appendf(nil, `{"backend_roles":[%q],"users":["cron"]}`, foreignRole))
	}
	if key {
		made, err := kms.NewFromConfig(g.config(t, "source")).CreateKey(t.Context(), &kms.CreateKeyInput{})
		fine(t, err)
		g.key = *made.KeyMetadata.Arn
	}
	return g
}

// guarded are the nodes with fine-grained access control, by side.
func (g *guardedRoad) guarded() map[string]*rig.Node {
	nodes := map[string]*rig.Node{}
	for side, n := range map[string]*rig.Node{"source": g.source, "target": g.target} {
		if g.security(side) != nil {
			nodes[side] = n
		}
	}
	return nodes
}

// mappings are all role mappings of a node.
func (g *guardedRoad) mappings(t *testing.T, n *rig.Node) string {
	t.Helper()
	var all map[string]any
	fine(t, json.Unmarshal(call(t, n, "GET", "/_plugins/_security/api/rolesmapping", nil), &all))
	b, err := json.Marshal(all)
	fine(t, err)
	return string(b)
}

func (g *guardedRoad) account(t *testing.T, label string) sandbox.Account {
	t.Helper()
	for _, a := range g.box.Info().Accounts {
		if a.Label == label {
			return a
		}
	}
	t.Fatalf("the sandbox has no account %s", label)
	return sandbox.Account{}
}

// config is an account's administrator as an AWS client has him.
func (g *guardedRoad) config(t *testing.T, label string) aws.Config {
	a := g.account(t, label)
	return aws.Config{
		Region: string(sandbox.Region), HTTPClient: &http.Client{Transport: g.box.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider(a.AccessKey, a.Secret, ""),
	}
}

// side is the part of the answers about one side.
func (g *guardedRoad) side(t *testing.T, label string) string {
	t.Helper()
	id := g.account(t, label).ID
	text := fmt.Sprintf(`%s:
  account: "%s"
  region: %s
  domain: logs-prod
  control:
    profile: %s
  signer:
    profile: %s
    chain:
      - role: arn:aws:iam::%s:role/team/ferry/signer
        session_name: ferry
`, label, id, sandbox.Region, label, label, id)
	if g.access[label] == sandbox.AccessInternalMaster {
		return text + "  mapper:\n    base: password\n    user: " + g.security(label).MasterUser + "\n"
	}
	return text + "  mapper:\n    profile: " + label + "\n"
}

func (g *guardedRoad) run(t *testing.T, command string, args ...string) start {
	t.Helper()
	file := filepath.Join(g.dir, "answers.yaml")
	fine(t, os.WriteFile(file, []byte(g.answers(t)), 0o600))
	return snapferryIn(t, Process{}, "", append([]string{command, "--sandbox=" + filepath.Join(g.dir, "box"), "--file", file, "--dir", filepath.Join(g.dir, g.at)}, args...)...)
}

// answers are those of the run in the directory at.
func (g *guardedRoad) answers(t *testing.T) string {
	t.Helper()
	bucket := "bucket:\n  name: acme-os-migration\n  base_path: moves/one\n"
	if g.key != "" {
		bucket += "  kms_key: " + g.key + "\n"
	}
	return g.side(t, "source") + g.side(t, "target") + bucket + "move:\n" + g.move + "  proof: all\n"
}

// TestRealGuardedRoad moves between real engines of two accounts with the real
// security plugin deciding, changes nothing the second time, and takes its own
// part back out of what others share.
func TestRealGuardedRoad(t *testing.T) {
	for name, tc := range map[string]struct {
		from, to string
		access   map[string]sandbox.AccessKind
		key      bool
	}{
		"7.10.2 to 2.19.4 with an internal master": {
			"7.10.2", "2.19.4", map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "target": sandbox.AccessInternalMaster}, false,
		},
		"3.4.0 with an IAM master to 3.4.0 with an internal one, over S3 with a customer key": {
			"3.4.0", "3.4.0", map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGuardedRoad(t, tc.from, tc.to, tc.access, tc.key)
			before := map[string]string{}
			for side, n := range g.guarded() {
				before[side] = g.mappings(t, n)
			}
			g.moves(t)
			if tc.key {
				g.encrypted(t)
			}
			g.run(t, "undo", "--yes", "--delete-bucket-content", "--delete-restored-indices").wants(t, term.ExitDone)
			for side, n := range g.guarded() {
				if d := cmp.Diff(before[side], g.mappings(t, n)); d != "" {
					t.Errorf("the mappings of the %s are not what they were: %s", side, d)
				}
				if roles := string(call(t, n, "GET", "/_plugins/_security/api/roles", nil)); strings.Contains(roles, "snapferry_observer") {
					t.Errorf("our role is left on the %s", side)
				}
			}
			if left := string(call(t, g.target, "GET", "/_cat/indices?h=index", nil)); strings.Contains(left, "logs-0") {
				t.Errorf("undo left indices: %s", left)
			}
		})
	}
}

// moves runs twice and compares every document.
func (g *guardedRoad) moves(t *testing.T) {
	t.Helper()
	indices := []string{"logs-000001", "logs-000002", "logs-empty"}
	fill(t, g.source, indices[0], 12000, 3, 200)
	fill(t, g.source, indices[1], 501, 1, 2000)
	nest(t, g.source, indices[1], 100)
	fill(t, g.source, indices[2], 0, 1, 1)
	fill(t, g.source, "logs-left", 10, 1, 10)
	done := g.run(t, "run", "--yes").wants(t, term.ExitDone)
	if !strings.Contains(done.out, "3 indices equal: 12,501 documents counted, 12,501 compared by content") {
		t.Errorf("the proof does not say that everything was compared:\n%s", done.out)
	}
	for _, i := range indices {
		wantN, want := digest(t, g.source, i)
		gotN, got := digest(t, g.target, i)
		if wantN != gotN || want != got {
			t.Errorf("%s: %d documents (%s), the source has %d (%s)", i, gotN, got[:8], wantN, want[:8])
		}
		for _, part := range []string{"_mapping", "_alias"} {
			if d := cmp.Diff(canonical(t, g.source, "/"+i+"/"+part, i), canonical(t, g.target, "/"+i+"/"+part, i)); d != "" {
				t.Errorf("%s of %s differ: %s", part, i, d)
			}
		}
	}
	for side, n := range g.guarded() {
		for _, want := range []string{foreignRole, `"cron"`, ":role/team/ferry/signer"} {
			if all := g.mappings(t, n); !strings.Contains(all, want) {
				t.Errorf("%s is not mapped on the %s: %s", want, side, all)
			}
		}
	}
	before := len(g.changes(t))
	again := g.run(t, "run", "--yes").wants(t, term.ExitDone)
	if got := g.changes(t)[before:]; len(got) > 0 {
		t.Errorf("the second run changed something: %v\n%s", got, again.out)
	}
}

// encrypted says that the engine itself wrote to S3 as the snapshot role, that
// the objects lie under the customer key, and that only TLS is let in.
func (g *guardedRoad) encrypted(t *testing.T) {
	t.Helper()
	c, ctx, bucket := s3.NewFromConfig(g.config(t, "source")), context.Background(), aws.String("acme-os-migration")
	list, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket})
	fine(t, err)
	if len(list.Contents) < 10 {
		t.Errorf("only %d objects are in the bucket", len(list.Contents))
	}
	for _, o := range list.Contents {
		head, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: o.Key})
		fine(t, err)
		if string(head.ServerSideEncryption) != "aws:kms" || aws.ToString(head.SSEKMSKeyId) != g.key {
			t.Errorf("%s lies under %s %s", *o.Key, head.ServerSideEncryption, aws.ToString(head.SSEKMSKeyId))
		}
	}
	p, err := c.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: bucket})
	fine(t, err)
	if !strings.Contains(*p.Policy, "aws:SecureTransport") {
		t.Errorf("the bucket lets plain connections in: %s", *p.Policy)
	}
	log, err := sandbox.Requests(filepath.Join(g.dir, "box"))
	fine(t, err)
	by := map[string]int{}
	for _, q := range log {
		if q.Service == "s3" && q.Status < 300 && (strings.Contains(q.Principal, ":role/") || strings.Contains(q.Principal, ":assumed-role/")) {
			by[q.Account+" "+q.Method]++
		}
	}
	if by["111111111111 PUT"] == 0 || by["222222222222 GET"] == 0 {
		t.Errorf("the engines' own calls to S3 are missing: %v", by)
	}
}
