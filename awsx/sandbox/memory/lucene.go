package memory

import (
	"encoding/json"

	"snapferry/awsx/sandbox/memory/store"
)

// figuresOf counts a shard as the engine's statistics do: they count what Lucene holds,
// where every object of a field of type nested is a document of its own. What is
// searched and counted are the documents around them.
func (ix *index) figuresOf(shard int) figures {
	st := ix.docs.Stats(shard)
	f := figures{st.Docs, st.Deleted, ix.size(shard)}
	if props, _ := ix.meta.Mappings["properties"].(object); hasNested(props) {
		for _, doc := range ix.docs.Live(shard) {
			f.docs += nestedIn(props, doc)
		}
	}
	return f
}

// hasNested says that there is a field of type nested anywhere below.
func hasNested(props object) bool {
	for _, f := range props {
		field, _ := f.(object)
		below, _ := field["properties"].(object)
		if fieldType(field) == "nested" || hasNested(below) {
			return true
		}
	}
	return false
}

func nestedIn(props object, doc *store.Doc) int64 {
	var source object
	if json.Unmarshal(doc.Source, &source) != nil {
		return 0
	}
	return nestedObjects(props, source)
}

// nestedObjects counts the objects of nested fields, those inside others too.
func nestedObjects(props, source object) (n int64) {
	for name, f := range props {
		field, _ := f.(object)
		below, _ := field["properties"].(object)
		values, isList := source[name].([]any)
		if !isList {
			values = []any{source[name]}
		}
		for _, v := range values {
			inner, ok := v.(object)
			if !ok {
				continue
			}
			if fieldType(field) == "nested" {
				n++
			}
			n += nestedObjects(below, inner)
		}
	}
	return n
}
