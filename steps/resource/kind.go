// Package resource knows the kinds of things snapferry makes or changes: how
// each is read, written, deleted, brought to canonical form, taken back and
// shown as Terraform, AWS CLI or curl. One file a kind.
//
// It does not know which things a migration wants (migrate), in which order they
// are made (engine), or what a finding is.
package resource

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"snapferry/awsx/account"
	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// Kind is one kind of thing. The life of a change: Read (planning) → the step
// says what it wants → Read again (apply) → Write or Delete → Read (read back).
// Undo later: Read → Takeback → Write or Delete → Read.
//
// A kind never waits: it looks before it writes, so that whoever runs it may try
// again, and knows for how long. Trouble that a little time mends is a failure
// that says so (Transient).
type Kind interface {
	// Read gives the live document in canonical form; a thing that is not there
	// is steps.Absent and no error.
	Read(ctx context.Context, ref steps.Ref) (steps.Doc, error)
	// Write turns was into want. Kinds that share their document with others
	// write only the part that differs between was and want.
	Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error
	// Delete removes the whole thing, which was so at the last look. It is called only
	// for things we made. Kinds that share their document with others look once more,
	// and leave what somebody added since.
	Delete(ctx context.Context, ref steps.Ref, was steps.Doc) error
	// Takeback is the inverse merge: live without what after added to before.
	// It is pure. ok is false, with the reason, where our part cannot be told
	// from what others made since; then nothing is touched.
	Takeback(live, before, after steps.Doc) (want steps.Doc, ok bool, why steps.Text)
	// Render shows a change as commands. It is pure and leaves out the forms
	// that cannot express it.
	Render(c steps.Change) Renderings
}

// Content is implemented by kinds whose thing may hold what is worth asking
// about before it is deleted (a bucket's objects).
type Content interface {
	// Content tells what is in it.
	Content(ctx context.Context, ref steps.Ref) (Contents, error)
	// Empty deletes what is in it. Call it only after a typed confirmation.
	Empty(ctx context.Context, ref steps.Ref) error
}

// Contents are what would be lost with a thing.
type Contents struct {
	Objects int
	Bytes   int64
	// Tops are the names at its top, with the objects under each: somebody else's things
	// may lie beside ours.
	Tops map[string]int
}

// Words say what it is, with the first of the names.
func (c Contents) Words() steps.Text {
	const shown = 8
	names := slices.Sorted(maps.Keys(c.Tops))
	var list []string
	for _, n := range names {
		list = append(list, fmt.Sprintf("%s (%d)", n, c.Tops[n]))
	}
	return steps.T("%s in it (%s: %s)", steps.Counted(c.Objects, "the %d object", "the %d objects"), steps.Size(c.Bytes), steps.Few(list, shown))
}

// Renderings are the equal forms of one change; "" where a tool cannot express it.
type Renderings struct {
	Terraform string
	CLI       string
	Curl      string
}

// Access gives the hands the kinds work with. A missing identity is an error
// with a fix, as nobody may be able to give it.
type Access interface {
	// Control calls the AWS APIs of a side's account.
	Control(ctx context.Context, side steps.Side) (*account.Account, error)
	// Signer calls the side's domain, signed.
	Signer(ctx context.Context, side steps.Side) (*cluster.Cluster, error)
	// Mapper calls the side's domain as the identity that may edit role mappings.
	Mapper(ctx context.Context, side steps.Side) (*cluster.Cluster, error)
}
