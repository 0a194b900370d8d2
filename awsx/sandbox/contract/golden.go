package contract

import (
	"bytes"
	"embed"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

//go:embed all:testdata
var recorded embed.FS

// compareWithGolden holds an answer against the one a real node gave.
func compareWithGolden(t testing.TB, version, name string, got Answer) {
	t.Helper()
	raw, err := recorded.ReadFile("testdata/" + version + "/" + name + ".json")
	if err != nil {
		t.Fatalf("no body was recorded: %v", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var want Answer
	if err := d.Decode(&want); err != nil {
		t.Fatal(err)
	}
	// 0.0 and 0 are the same number; only the golden file keeps how it was written.
	numbers := cmp.Transformer("number", func(n json.Number) float64 { f, _ := n.Float64(); return f })
	if diff := cmp.Diff(want, got, numbers); diff != "" {
		t.Errorf("differs from the real %s (-real +got):\n%s", version, diff)
	}
}
