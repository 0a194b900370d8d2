package ask

import (
	"strings"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestARegionNobodyKnows: one that cannot be is refused where it is typed, one that may
// be new is asked about once more, and of those that are known nothing is said.
func TestARegionNobodyKnows(t *testing.T) {
	for raw, c := range map[string]struct {
		refused string
		proof   What
		near    string
	}{
		"eu-west-1":  {"", "", ""},
		"eu-west-4":  {"", Region, "eu-west-1, eu-west-2, eu-west-3"},
		"nz-north-1": {"", Region, "eu-north-1"},
		"eu-west-11": {"AWS has no region eu-west-11", "", "eu-west-1, eu-west-2, eu-west-3"},
		"eu-east-11": {"AWS has no region eu-east-11", "", "eu-west-1, eu-west-2, eu-west-3"},
		"ap-south-9": {"AWS has no region ap-south-9", "", "ap-south-1, ap-south-2"},
	} {
		for _, key := range []Key{"source.region", "bucket.region"} {
			a := New(draftOf(t, drafts()[spec.ShapeTwoAccounts]), today)
			a.said["bucket.more"] = Yes
			q, _, ok := a.Find(key)
			if !ok {
				t.Fatalf("%s does not apply", key)
			}
			e := a.Set(q, raw)
			if c.refused != "" {
				if e == nil || e.Summary.String() != c.refused || !strings.Contains(e.Fix.String(), c.near) || e.Field != string(key) {
					t.Errorf("%s %s: %v", key, raw, e)
				}
				continue
			}
			if q, _, _ = a.Find(key); e != nil || q.Proof.What != c.proof {
				t.Errorf("%s %s: %v, proven by %q", key, raw, e, q.Proof.What)
			}
			doubt := Doubt(awsid.Region(raw))
			if (doubt != nil) != (c.proof != "") || doubt != nil && !strings.Contains(doubt.Fix.String(), c.near) {
				t.Errorf("%s: %v", raw, doubt)
			}
		}
	}
}

// TestTheOnlyRegion: where there is one alone, no other is an answer.
func TestTheOnlyRegion(t *testing.T) {
	a := New(draftOf(t, drafts()[spec.ShapeTwoAccounts]), today)
	q, _, _ := a.Find("source.region")
	if q.From != (Request{Regions, steps.Source, slotControl}) {
		t.Fatalf("%+v", q.From)
	}
	q = q.With(Offer{Default: "eu-west-1", Only: "eu-west-1"})
	for _, raw := range []string{"eu-west-2", "eu-west-11"} {
		if e := a.Set(q, raw); e == nil || !strings.Contains(e.Summary.String(), "sandbox") || !strings.Contains(e.Fix.String(), "eu-west-1") || strings.Contains(e.Fix.String(), "amazonaws") {
			t.Errorf("%s: %v", raw, e)
		}
	}
	if e := a.Set(q, "eu-west"); e == nil || !strings.Contains(e.Summary.String(), "not a region") {
		t.Errorf("no region at all: %v", e)
	}
	if e := a.Set(q, " eu-west-1 "); e != nil {
		t.Error(e)
	}
}
