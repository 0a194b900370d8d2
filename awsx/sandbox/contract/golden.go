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

func compareWithGolden(t testing.TB, version, name string, got Answer) {
	t.Helper()
	if complaint := differs(version, name, got); complaint != "" {
		t.Error(complaint)
	}
}

// differs holds an answer against the one a real node gave; "" means equal.
func differs(version, name string, got Answer) string {
	raw, err := recorded.ReadFile("testdata/" + version + "/" + name + ".json")
	if err != nil {
		return "no body was recorded: " + err.Error()
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var want Answer
	if err := d.Decode(&want); err != nil {
		return name + ": " + err.Error()
	}
	// 0.0 and 0 are the same number; only the golden file keeps how it was written.
	numbers := cmp.Transformer("number", func(n json.Number) float64 { f, _ := n.Float64(); return f })
	if diff := cmp.Diff(want, got, numbers); diff != "" {
		return "differs from the real " + version + " (-real +got):\n" + diff
	}
	return ""
}
