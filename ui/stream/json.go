package stream

import (
	"encoding/json"
	"io"
	"time"

	"snapferry/steps"
)

// JSON writes one object a line.
type JSON struct {
	out  io.Writer
	mask *steps.Masker
}

// Header is the first line: who writes, and whether what follows is of the sandbox.
type Header struct {
	Program string `json:"program"`
	Sandbox bool   `json:"sandbox,omitempty"`
}

// NewJSON writes the header and gives the sink. mask may be nil.
func NewJSON(out io.Writer, h Header, mask *steps.Masker) (*JSON, error) {
	j := &JSON{out: out, mask: mask}
	return j, j.Object(struct {
		Type   string `json:"type"`
		Schema string `json:"schema"`
		Header
	}{"header", Schema, h})
}

// Object writes one value as a line. Masking works on the finished line: names
// stand in many places and none may be missed.
func (j *JSON) Object(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = j.out.Write(append(j.mask.MaskJSON(b), '\n'))
	return err
}

// Findings writes one object a finding, then the summary. It is ok where nothing
// stands in the way, and something was found out at all.
func (j *JSON) Findings(found []steps.Finding) error {
	counts, known := map[steps.Outcome]int{}, false
	for _, f := range found {
		counts[f.Outcome]++
		known = known || f.Outcome != steps.Unknown && f.Outcome != steps.Skipped
		if err := j.Object(struct {
			Type string `json:"type"`
			steps.Finding
		}{"finding", f}); err != nil {
			return err
		}
	}
	return j.Object(struct {
		Type   string                `json:"type"`
		Counts map[steps.Outcome]int `json:"counts"`
		OK     bool                  `json:"ok"`
	}{"summary", counts, known && counts[steps.Block] == 0})
}

// Records writes every record.
func (j *JSON) Records(batch []steps.Record) error {
	for _, r := range batch {
		if err := j.Object(r); err != nil {
			return err
		}
	}
	return nil
}

// Beat says nothing: a program sees by the open pipe that we live.
func (j *JSON) Beat(time.Time) error { return nil }
