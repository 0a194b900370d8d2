package failure_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/failure"
)

const recorded = "../sandbox/contract/testdata"

// kinds says what the recorded refusals of real nodes are, in every version that
// has them. A name ending in ? is transient.
var kinds = map[failure.Kind]string{
	failure.Denied:      "sec-unmapped-signer-register sec-mapping-signer-get sec-roles-put-static sec-roles-put-reserved store-refuses-everything store-refuses-get store-refuses-put store-refuses-everything-readonly",
	failure.Missing:     "sec-mapping-none-yet sec-mapping-unknown-role sec-mapping-delete-missing store-refuses-bucket-missing repositories-get-missing snapshot-refused-get-missing restore-refused-not-in-snapshot restore-refused-snapshot-missing documents-search-missing indices-alias-missing snapshot-refused-leading-exclusion documents-get-missing",
	failure.Exists:      "restore-refused-open-index snapshot-refused-taken snapshot-running-taken restore-refused-alias-stands-there restore-aliases-alias-is-an-index indices-create-taken",
	failure.Conflict:    "snapshot-running-delete-index? restore-running-delete-snapshot? restore-running-delete-repository? snapshot-running-register-faster? restore-refused-two-write-indices indices-count-closed documents-create-taken",
	failure.Credentials: "sec-internal-master-mistyped-authinfo",
	failure.Invalid: "sec-mapping-unknown-key sec-mapping-no-body too-old-list too-old-restore too-new-for-3-restore too-new-for-7-restore restore-refused-too-many-shards restore-refused-shards-differ restore-aliases-renamed-to-its-alias restore-refused-two-into-one " +
		"snapshot-refused-capitals snapshot-refused-readonly-create repositories-name-star identity-wrong-method indices-settings-put-unknown store-refuses-no-bucket-named red-restore",
	failure.Service: "red-create stream-snapshot-without-backing",
	failure.Timeout: "monitoring-health-timeout?",
}

func TestRecordedRefusals(t *testing.T) {
	for kind, names := range kinds {
		for _, name := range strings.Fields(names) {
			name, transient := strings.CutSuffix(name, "?")
			files, err := filepath.Glob(filepath.Join(recorded, "*", name+".json"))
			if err != nil || len(files) == 0 {
				t.Errorf("%s was never recorded", name)
			}
			for _, file := range files {
				f, status := readFile(t, file)
				if status < 400 {
					continue // newer engines permit it
				}
				if f.Kind != kind || f.Transient != transient {
					t.Errorf("%s is %s (transient %v), want %s: %s", file, f.Kind, f.Transient, kind, f.Message)
				}
			}
		}
	}
}

func readFile(t *testing.T, file string) (*failure.Failure, int) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var a struct {
		Status int             `json:"status"`
		Body   json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(b, &a); err != nil {
		t.Fatal(err)
	}
	return failure.FromResponse("", "", a.Status, nil, a.Body), a.Status
}

// TestEveryRecordedRefusalIsUnderstood goes over all of them: none is unknown,
// and what has an error object has a chain and the innermost words.
func TestEveryRecordedRefusalIsUnderstood(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(recorded, "*", "*.json"))
	seen := 0
	for _, file := range files {
		f, status := readFile(t, file)
		if status < 400 {
			continue
		}
		seen++
		if f.Kind == failure.Unknown || f.Kind == "" || f.Status != status {
			t.Errorf("%s is %q", file, f.Kind)
		}
		words := f.Innermost().Reason
		if words == "" {
			words = f.Innermost().Type
		}
		if strings.Contains(string(f.Body), `"root_cause"`) && (f.Front != failure.FrontEngine || len(f.Chain) == 0 || f.Message == "" || f.Message != words) {
			t.Errorf("%s: %+v", file, f)
		}
	}
	if seen < 100 {
		t.Errorf("only %d refusals were found", seen)
	}
}

func TestNested(t *testing.T) {
	for text, want := range map[string][]failure.Cause{
		"plain words": nil,
		"[r] [[id, 'RepositoryVerificationException[[r] Failed to verify repository]; nested: S3Exception[Access Denied (Service: S3, Status Code: 403, Request ID: 1)];']]": {{Type: "s3_exception", Reason: "Access Denied (Service: S3, Status Code: 403, Request ID: 1)"}},
		"failed shard, failure RecoveryFailedException[[a][0]: gone]; nested: IndexShardRecoveryException[failed recovery]; nested: java.nio.file.NoSuchFileException[Blob object [x/__1] not found: [y]]; ": {
			{Type: "index_shard_recovery_exception", Reason: "failed recovery"}, {Type: "no_such_file_exception", Reason: "Blob object [x/__1] not found: [y]"},
		},
		"A[b]; nested: AmazonS3Exception[cut off [he": {{Type: "amazon_s3_exception", Reason: "cut off [he"}},
	} {
		if d := cmp.Diff(want, failure.Nested(text)); d != "" {
			t.Errorf("%s: %s", text, d)
		}
	}
}
