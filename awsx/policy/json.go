package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"snapferry/awsx/text"
)

// place is a position in a source text; both count from 1, 0 is "nowhere".
type place struct{ line, column int }

// SyntaxError is a refused document. Line and Column count from 1, columns in
// characters; both are 0 where the document was built here and has no text.
type SyntaxError struct {
	Line, Column int
	Summary, Fix text.Text
}

func (e *SyntaxError) Error() string { return e.Summary.String() }

func refuse(at place, summary, fix text.Text) *SyntaxError {
	return &SyntaxError{Line: at.line, Column: at.column, Summary: summary, Fix: fix}
}

// node is one JSON value and where it stood. The standard decoder gives values
// without places and lets the last of two equal keys win, and both matter here.
type node struct {
	// kind is the first byte of the value: { [ " t f n, or 0 for a number.
	kind byte
	// text is a string decoded, or a number's or boolean's letters.
	text    string
	members []member
	items   []node
	raw     json.RawMessage
	// at is the offset in bytes; places are counted only where they are told.
	at int
}

type member struct {
	name  string
	at    int
	value node
}

type reader struct {
	src []byte
	dec *json.Decoder
}

// newReader checks that src is JSON; value may then be called once.
func newReader(src []byte) (*reader, error) {
	r := &reader{src: src, dec: json.NewDecoder(bytes.NewReader(src))}
	r.dec.UseNumber()
	return r, r.check()
}

// check refuses what is not JSON before the walk, so that the walk cannot fail
// half way nor go deeper than the standard library permits.
func (r *reader) check() error {
	trimmed := strings.TrimSpace(string(r.src))
	switch {
	case trimmed == "":
		return refuse(place{1, 1}, text.New("The policy is empty"), text.New("Give a JSON object with a Statement element"))
	case strings.HasPrefix(trimmed, "%7B"), strings.HasPrefix(trimmed, "%7b"):
		return refuse(place{1, 1}, text.New("The policy is percent-encoded"), text.New("Decode it first: IAM hands out its documents as in a URL"))
	case !utf8.Valid(r.src):
		return refuse(place{1, 1}, text.New("The policy is not valid UTF-8"), text.New("Save it as UTF-8"))
	}
	var any json.RawMessage
	err := json.Unmarshal(r.src, &any)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return refuse(r.place(int(syntax.Offset)-1), text.New("The policy is not valid JSON: %s", syntax.Error()),
			text.New("Look for a missing or extra comma, quote or bracket at this place"))
	}
	return err
}

// next is where the value after the tokens read so far begins.
func (r *reader) next() int {
	i := int(r.dec.InputOffset())
	for i < len(r.src) && strings.IndexByte(" \t\r\n,:", r.src[i]) >= 0 {
		i++
	}
	return i
}

func (r *reader) place(offset int) place {
	before := r.src[:max(0, min(offset, len(r.src)))]
	line := bytes.LastIndexByte(before, '\n') + 1
	return place{bytes.Count(before, []byte{'\n'}) + 1, utf8.RuneCount(before[line:]) + 1}
}

func (r *reader) value() (node, error) {
	start := r.next()
	tok, err := r.dec.Token()
	if err != nil {
		return node{}, err
	}
	n := node{at: start}
	switch v := tok.(type) {
	case string:
		n.kind, n.text = '"', v
	case json.Number:
		n.text = v.String()
	case bool, nil:
		n.kind, n.text = r.src[start], string(r.src[start:r.dec.InputOffset()])
	case json.Delim:
		n.kind = byte(v)
		if err := r.inside(&n); err != nil {
			return node{}, err
		}
	}
	n.raw = r.src[start:r.dec.InputOffset():r.dec.InputOffset()]
	return n, nil
}

// inside reads the members of an object or the items of a list up to its end.
func (r *reader) inside(n *node) error {
	for r.dec.More() {
		var name string
		at := r.next()
		if n.kind == '{' {
			tok, err := r.dec.Token()
			if err != nil {
				return err
			}
			name, _ = tok.(string)
		}
		v, err := r.value()
		if err != nil {
			return err
		}
		if n.kind == '{' {
			n.members = append(n.members, member{name, at, v})
		} else {
			n.items = append(n.items, v)
		}
	}
	_, err := r.dec.Token()
	return err
}
