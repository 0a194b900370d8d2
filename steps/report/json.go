package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"snapferry/steps"
)

// JSON writes one object in one line, schema snapferry/1. It is not made as a whole
// before: the moves, which grow with the number of indices, are written one by one, and
// what a proof has to show in one piece, as it is kept. A mask makes a copy of each piece.
func (r Report) JSON(to io.Writer) error {
	r.Proven = slices.Clone(r.Proven)
	for _, p := range r.Proven {
		if len(p.Evidence.Data) > 0 && !json.Valid(p.Evidence.Data) {
			// Only a step's own Data can be no JSON; the rest of the story is told
			// without any rather than not at all.
			r = r.withoutData()
			break
		}
	}
	frame, parts, err := r.frame()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(to) // which remembers the first error
	piece := func(b []byte) { out.Write(r.o.Mask.MaskJSON(b)) }
	for _, p := range parts {
		before, after, _ := bytes.Cut(frame, p.mark)
		piece(before)
		if err := p.write(piece); err != nil {
			return err
		}
		frame = after
	}
	piece(frame)
	return out.Flush()
}

func (r Report) withoutData() Report {
	for i := range r.Proven {
		r.Proven[i].Evidence.Data = nil
	}
	return r
}

// part is written where its mark stands in the frame.
type part struct {
	mark  []byte
	write func(piece func([]byte)) error
}

// frame is the object with marks for its parts, which come in this order.
func (r Report) frame() (frame []byte, parts []part, err error) {
	for mark := "*"; ; mark += "*" {
		if frame, parts, err = r.marked(mark); err != nil {
			return nil, nil, err
		}
		quoted := []byte(`"` + mark + `"`)
		if bytes.Count(frame, quoted) == len(parts) { // else it is somebody's word as well
			return frame, parts, nil
		}
	}
}

func (r Report) marked(mark string) (frame []byte, parts []part, err error) {
	if moves := r.Moved.Indices; len(moves) > 0 {
		one := steps.Move{Index: mark}
		m, err := encoded(one)
		if err != nil {
			return nil, nil, err
		}
		parts = append(parts, part{m, func(piece func([]byte)) error { return list(moves, piece) }})
		r.Moved.Indices = []steps.Move{one}
	}
	r.Proven = slices.Clone(r.Proven)
	for i := range r.Proven {
		data := &r.Proven[i].Evidence.Data
		if whole := *data; len(whole) > 0 {
			m := json.RawMessage(`"` + mark + `"`)
			parts = append(parts, part{m, func(piece func([]byte)) error { return compact(whole, piece) }})
			*data = m
		}
	}
	frame, err = encoded(r)
	return append(frame, '\n'), parts, err
}

// list gives the members of a list, without its brackets.
func list[T any](of []T, piece func([]byte)) error {
	for i, x := range of {
		b, err := encoded(x)
		if err != nil {
			return err
		}
		if i > 0 {
			piece([]byte(","))
		}
		piece(b)
	}
	return nil
}

// compact gives JSON without blanks, which what steps write has not: of ten thousand
// indices it is a megabyte that needs no copy.
func compact(b []byte, piece func([]byte)) error {
	if !blanks(b) {
		piece(b)
		return nil
	}
	var out bytes.Buffer
	err := json.Compact(&out, b)
	piece(out.Bytes())
	return err
}

// blanks says whether there are any between the words of JSON.
func blanks(b []byte) bool {
	within, escaped := false, false
	for _, c := range b {
		switch {
		case escaped:
			escaped = false
		case within && c == '\\':
			escaped = true
		case c == '"':
			within = !within
		case !within && c <= ' ':
			return true
		}
	}
	return false
}

func encoded(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}
