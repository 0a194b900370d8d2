package steps

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// Record is an event with its place in the run. Its JSON is one flat object:
// type, seq, at and step first, then the event's own fields.
type Record struct {
	// Seq grows by one with every record of a run, over all its starts.
	Seq   int64
	At    time.Time
	Step  StepID
	Event Event
}

// Other is an event of a later version of the program: kept as it came, so that
// an older program can show and pass on a newer journal.
type Other struct {
	Name string
	Raw  json.RawMessage
}

func (Other) event() {}

// Type is the type the record had.
func (o Other) Type() string { return o.Name }

// head is what every record has, in the order it is written.
type head struct {
	Type string    `json:"type"`
	Seq  int64     `json:"seq"`
	At   time.Time `json:"at"`
	Step StepID    `json:"step,omitempty"`
}

// decoders make an event of a record's fields, by its type.
var decoders = map[string]func([]byte) (Event, error){}

func init() {
	register[RunStarted]()
	register[PlanMade]()
	register[Approved]()
	register[StepStarted]()
	register[StepDone]()
	register[StepFailed]()
	register[StepSkipped]()
	register[ChangeIntended]()
	register[ActBegun]()
	register[ChangeMade]()
	register[UndoIntended]()
	register[ChangeRefused]()
	register[ChangeUndone]()
	register[Progress]()
	register[Waiting]()
	register[Log]()
	register[Paused]()
	register[Continued]()
	register[RunDone]()
}

// register is generic so that adding an event type is one line, and the compiler
// makes sure that it has a name.
func register[E Event]() {
	var zero E
	decoders[zero.Type()] = func(b []byte) (Event, error) {
		var e E
		err := json.Unmarshal(b, &e)
		return e, err
	}
}

// MarshalJSON writes the flat object.
func (r Record) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	err := r.WriteLine(&out)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// WriteLine writes the flat object as a line, in two calls at most. What it makes of the
// event is not copied: a plan of ten thousand indices is megabytes. It writes nothing where
// the event cannot be encoded.
func (r Record) WriteLine(to io.Writer) error {
	if r.Event == nil {
		return fmt.Errorf("record %d has no event", r.Seq)
	}
	if o, ok := r.Event.(Other); ok { // whole, head and all, as it came
		_, err := to.Write(append(slices.Clip(o.Raw), '\n'))
		return err
	}
	front, err := json.Marshal(head{Type: r.Event.Type(), Seq: r.Seq, At: r.At, Step: r.Step})
	if err != nil {
		return err
	}
	return json.NewEncoder(&behind{front, to}).Encode(r.Event)
}

// behind writes an object and the end of its line behind the members of another.
type behind struct {
	front []byte
	to    io.Writer
}

// Write is given all of it at once, as encoders do.
func (b *behind) Write(object []byte) (int, error) {
	front, rest := b.front[:len(b.front)-1], object[len("{"):]
	if rest[0] != '}' {
		front = append(front, ',')
	}
	if _, err := b.to.Write(front); err != nil {
		return 0, err
	}
	_, err := b.to.Write(rest)
	return len(object), err
}

// UnmarshalJSON reads the flat object; a type it does not know becomes Other.
func (r *Record) UnmarshalJSON(b []byte) error {
	var h head
	if err := json.Unmarshal(b, &h); err != nil {
		return err
	}
	if h.Type == "" || h.Seq <= 0 {
		return fmt.Errorf("not a record: it has no type or no number")
	}
	*r = Record{Seq: h.Seq, At: h.At, Step: h.Step}
	decode, known := decoders[h.Type]
	if !known {
		r.Event = Other{Name: h.Type, Raw: bytes.Clone(b)}
		return nil
	}
	var err error
	r.Event, err = decode(b)
	return err
}

// Durable says whether an event changes what is known about the run and must
// therefore outlive a loss of power. The rest is only shown.
func Durable(e Event) bool {
	switch e.(type) {
	case Progress, Waiting, Log:
		return false
	}
	return true
}
