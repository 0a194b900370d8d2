package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

// written is a form in one piece.
func written(form func(io.Writer) error) []byte {
	var out bytes.Buffer
	if err := form(&out); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// large is a run of many indices, proven one by one.
func large(indices int) *steps.State {
	s := stories()["done"]
	s.Plan.Moves = nil
	type index struct {
		As   string `json:"as"`
		Docs int64  `json:"target_docs"`
	}
	var proof struct {
		Indices []index `json:"indices"`
	}
	for i := range indices {
		name := fmt.Sprintf("many-%06d", i)
		s.Plan.Moves = append(s.Plan.Moves, steps.Move{Index: name, As: name, Docs: int64(i), Bytes: 5 << 10, Primaries: 1, Created: "OpenSearch_2.19"})
		proof.Indices = append(proof.Indices, index{name, int64(i)})
	}
	s.Step("bucket").Evidence.Data, _ = json.Marshal(proof)
	return s
}

// TestPieces: what is written piece by piece is what the encoder makes of the whole.
func TestPieces(t *testing.T) {
	words := stories()["done"]
	words.Plan.Moves[0].Index, words.RunID = "*", "**" // the words that mark the pieces
	words.Step("bucket").Evidence.Data = json.RawMessage("{ \"a b\" : [1, \" \\\" [ <\\u003c\"],\n\t\"*\": {} }")
	list := stories()
	list["large"], list["words"] = large(100), words
	masked := options()
	masked.Mask = steps.NewMasker(steps.Name{Value: "acme-move", As: "MOVE-BUCKET"}, steps.Name{Value: "many-000007", As: "INDEX-7"})
	for name, s := range list {
		for _, o := range []Options{options(), masked} {
			r := New(s, o)
			var want bytes.Buffer
			enc := json.NewEncoder(&want)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(r); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(o.Mask.MaskJSON(want.Bytes())), string(written(r.JSON))); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

// widest notes the most that is written at once; with an error it refuses to.
type widest struct {
	most, all int
	err       error
}

func (w *widest) Write(b []byte) (int, error) {
	w.most, w.all = max(w.most, len(b)), w.all+len(b)
	return len(b), w.err
}

// TestNothingIsMadeWhole: many indices are long in every form. What a proof
// has to show is in one piece as it is kept, and stays so.
func TestNothingIsMadeWhole(t *testing.T) {
	s := large(2_000)
	data := len(s.Step("bucket").Evidence.Data)
	none := large(2_000)
	none.Step("bucket").Evidence.Data = nil
	full := errors.New("no space left on device")
	for name, mask := range map[string]*steps.Masker{"": nil, " with names hidden": steps.NewMasker(steps.Name{Value: "acme-move", As: "MOVE-BUCKET"})} {
		without, with := New(none, Options{Mask: mask}), New(s, Options{Mask: mask})
		for form, c := range map[string]struct {
			write func(io.Writer) error
			most  int
		}{
			"Markdown": {with.Markdown, 16 << 10}, "HTML": {with.HTML, 16 << 10},
			"JSON": {without.JSON, 16 << 10}, "JSON with a proof": {with.JSON, data},
		} {
			var to widest
			if err := c.write(&to); err != nil || to.all < 100_000 || to.most > c.most {
				t.Errorf("%s%s: %v, %d bytes, %d of them at once", form, name, err, to.all, to.most)
			}
			if err := c.write(&widest{err: full}); !errors.Is(err, full) {
				t.Errorf("%s%s on a disk that is full: %v", form, name, err)
			}
		}
	}
}

// BenchmarkForms is what it takes to write a report of ten thousand indices.
func BenchmarkForms(b *testing.B) {
	r := New(large(10_000), Options{})
	for name, form := range map[string]func(io.Writer) error{"Markdown": r.Markdown, "HTML": r.HTML, "JSON": r.JSON} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := form(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
