package policy

import (
	"bytes"
	"encoding/json"
	"strings"

	"snapferry/awsx/text"
)

// Parse reads a document as AWS hands it out or a person wrote it. It refuses,
// with a *SyntaxError, what no kind of policy may be: text that is not JSON, a
// repeated key, a missing or unknown Effect, Action beside NotAction. It keeps
// elements it does not know. What a kind forbids beyond that, Validate says.
func Parse(b []byte) (Document, error) {
	r, err := newReader(bytes.Clone(b))
	if err != nil {
		return Document{}, err
	}
	n, err := r.value()
	if err != nil {
		return Document{}, err
	}
	return parser{r}.document(n)
}

type parser struct{ src *reader }

func (p parser) fail(at int, summary, fix text.Text) error {
	return refuse(p.src.place(at), summary, fix)
}

// object hands every member to the taker of its name, and the others to rest.
func (p parser) object(n node, what string, takers map[string]func(node) error, rest func(member)) error {
	if n.kind != '{' {
		return p.fail(n.at, text.New("%s is not a JSON object", what), text.New("Write it as { … }"))
	}
	seen := map[string]bool{}
	for _, m := range n.members {
		if seen[m.name] {
			return p.fail(m.at, text.New("%q stands twice in %s", m.name, what), text.New("Keep one of the two, with all values in its list"))
		}
		seen[m.name] = true
		take, known := takers[m.name]
		if !known {
			rest(m)
			continue
		}
		if err := take(m.value); err != nil {
			return err
		}
	}
	return nil
}

func (p parser) document(n node) (Document, error) {
	var d Document
	found := false
	err := p.object(n, "the policy", map[string]func(node) error{
		"Version":   p.into(&d.Version, "Version"),
		"Id":        p.into(&d.ID, "Id"),
		"Statement": func(v node) error { found = true; return p.statements(v, &d) },
	}, func(m member) { keep(&d.extra, m) })
	if err == nil && !found {
		err = p.fail(n.at, text.New("The policy has no Statement"), nearName(d.extra, "Statement", text.New("Add a Statement element with at least one statement")))
	}
	if err != nil {
		return Document{}, err
	}
	if d.around != nil {
		d.around.version, d.around.id = d.Version, d.ID
	}
	return d, nil
}

func (p parser) statements(n node, d *Document) error {
	items := n.items
	if n.kind == '{' {
		items = []node{n}
	} else if n.kind != '[' {
		return p.fail(n.at, text.New("Statement is neither an object nor a list"), text.New("Write it as [ { … } ]"))
	}
	for _, item := range items {
		s, err := p.statement(item)
		if err != nil {
			return err
		}
		d.Statements = append(d.Statements, s)
	}
	if len(items) > 0 {
		p.layout(n, items, d)
	}
	return nil
}

func (p parser) statement(n node) (Statement, error) {
	s := Statement{raw: n.raw, at: p.src.place(n.at)}
	var effect string
	err := p.object(n, "a statement", map[string]func(node) error{
		"Sid":          p.into(&s.Sid, "Sid"),
		"Effect":       p.into(&effect, "Effect"),
		"Principal":    p.principals(&s.Principal, "Principal"),
		"NotPrincipal": p.principals(&s.NotPrincipal, "NotPrincipal"),
		"Action":       p.list(&s.Action, "Action"),
		"NotAction":    p.list(&s.NotAction, "NotAction"),
		"Resource":     p.list(&s.Resource, "Resource"),
		"NotResource":  p.list(&s.NotResource, "NotResource"),
		"Condition":    p.conditions(&s.Condition),
	}, func(m member) { keep(&s.extra, m) })
	if err != nil {
		return Statement{}, err
	}
	s.Effect = Effect(effect)
	if e := s.grammar(); e != nil {
		return Statement{}, e
	}
	return s, nil
}

// grammar is what holds for a statement of any kind of policy.
func (s Statement) grammar() error {
	bad := func(summary, fix text.Text) error { return refuse(s.at, summary, fix) }
	switch {
	case s.Effect == "":
		return bad(text.New("The statement%s has no Effect", s.named()), nearName(s.extra, "Effect", text.New(`Add "Effect": "Allow" or "Effect": "Deny"`)))
	case s.Effect != EffectAllow && s.Effect != EffectDeny:
		return bad(text.New("%q is no Effect", string(s.Effect)), text.New("Effect is Allow or Deny, with a capital letter"))
	case s.Action == nil && s.NotAction == nil:
		return bad(text.New("The statement%s names no Action", s.named()), nearName(s.extra, "Action", text.New("Add an Action element")))
	case s.Action != nil && s.NotAction != nil:
		return bad(text.New("The statement%s has both Action and NotAction", s.named()), text.New("Keep one of the two"))
	case s.Resource != nil && s.NotResource != nil:
		return bad(text.New("The statement%s has both Resource and NotResource", s.named()), text.New("Keep one of the two"))
	case s.Principal != nil && s.NotPrincipal != nil:
		return bad(text.New("The statement%s has both Principal and NotPrincipal", s.named()), text.New("Keep one of the two"))
	}
	return nil
}

// named is ` "Sid"` for the middle of a sentence, empty where there is none.
func (s Statement) named() string {
	if s.Sid == "" {
		return ""
	}
	return ` "` + s.Sid + `"`
}

func keep(into *map[string]json.RawMessage, m member) {
	if *into == nil {
		*into = map[string]json.RawMessage{}
	}
	(*into)[m.name] = m.value.raw
}

// nearName points at an element that is only spelled otherwise: names are
// compared with their letter case.
func nearName(extra map[string]json.RawMessage, want string, otherwise text.Text) text.Text {
	for name := range extra {
		if strings.EqualFold(strings.TrimSuffix(name, "s"), want) {
			return text.New("Write %s in place of %s", want, name)
		}
	}
	return otherwise
}
