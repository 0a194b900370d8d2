//go:build judges

package sandbox_test

import (
	"slices"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
)

// TestArticle1 is the closed subnet: Elasticsearch 7.10 without IAM and without
// fine-grained access control, and a bastion from which nothing but the domain
// can be reached. Its restore, which the author left open, is done as well.
func TestArticle1(t *testing.T) {
	dir := t.TempDir()
	s := openAs(t, sandbox.Options{
		Dir: dir, Access: map[string]sandbox.AccessKind{"next": sandbox.AccessOpen},
		Versions: map[string]awsid.EngineVersion{"next": {Family: awsid.Elasticsearch, Major: 7, Minor: 10, Patch: 2}},
	})
	r := newReplay(t, s, "1")
	_, d := labelled(t, s.Info(), "source", "next")
	r.let("DOMAIN", d.Endpoint)
	r.script(r.as("source"), "prepare.sh")

	before, err := sandbox.Requests(dir)
	must(t, err)
	bastion := r.info.HostEnv(sandbox.HostInstance, "source", "SnapshotSigner")
	r.same(r.script(bastion, "bastion.sh"), answers{
		"movies":   {200, `{"took":…,"errors":false,"items":[…`},
		"register": {200, `{"acknowledged":true}`},
		"create":   {200, `{"accepted":true}`},
		"mistyped": {404, `{"error":{"root_cause":[{"type":"repository_missing_exception","reason":"[my-snapshot-repo-name] missing"}],` +
			`"type":"repository_missing_exception","reason":"[my-snapshot-repo-name] missing"},"status":404}`},
		"list": {200, `{"snapshots":[{"snapshot":"my-snapshot-1","uuid":"…","version_id":7100299,"version":"7.10.2","indices":[".kibana_1",".tasks","movies"],"data_streams":[],` +
			`"include_global_state":true,"state":"SUCCESS",…"failures":[],"shards":{"total":…,"failed":0,"successful":…}}]}`},
		"unsigned": {403, `{"Message":"User: anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111111111111:role/TheSnapshotRole"}`},
	})
	r.same(r.script(bastion, "restore.sh"), answers{
		"still-there": {500, `…"type":"snapshot_restore_exception","reason":"[my-snapshot-repo:my-snapshot-1/…] cannot restore index […] because an open index with same name already exists in the cluster. ` +
			`Either close or delete the existing index or restore the index under a different name by providing a rename pattern and replacement name"},"status":500}`},
		"delete":  {200, `{"acknowledged":true}`},
		"gone":    {404, `…no such index [movies]…`},
		"restore": {200, `{"accepted":true}`},
		"back":    {200, `{"took":…,"hits":{"total":{"value":1,…"_index":"movies",…"_id":"4",…Mars Attacks!…`},
	})

	after, err := sandbox.Requests(dir)
	must(t, err)
	for _, q := range after[len(before):] {
		if !slices.Contains([]string{"domain", "metadata"}, q.Service) {
			t.Errorf("the bastion has reached %s: %+v", q.Service, q)
		}
	}
}
