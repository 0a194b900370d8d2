package policy

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// DiffCanonical is DiffJSON for texts with canonical documents in them, which are for
// comparing: it shows them as AWS would, an account as its root's ARN and a list of
// one as its only value, so that nobody takes the form for a change.
func DiffCanonical(before, after string) []Line {
	return DiffJSON(readable(before), readable(after))
}

// readable gives back as it is what is no JSON.
func readable(doc string) string {
	var value any
	dec := json.NewDecoder(bytes.NewReader([]byte(doc)))
	dec.UseNumber()
	if dec.Decode(&value) != nil {
		return doc
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(documentsIn(value)) != nil {
		return doc
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// documentsIn looks for policies at any depth: a role's document holds several.
func documentsIn(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			if list, is := inner.([]any); is && name == "Statement" {
				for _, s := range list {
					readStatement(s)
				}
				continue
			}
			v[name] = documentsIn(inner)
		}
	case []any:
		for i := range v {
			v[i] = documentsIn(v[i])
		}
	}
	return value
}

var accountAlone = regexp.MustCompile(`^\d{12}$`)

func readStatement(statement any) {
	s, is := statement.(map[string]any)
	if !is {
		return
	}
	for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
		if list, is := s[name]; is {
			s[name] = single(list)
		}
	}
	for _, name := range []string{"Principal", "NotPrincipal"} {
		kinds, _ := s[name].(map[string]any)
		if list, is := kinds["AWS"].([]any); is {
			for i := range list {
				if id, is := list[i].(string); is && accountAlone.MatchString(id) {
					list[i] = "arn:aws:iam::" + id + ":root"
				}
			}
		}
		for kind, list := range kinds {
			kinds[kind] = single(list)
		}
	}
	operators, _ := s["Condition"].(map[string]any)
	for _, operator := range operators {
		keys, _ := operator.(map[string]any)
		for key, list := range keys {
			keys[key] = single(list)
		}
	}
}

// single is the only value of a list, and any other list as it is.
func single(value any) any {
	if list, is := value.([]any); is && len(list) == 1 {
		return list[0]
	}
	return value
}
