package steps

// Digest fingerprints what a plan does: its changes, their documents and what
// moves under which name. Sizes, counts and the estimate are left out, as they
// drift while the source is live and approve nothing.
func (p Plan) Digest() string { return "" }

// Covers says whether an approval of p also covers next, a plan made later in
// the same run, and otherwise which changes it does not cover.
func (p Plan) Covers(next Plan, pending func(id string) *ChangeState) (uncovered []Change) {
	return nil
}
