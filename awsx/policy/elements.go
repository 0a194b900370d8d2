package policy

import "snapferry/awsx/text"

// into takes a single string.
func (p parser) into(dst *string, name string) func(node) error {
	return func(n node) error {
		if n.kind != '"' {
			return p.fail(n.at, text.New("%s is not a string", name), text.New("Put it in quotes"))
		}
		*dst = n.text
		return nil
	}
}

// list takes a string or a list of strings; the result is never nil.
func (p parser) list(dst *[]string, name string) func(node) error {
	return func(n node) error {
		items := n.items
		if n.kind != '[' {
			items = []node{n}
		}
		*dst = make([]string, len(items))
		for i, item := range items {
			if item.kind != '"' {
				return p.fail(item.at, text.New("%s holds something that is not a string", name), text.New("Put every value in quotes"))
			}
			(*dst)[i] = item.text
		}
		return nil
	}
}

// principals takes "*" or an object of types and values.
func (p parser) principals(dst *Principals, name string) func(node) error {
	return func(n node) error {
		if n.kind == '"' && n.text == "*" {
			*dst = Everybody()
			return nil
		}
		fix := text.New(`Write %s as "*" or as {"AWS": …}, {"Service": …}`, name)
		if n.kind != '{' {
			return p.fail(n.at, text.New(`%s is neither "*" nor an object`, name), fix)
		}
		*dst = Principals{}
		var bad error
		err := p.object(n, name, nil, func(m member) {
			var values []string
			switch {
			case bad != nil:
			case m.name == "*":
				bad = p.fail(m.at, text.New(`"*" is not a type of principal`), fix)
			default:
				bad = p.list(&values, name+" "+m.name)(m.value)
				(*dst)[m.name] = values
			}
		})
		if err != nil {
			return err
		}
		return bad
	}
}

// conditions takes operator → key → value or values, where a value may also be a
// number or a boolean without quotes.
func (p parser) conditions(dst *Conditions) func(node) error {
	return func(n node) error {
		*dst = Conditions{}
		var bad error
		err := p.object(n, "Condition", nil, func(m member) {
			if bad == nil {
				bad = p.operator(m, *dst)
			}
		})
		if err != nil {
			return err
		}
		return bad
	}
}

func (p parser) operator(m member, into Conditions) error {
	keys := map[string][]string{}
	into[m.name] = keys
	var bad error
	err := p.object(m.value, m.name, nil, func(k member) {
		if bad == nil {
			keys[k.name], bad = p.conditionValues(k)
		}
	})
	if err != nil {
		return err
	}
	return bad
}

func (p parser) conditionValues(k member) ([]string, error) {
	items := k.value.items
	if k.value.kind != '[' {
		items = []node{k.value}
	}
	values := make([]string, len(items))
	for i, item := range items {
		switch item.kind {
		case '"', 't', 'f', 0:
			values[i] = item.text
		default:
			return nil, p.fail(item.at, text.New("The condition on %s has a value that is neither string, number nor boolean", k.name),
				text.New("Give a value or a flat list of values"))
		}
	}
	return values, nil
}
