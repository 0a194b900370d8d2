package steps

// Kind names a kind of thing that is made or changed, e.g. "bucket-policy". One
// file of package resource implements each.
type Kind string

// The kinds of the declarative steps.
const (
	KindBucket       Kind = "bucket"
	KindBucketPolicy Kind = "bucket-policy"
	KindRole         Kind = "role"
	KindSignerGrant  Kind = "signer-grant"
	KindAccessPolicy Kind = "access-policy"
	KindKeyPolicy    Kind = "key-policy"
	KindFGACRole     Kind = "fgac-role"
	KindRoleMapping  Kind = "role-mapping"
	KindRepository   Kind = "repository"
)

// The kinds of the acts, which are no documents that could be merged.
const (
	KindSnapshot      Kind = "snapshot"
	KindIndices       Kind = "indices"
	KindIndexSettings Kind = "index-settings"
	KindProof         Kind = "proof"
)

// Ref points at one thing on one side. It is comparable and is the key of
// everything that is remembered about the thing.
type Ref struct {
	Kind Kind `json:"kind"`
	Side Side `json:"side"`
	// Name is the thing's own name: bucket, role name, repository, ARN of a signer.
	Name string `json:"name"`
	// In is what it stands in where the name alone is not enough: the repository
	// of a snapshot, the policy name of a grant.
	In string `json:"in,omitempty"`
}

func (r Ref) String() string {
	s := string(r.Kind) + " " + string(r.Side) + " " + r.Name
	if r.In != "" {
		s += " in " + r.In
	}
	return s
}

// Doc is a thing's document in canonical JSON (sorted keys, no insignificant
// blanks, the kind's own normal form). "" is the absent thing. Two documents
// mean the same iff they are equal as strings.
//
// A Doc may hold holes, written {{hole:NAME}}, that are filled at apply.
type Doc string

// Absent is the document of a thing that is not there.
const Absent Doc = ""

// Exists says that there is a thing.
func (d Doc) Exists() bool { return d != Absent }

// Verb is what a change does.
type Verb string

// The verbs. Exists is a change that is already so; Act is something done that
// has no document of its own (a snapshot, a restore, a proof).
const (
	Create Verb = "create"
	Modify Verb = "change"
	Delete Verb = "delete"
	Exists Verb = "exists"
	Act    Verb = "act"
)

// Hole is a value only the world can give (a new key's id, a snapshot's UUID).
type Hole struct {
	Name string `json:"name"`
	// Step fills it when it is applied.
	Step StepID `json:"step"`
}

// Change is one thing as it is and as it will be.
type Change struct {
	// ID is stable over replanning: step and ref.
	ID     string `json:"id"`
	Step   StepID `json:"step"`
	Ref    Ref    `json:"ref"`
	Verb   Verb   `json:"verb"`
	Before Doc    `json:"before,omitempty"`
	After  Doc    `json:"after,omitempty"`
	Holes  []Hole `json:"holes,omitempty"`
	// Reversible says that undo can take it back.
	Reversible bool `json:"reversible"`
	// Helper says that clean-up takes it back: it serves the move and is not
	// part of what was moved.
	Helper bool `json:"helper,omitempty"`
	// Deletes names what an act destroys before it does its work, e.g. indices of
	// the target that a restore was allowed to replace. Undo cannot bring them back.
	Deletes []string `json:"deletes,omitempty"`
	// DeletesDocs is how many documents each of Deletes held when it was planned.
	DeletesDocs map[string]int64 `json:"deletes_docs,omitempty"`
	// Unread says that no identity here may read it: it is handed over without a
	// look, seen by its effect, and not ours to take back.
	Unread bool `json:"unread,omitempty"`
	// Handed says, while it is shown, that the identity here was refused it: whoever is
	// shown it comes as somebody else. It is no part of what is approved.
	Handed bool `json:"-"`
	// Within is the thing it lies in or belongs to: when that is taken back, this
	// is gone too, and what is kept of this keeps that. Zero for none.
	Within Ref `json:"within,omitzero"`
	// Newborn is what a new thing is like before anything of it is set, where it is
	// made by several calls and comes with settings of its own; "" elsewhere.
	Newborn Doc `json:"newborn,omitempty"`
	// Intent, of an inverse, is the number of the record that intended what it
	// takes back: one thing may have been changed more than once.
	Intent int64 `json:"intent,omitempty"`
	// Asks, of an inverse, says what is lost only after a confirmation of its own.
	Asks    Text `json:"asks,omitzero"`
	Summary Text `json:"summary"`
}

// NewChange derives ID and verb from the documents.
func NewChange(step StepID, ref Ref, before, after Doc, summary Text) Change {
	c := Change{ID: string(step) + "/" + ref.String(), Step: step, Ref: ref, Before: before, After: after, Summary: summary, Reversible: true}
	switch {
	case before == after:
		c.Verb = Exists
	case before == Absent:
		c.Verb = Create
	case after == Absent:
		c.Verb = Delete
	default:
		c.Verb = Modify
	}
	return c
}

// NewAct makes the change of an action. scope says what will be acted on, as
// canonical JSON (the list of indices): what was approved is exactly that scope.
// Where the world shows that it is done, the step sets Verb to Exists.
func NewAct(step StepID, ref Ref, scope Doc, summary Text) Change {
	return Change{ID: string(step) + "/" + ref.String(), Step: step, Ref: ref, Verb: Act, After: scope, Summary: summary, Reversible: true}
}

// Loss says in words what goes with one of Deletes.
func (c Change) Loss(name string) Text {
	n, known := c.DeletesDocs[name]
	if !known {
		return T("index %s of the target, for good", name)
	}
	return T("index %s of the target with %s, for good", name, Counted(int(n), "%d document", "%d documents"))
}

// Mutates says that doing it changes something somewhere: a proof only looks.
func (c Change) Mutates() bool { return c.Verb != Exists && c.Ref.Kind != KindProof }
