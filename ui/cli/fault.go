package cli

import (
	"slices"
	"strings"

	"snapferry/steps"
	"snapferry/ui/board"
	"snapferry/ui/stream"
)

// knownFaults refuses fault cards that there are not, before anything is made.
func knownFaults(said []string) error {
	var ids []string
	for _, f := range faultCards() {
		ids = append(ids, f.ID)
	}
	for _, id := range said {
		if !slices.Contains(ids, id) {
			return mistyped(steps.T("--fault %s: the sandbox has no such card", id), steps.T("There are: %s", strings.Join(ids, ", ")), id, ids)
		}
	}
	return nil
}

// madeOtherwise says how to come by a sandbox as it was asked for.
func madeOtherwise(err error) error {
	return usage(&steps.Error{
		Summary: steps.T("The sandbox cannot be had so: %s", err.Error()),
		Fix:     steps.T("Begin one in an empty directory (--dir, of snapferry sandbox --data), or leave --fault and --sandbox-access out to go on with this one"),
	})
}

// listFaults prints what can be set wrongly, and what one meets then.
func (a *app) listFaults() error {
	if a.json {
		j, err := stream.NewJSON(a.Out, a.header(), a.masker)
		for _, f := range faultCards() {
			if err == nil {
				err = j.Object(struct {
					Type string     `json:"type"`
					ID   string     `json:"id"`
					Sets steps.Text `json:"sets"`
					Sees steps.Text `json:"sees"`
				}{"fault", f.ID, f.Sets, f.Sees})
			}
		}
		return err
	}
	var lines []board.Line
	for _, f := range faultCards() {
		lines = append(
			lines, board.Line{Text: f.ID},
			board.Line{Text: "  is set  " + a.words().Say(f.Sets), Hang: 10},
			board.Line{Text: "  is met  " + a.words().Say(f.Sees), Hang: 10},
		)
	}
	return stream.Print(a.Out, lines, a.Cells())
}
