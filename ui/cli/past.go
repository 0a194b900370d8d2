package cli

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"snapferry/steps"
	"snapferry/steps/journal"
)

// specify builds the Spec for the day the run in the directory began, so that
// derived names stay, and sees whether that run is one of these answers.
func (p *place) specify(c *consents) (err error) {
	p.past, p.stranger = nil, ""
	past, _ := p.state() // what cannot be read is told when it is opened to be written
	began := p.began()
	if p.spec, err = p.build(p.draft, c, began); err != nil || past == nil || past.RunID == "" {
		return err
	}
	if past.Answers == p.fingerprint() {
		p.past = past
		return nil
	}
	if journal.Claimed(past) {
		p.stranger = past.RunID
	}
	p.spec, err = p.build(p.draft, c, p.Now())
	return err
}

// tellStranger says to whoever only looks that the run directory holds another
// migration, which a run would be refused for.
func (p *place) tellStranger() {
	if p.stranger == "" {
		return
	}
	p.sayError(&steps.Error{
		Summary: steps.T("The run %s in %s was started with other answers%s; what follows is about the answers given now, as if that run were not there", p.stranger, p.dir, p.namely()),
		Fix:     steps.T("To run these answers, give them a directory of their own with --dir"),
	})
}

// replay gives every record of the run directory's journal, in order.
func (a *app) replay(each func(steps.Record) error) error {
	r, err := journal.Read(a.dir)
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		batch, err := r.Next()
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, rec := range batch {
			if err := each(rec); err != nil {
				return err
			}
		}
	}
}

// newRunID names a run by its day and something nobody else has.
func newRunID(now time.Time) string {
	b := make([]byte, 3)
	if _, err := rand.Read(b); err != nil {
		panic("cli: no randomness: " + err.Error())
	}
	return now.UTC().Format("2006-01-02") + "-" + hex.EncodeToString(b)
}
