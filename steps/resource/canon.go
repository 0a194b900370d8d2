package resource

import (
	"bytes"
	"encoding/json"
	"fmt"

	"snapferry/steps"
)

// canonical writes v with sorted keys and without insignificant blanks. The
// detour over a tree sorts the keys of structs too.
func canonical(v any) steps.Doc {
	b, err := json.Marshal(v)
	if err == nil {
		var tree any
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.UseNumber()
		if err = dec.Decode(&tree); err == nil {
			var out bytes.Buffer
			enc := json.NewEncoder(&out)
			enc.SetEscapeHTML(false)
			err = enc.Encode(tree)
			b = bytes.TrimSuffix(out.Bytes(), []byte("\n"))
		}
	}
	if err != nil {
		// Our own structs always marshal; a failure is a mistake in this package.
		panic(fmt.Sprintf("resource: canonical form of %T: %v", v, err))
	}
	return steps.Doc(b)
}

// parse reads a document strictly: a field we do not know would be lost by
// writing the document again.
func parse(doc steps.Doc, into any) (bool, error) {
	if !doc.Exists() {
		return false, nil
	}
	if err := strict([]byte(doc), into); err != nil {
		return false, fmt.Errorf("read a %T document: %w", into, err)
	}
	return true, nil
}

// strict refuses fields it does not know.
func strict(b []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}
