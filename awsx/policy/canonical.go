package policy

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Canonical is one text for all documents that mean the same: lists sorted and
// without repetition, single values as lists, actions and condition keys in
// small letters (AWS compares both without regard to case), an account named by
// its number however it was written, "*" for {"AWS":"*"}, statements in an order
// of their own, the missing Version as the one it stands for. It is JSON, but for
// comparing, not for sending. The zero Document gives "".
func (d Document) Canonical() string {
	if d.IsZero() {
		return ""
	}
	statements := make([]string, len(d.Statements))
	for i, s := range d.Statements {
		statements[i] = s.Canonical()
	}
	slices.Sort(statements)
	o := sortedExtra(d.extra)
	o["Version"] = d.Version
	if d.Version == "" {
		o["Version"] = Version2008
	}
	if d.ID != "" {
		o["Id"] = d.ID
	}
	o["Statement"] = json.RawMessage("[" + strings.Join(slices.Compact(statements), ",") + "]")
	return string(encode(o))
}

// Canonical is one text for all statements that mean the same and carry the
// same Sid.
func (s Statement) Canonical() string {
	o := sortedExtra(s.extra)
	put := func(name string, values []string) {
		if values != nil {
			o[name] = sortedSet(values, nil)
		}
	}
	o["Effect"] = s.Effect
	if s.Sid != "" {
		o["Sid"] = s.Sid
	}
	if s.Principal != nil {
		o["Principal"] = s.Principal.canonical()
	}
	if s.NotPrincipal != nil {
		o["NotPrincipal"] = s.NotPrincipal.canonical()
	}
	if s.Action != nil {
		o["Action"] = sortedSet(s.Action, strings.ToLower)
	}
	if s.NotAction != nil {
		o["NotAction"] = sortedSet(s.NotAction, strings.ToLower)
	}
	put("Resource", s.Resource)
	put("NotResource", s.NotResource)
	if len(s.Condition) > 0 {
		o["Condition"] = s.Condition.canonical()
	}
	return string(encode(o))
}

// Equal compares meaning, not bytes.
func (d Document) Equal(o Document) bool { return d.Canonical() == o.Canonical() }

// Equal compares meaning and Sid, not bytes.
func (s Statement) Equal(o Statement) bool { return s.Canonical() == o.Canonical() }

func (p Principals) canonical() map[string][]string {
	if p.everybody() {
		return map[string][]string{"AWS": {"*"}}
	}
	out := map[string][]string{}
	for t, values := range p {
		fold := func(v string) string { return v }
		if t == "AWS" {
			fold = accountOrValue
		}
		out[t] = sortedSet(values, fold)
	}
	return out
}

// accountOrValue turns arn:PARTITION:iam::ACCOUNT:root into ACCOUNT: AWS takes
// both and shows either.
func accountOrValue(v string) string {
	parts := strings.Split(v, ":")
	if len(parts) == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[3] == "" && isAccount(parts[4]) && parts[5] == "root" {
		return parts[4]
	}
	return v
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

func (c Conditions) canonical() map[string]map[string][]string {
	out := map[string]map[string][]string{}
	for op, keys := range c {
		folded := map[string][]string{}
		for key, values := range keys {
			folded[strings.ToLower(key)] = sortedSet(values, nil)
		}
		if len(folded) < len(keys) {
			// Two spellings of one key are two conditions, both of which must
			// hold: folding them would make them alternatives.
			folded = map[string][]string{}
			for key, values := range keys {
				folded[key] = sortedSet(values, nil)
			}
		}
		out[op] = folded
	}
	return out
}

func sortedSet(values []string, fold func(string) string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		if fold != nil {
			v = fold(v)
		}
		out[i] = v
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sortedExtra brings unknown elements into the encoder's own form, which has
// sorted keys and no layout.
func sortedExtra(extra map[string]json.RawMessage) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		var v any
		dec := json.NewDecoder(strings.NewReader(string(extra[name])))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			v = string(extra[name])
		}
		out[name] = v
	}
	return out
}
