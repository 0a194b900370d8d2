// Package wire holds the shapes in which an engine of the Elasticsearch family
// answers: JSON objects with their order kept, nested errors with root causes,
// cat tables, byte sizes, time values and identifiers.
//
// It knows how things are written and nothing of what they mean: no indices, no
// snapshots, no HTTP routes and no state.
package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Object is a JSON object that keeps its fields in the order they were given,
// because a person reads these bodies and the engines do not sort.
type Object []Field

// Field is one member of an Object.
type Field struct {
	Key   string
	Value any
}

// Obj builds an object from alternating keys and values. It panics on an odd
// count or a key that is no string: both are mistakes in this program.
func Obj(pairs ...any) Object {
	if len(pairs)%2 != 0 {
		panic("wire.Obj: odd number of arguments")
	}
	o := make(Object, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		o = append(o, Field{Key: pairs[i].(string), Value: pairs[i+1]})
	}
	return o
}

// Set appends a field and gives the longer object.
func (o Object) Set(key string, value any) Object {
	return append(o, Field{Key: key, Value: value})
}

// SetIf appends a field only where ok is true.
func (o Object) SetIf(ok bool, key string, value any) Object {
	if !ok {
		return o
	}
	return o.Set(key, value)
}

// MarshalJSON writes the fields in order. HTML characters stay as they are,
// like in an engine's answers.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := Encode(f.Key)
		if err != nil {
			return nil, err
		}
		val, err := Encode(f.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Key, err)
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(val)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Encode is json.Marshal without HTML escapes and without a final line break.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
