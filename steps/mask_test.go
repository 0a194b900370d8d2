package steps

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func masker() *Masker {
	return NewMasker(
		Name{"111111111111", "SOURCE-ACCOUNT"}, Name{"222222222222", "TARGET-ACCOUNT"},
		Name{"logs-prod", "SOURCE-DOMAIN"}, Name{"logs", "TARGET-DOMAIN"},
		Name{"acme-move", "MOVE-BUCKET"}, Name{"Acme-Snap", "SOURCE-ROLE"}, Name{"", "NOTHING"},
	)
}

func TestMask(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"nothing to hide", "snapshot 3 of 5, 442 GiB", "snapshot 3 of 5, 442 GiB"},
		{"known account", "account 111111111111.", "account SOURCE-ACCOUNT."},
		{"as a person writes it", "account 1111-1111-1111", "account SOURCE-ACCOUNT"},
		{"unknown account", "999999999999 and 888888888888 and 999999999999", "ACCOUNT-1 and ACCOUNT-2 and ACCOUNT-1"},
		{"longer numbers", "1763805600000 ms", "1763805600000 ms"},
		{"longest name first", "logs-prod and logs", "SOURCE-DOMAIN and TARGET-DOMAIN"},
		{"whole words only", "catalogs, logs2, logs-2", "catalogs, logs2, TARGET-DOMAIN-2"},
		{"letter case aside", "acme-SNAP", "SOURCE-ROLE"},
		{"role", "arn:aws:iam::111111111111:role/team/x/Acme-Snap", "arn:aws:iam::SOURCE-ACCOUNT:role/NAME-1/NAME-2/SOURCE-ROLE"},
		{"loud names are names", "arn:aws:iam::111111111111:role/ADMIN", "arn:aws:iam::SOURCE-ACCOUNT:role/NAME-1"},
		{"session", "arn:aws:sts::999999999999:assumed-role/Deploy/ann", "arn:aws:sts::ACCOUNT-1:assumed-role/NAME-1/NAME-2"},
		{"root", "arn:aws:iam::222222222222:root", "arn:aws:iam::TARGET-ACCOUNT:root"},
		{"AWS's own", "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"},
		{"bucket and objects", "arn:aws:s3:::acme-move/* arn:aws-cn:s3:::other/x", "arn:aws:s3:::MOVE-BUCKET/* arn:aws-cn:s3:::BUCKET-1/x"},
		{"domain", "arn:aws:es:eu-west-1:111111111111:domain/secret/*", "arn:aws:es:eu-west-1:SOURCE-ACCOUNT:domain/NAME-1/*"},
		{"with colons", "arn:aws:sns:eu-west-1:111111111111:topic:mine:*", "arn:aws:sns:eu-west-1:SOURCE-ACCOUNT:topic:NAME-1:*"},
		{"endpoint", "https://search-secret-abc12.eu-west-1.es.amazonaws.com/_snapshot", "https://ENDPOINT-1.eu-west-1.es.amazonaws.com/_snapshot"},
		{"vpc endpoint", "vpc-secret-x.aos.eu-west-1.on.aws", "ENDPOINT-1.aos.eu-west-1.on.aws"},
		{"service hosts", "es.eu-west-1.amazonaws.com", "es.eu-west-1.amazonaws.com"},
		{"bucket host", "other-one.s3.eu-west-1.amazonaws.com", "BUCKET-1.s3.eu-west-1.amazonaws.com"},
		{"bucket address", "s3://other/base and s3://acme-move/b", "s3://BUCKET-1/base and s3://MOVE-BUCKET/b"},
		{"key ids", "AKIAIOSFODNN7EXAMPLE", "KEY-ID-1"},
		{"quoted document", `{\"AWS\":\"arn:aws:iam::111111111111:role/Other\"}`, `{\"AWS\":\"arn:aws:iam::SOURCE-ACCOUNT:role/NAME-1\"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := masker()
			got := m.Mask(tt.in)
			if got != tt.want {
				t.Errorf("got %s", got)
			}
			if again := m.Mask(got); again != got {
				t.Errorf("masked twice: %s", again)
			}
		})
	}
	var none *Masker
	if got := none.Mask("111111111111"); got != "111111111111" {
		t.Errorf("no masker gave %s", got)
	}
}

func TestMaskJSON(t *testing.T) {
	in := `{"type":"logs","step":"logs", "seq": 111111111111,
 "before":"{\"Resource\":\"arn:aws:s3:::acme-move/*\"}", "list":["logs","x<y"], "logs":"logs","logs-prod":{"a":true,"b":null}}`
	want := `{"type":"logs","step":"logs", "seq": 111111111111,
 "before":"{\"Resource\":\"arn:aws:s3:::MOVE-BUCKET/*\"}", "list":["TARGET-DOMAIN","x<y"], "logs":"TARGET-DOMAIN","SOURCE-DOMAIN":{"a":true,"b":null}}`
	got := string(masker().MaskJSON([]byte(in)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !json.Valid([]byte(got)) {
		t.Error("no longer JSON")
	}
	for _, broken := range []string{`{"a":"logs`, `{"a":"\q logs"}`} {
		if got := string(masker().MaskJSON([]byte(broken))); strings.Contains(got, "logs") {
			t.Errorf("%s leaks: %s", broken, got)
		}
	}
	var none *Masker
	if got := none.MaskJSON([]byte(in)); string(got) != in {
		t.Error("no masker changed something")
	}
}

// Every record of a run can be masked and read again.
func TestMaskedRecordsAreRecords(t *testing.T) {
	m := NewMasker(Name{"acme-move", "MOVE-BUCKET"})
	for i, e := range oneOfEach() {
		b, err := json.Marshal(Record{Seq: int64(i) + 1, At: t0, Step: "bucket", Event: e})
		if err != nil {
			t.Fatal(err)
		}
		masked := m.MaskJSON(b)
		if strings.Contains(string(masked), "acme-move") {
			t.Errorf("%s leaks: %s", e.Type(), masked)
		}
		var r Record
		if err := json.Unmarshal(masked, &r); err != nil || r.Event.Type() != e.Type() || r.Step != "bucket" || !r.At.Equal(t0) {
			t.Errorf("%s: %v", masked, err)
		}
	}
}

func TestMaskerFromManySides(t *testing.T) {
	m := masker()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := m.Mask("333333333333"); got != "ACCOUNT-1" {
					t.Errorf("got %s", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestHideWhatBecomesKnown(t *testing.T) {
	m := NewMasker(Name{Value: "acme", As: "BUCKET"})
	m.Hide("INDEX", "logs-1", "logs-1-old", "acme", "", "logs-1")
	m.Hide("INDEX", "orders", "logs-1")
	for in, want := range map[string]string{
		"logs-1 and logs-1-old": "INDEX-1 and INDEX-2", "orders in acme": "INDEX-3 in BUCKET",
		"logs-12": "logs-12", "INDEX-1": "INDEX-1", "reorders": "reorders",
	} {
		if got := m.Mask(in); got != want || m.Mask(got) != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	var none *Masker
	none.Hide("INDEX", "x")
	if none.Mask("x") != "x" {
		t.Error("the nil masker hides")
	}
}
