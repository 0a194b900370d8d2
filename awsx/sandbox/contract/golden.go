package contract

import (
	"bytes"
	"embed"
	"encoding/json"
	"os"
	"path/filepath"
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

// record writes an answer as the golden body, below the working directory.
func record(t testing.TB, version, name string, got Answer) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(got); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", version, name+".json")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
