package steps

import (
	"bytes"
	"encoding/json"
	"fmt"
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
	if r.Event == nil {
		return nil, fmt.Errorf("record %d has no event", r.Seq)
	}
	if o, ok := r.Event.(Other); ok { // whole, head and all, as it came
		return o.Raw, nil
	}
	front, err := json.Marshal(head{Type: r.Event.Type(), Seq: r.Seq, At: r.At, Step: r.Step})
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(r.Event)
	if err != nil {
		return nil, err
	}
	if len(body) <= len("{}") {
		return front, nil
	}
	front[len(front)-1] = ','
	return append(front, body[1:]...), nil
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
