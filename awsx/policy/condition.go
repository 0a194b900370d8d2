package policy

import (
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/text"
)

// conditions judges the Condition element, operator by operator and key by key:
// all of them must hold.
func (a *asked) conditions(c Conditions, told func(key string, t truth, detail text.Text)) {
	for _, op := range slices.Sorted(maps.Keys(c)) {
		for _, key := range slices.Sorted(maps.Keys(c[op])) {
			t, detail := a.condition(op, key, c[op][key])
			told(key, t, detail)
		}
	}
}

// condition judges one operator on one key.
func (a *asked) condition(op, key string, want []string) (truth, text.Text) {
	o := parseOperator(op)
	values, present := a.lookup(key)
	told := describe(op, key, want, values, present)
	switch {
	case !o.known:
		return unsure, text.New("the condition operator %s is not known here", op)
	case present == unsure:
		return unsure, told
	case o.name == "null":
		return a.null(want, present), told
	}
	return a.compare(o, want, values), told
}

// null asks whether the key is absent ("true") or there ("false").
func (a *asked) null(want []string, present truth) truth {
	result := no
	for _, w := range want {
		switch strings.ToLower(w) {
		case "true":
			result = or(result, not(present))
		case "false":
			result = or(result, present)
		default:
			result = or(result, unsure)
		}
	}
	return result
}

// compare follows the IAM User Guide on absent keys: they do not match, which
// makes a negated operator true; IfExists and ForAllValues are true, ForAnyValue
// is false. Several values of one key without a set operator are not defined:
// only a result they all share is certain.
func (a *asked) compare(o operator, want, values []string) truth {
	hit, ok := a.matcher(o, want)
	if !ok {
		return no
	}
	set := o.set != ""
	if set && !slices.ContainsFunc(values, func(v string) bool { return v != "" }) {
		values = nil
	}
	if len(values) == 0 {
		return truthOf(o.ifExists || o.set == forAll || !set && o.negated)
	}
	every, some := yes, no
	for _, v := range values {
		t := hit(v)
		every, some = and(every, t), or(some, t)
	}
	switch {
	case o.set == forAll:
		return every
	case o.set == forAny:
		return some
	case every == some:
		return every
	}
	return unsure
}

// matcher prepares the policy's side: a value of the request matches if it
// matches one of want, or with a negated operator none. A variable without a
// value can match nothing; under a negated operator it voids the condition.
func (a *asked) matcher(o operator, want []string) (func(string) truth, bool) {
	patterns := make([]pattern, 0, len(want))
	for _, w := range want {
		p := pattern{text: w, known: yes}
		if o.variables {
			p.glob, p.known = a.compile(w, o.wildcards)
		}
		if p.known == no {
			if o.negated {
				return nil, false
			}
			continue
		}
		patterns = append(patterns, p)
	}
	return func(v string) truth {
		result := no
		for _, p := range patterns {
			t := o.match(p, v)
			if p.known == unsure {
				t = and(t, unsure)
			}
			result = or(result, t)
		}
		if o.negated {
			return not(result)
		}
		return result
	}, true
}

func describe(op, key string, want, values []string, present truth) text.Text {
	wanted := strings.Join(want, ", ")
	switch {
	case present == unsure:
		return text.New("%s wants %s %s, and its value is not known here", op, key, wanted)
	case len(values) == 0:
		return text.New("%s wants %s %s, and the request has no such key", op, key, wanted)
	}
	return text.New("%s wants %s %s, and the request has %s", op, key, wanted, strings.Join(values, ", "))
}
