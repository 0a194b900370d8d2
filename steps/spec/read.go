package spec

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"snapferry/steps"
)

// maxFile is far above any answers file a person would write.
const maxFile = 1 << 20

// ReadAnswers reads an answers file. The draft holds all that could be read,
// also where there are errors, so that nothing typed is lost; the errors have
// line and column. Values are taken as they are written, whatever YAML makes of
// them elsewhere: 012345678901 is an account id and not an octal number.
func ReadAnswers(file []byte) (*Draft, []*steps.Error) {
	r := &reader{draft: &Draft{}}
	if len(file) > maxFile {
		r.fail("", nil, steps.T("This is no answers file: it has %d bytes", len(file)), steps.T("Name the answers file, which is YAML of a few kilobytes"))
		return r.draft, r.errs
	}
	dec := yaml.NewDecoder(strings.NewReader(string(file)))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if strings.TrimSpace(string(file)) != "" && err.Error() != "EOF" {
			r.malformed(err)
		}
		return r.draft, r.errs
	}
	if err := dec.Decode(&second); err == nil {
		r.fail("", &second, steps.T("The file holds a second document"), steps.T("Keep one migration in a file: leave out what follows the line ---"))
	} else if err.Error() != "EOF" {
		r.malformed(err)
	}
	if len(doc.Content) == 1 && !isNull(doc.Content[0]) {
		r.group("", doc.Content[0], questions)
	}
	return r.draft, r.errs
}

// reader walks the YAML nodes beside the tree of questions. It works on nodes,
// not on decoded values, to keep lines, literal texts and repeated names.
type reader struct {
	draft *Draft
	errs  []*steps.Error
}

func (r *reader) fail(key Key, at *yaml.Node, summary, fix steps.Text) {
	e := &steps.Error{Field: string(key), Summary: summary, Fix: fix}
	if at != nil {
		e.Line, e.Column = at.Line, at.Column
	}
	r.errs = append(r.errs, e)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// malformed passes on what the YAML library had to say, with its line as ours.
func (r *reader) malformed(err error) {
	m := yamlLine.FindStringSubmatch(err.Error())
	e := &steps.Error{Summary: steps.T("This is not well-formed YAML: %s", err.Error()), Cause: err}
	if m != nil {
		e.Summary = steps.T("This is not well-formed YAML: %s", strings.TrimPrefix(err.Error(), m[0]))
		e.Line, _ = strconv.Atoi(m[1])
	}
	e.Fix = steps.T("Look at that line and the one before it: indentation is by blanks, never tabs, and text with : or # in it stands in quotes")
	r.errs = append(r.errs, e)
}

// isNull says that a name stands there without a value.
func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a group of answers"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "a YAML alias"
	}
	return "a single value"
}

// group reads a mapping whose names are known.
func (r *reader) group(key Key, n *yaml.Node, fields []Question) {
	names := make([]string, len(fields))
	for i, q := range fields {
		names[i] = q.Name
	}
	if n.Kind != yaml.MappingNode {
		r.fail(key, n, steps.T("Expected answers by name, found %s", kindName(n)), steps.T("Possible names here: %s", list(names)))
		return
	}
	r.pairs(key, n, func(name, value *yaml.Node) {
		q, ok := child(fields, name.Value)
		if !ok {
			r.unknown(key, name, names)
			return
		}
		r.answer(join(key, q.Name), value, q)
	})
}

// pairs walks a mapping and refuses names that come twice.
func (r *reader) pairs(key Key, n *yaml.Node, each func(name, value *yaml.Node)) {
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if looksSecret(name.Value) {
			r.errs = append(r.errs, secretError(key, name.Line, name.Column))
			continue
		}
		if line, twice := first[name.Value]; twice {
			r.fail(join(key, name.Value), name, steps.T("%s is answered twice, first in line %d", string(join(key, name.Value)), line), steps.T("Leave one of the two out"))
			continue
		}
		first[name.Value] = name.Line
		each(name, value)
	}
}

// unknown refuses a name nobody asked for, with the likeliest meaning: a slip of
// the finger, a dotted name, a name of another group. Names under which people
// keep secrets are refused for what they are.
func (r *reader) unknown(parent Key, name *yaml.Node, siblings []string) {
	key := join(parent, name.Value)
	if secretName.MatchString(name.Value) {
		r.errs = append(r.errs, secretError(key, name.Line, name.Column))
		return
	}
	fix := steps.T("Possible here: %s", list(siblings))
	if near := nearest(name.Value, siblings); near != "" {
		fix = steps.T("Did you mean %s?", near)
	} else if _, ok := find(Key(name.Value)); ok && strings.Contains(name.Value, ".") {
		fix = steps.T("Nest it: each part of the name on a line of its own, indented below the one before")
	} else if homes := homesOf(name.Value, "", questions); len(homes) > 0 {
		fix = steps.T("It belongs under %s", list(homes))
	}
	r.fail(key, name, steps.T("There is no question %q", string(key)), fix)
}

// homesOf lists the groups that have a question of this name.
func homesOf(name string, at Key, fields []Question) []string {
	var homes []string
	for _, q := range fields {
		if q.Name == name && at != "" {
			homes = append(homes, string(at))
		}
		if q.Form == Group {
			homes = append(homes, homesOf(name, join(at, q.Name), q.Fields)...)
		}
	}
	slices.Sort(homes)
	return slices.Compact(homes)
}

// answer reads what stands behind a known name.
func (r *reader) answer(key Key, n *yaml.Node, q Question) {
	switch {
	case n.Kind == yaml.AliasNode:
		r.fail(key, n, steps.T("Aliases are not taken in answers"), steps.T("Write the value out"))
	case isNull(n):
		// A name without a value is a question that was not answered.
	case q.Form == Group:
		r.group(key, n, q.Fields)
	case q.Form == List:
		r.list(key, n)
	case q.Form == Chain:
		r.chain(key, n, q)
	case q.Form == Tags:
		r.tags(key, n)
	default:
		r.scalar(key, n)
	}
}

// text gives a scalar as it is written.
func (r *reader) text(key Key, n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		r.fail(key, n, steps.T("Expected a single value, found %s", kindName(n)), steps.T("Write %s: value", string(key[strings.LastIndexByte(string(key), '.')+1:])))
		return "", false
	}
	switch n.ShortTag() {
	case "!!str", "!!int", "!!float", "!!bool", "!!timestamp", "!!null", "!!merge":
		return n.Value, true
	}
	r.fail(key, n, steps.T("Values of YAML type %s are not taken in answers", n.Tag), steps.T("Write it as plain text"))
	return "", false
}

// set notes an answer with its place, for what Build may have to say about it.
func (r *reader) set(key Key, raw string, at *yaml.Node) {
	if e := r.draft.set(key, raw, at.Line, at.Column); e != nil {
		r.errs = append(r.errs, e)
	}
}

func (r *reader) scalar(key Key, n *yaml.Node) {
	if raw, ok := r.text(key, n); ok {
		r.set(key, raw, n)
	}
}

// list takes a YAML list, or one text with commas as on the command line.
func (r *reader) list(key Key, n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		r.scalar(key, n)
		return
	}
	var parts []string
	for _, item := range n.Content {
		if raw, ok := r.text(key, item); ok {
			parts = append(parts, raw)
		}
	}
	r.set(key, strings.Join(parts, ", "), n)
}

// chain takes a list of links; a link may be the role's ARN alone.
func (r *reader) chain(key Key, n *yaml.Node, q Question) {
	if n.Kind != yaml.SequenceNode {
		r.fail(key, n, steps.T("Expected a list of roles, found %s", kindName(n)), steps.T("Begin each role with a hyphen: - role: arn:aws:iam::111122223333:role/my-role"))
		return
	}
	for i, item := range n.Content {
		at := join(key, itoa(i+1))
		if item.Kind == yaml.ScalarNode && !isNull(item) {
			r.scalar(join(at, "role"), item)
			continue
		}
		r.group(at, item, q.Fields)
	}
}

// tags takes any names, as they are: a tag's key may hold dots and colons.
func (r *reader) tags(key Key, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		r.fail(key, n, steps.T("Expected tags by name, found %s", kindName(n)), steps.T("Write one tag a line: team: search"))
		return
	}
	r.pairs(key, n, func(name, value *yaml.Node) {
		if name.Kind != yaml.ScalarNode || name.Value == "" {
			r.fail(key, name, steps.T("A tag needs a name"), steps.T("Write one tag a line: team: search"))
			return
		}
		r.scalar(join(key, name.Value), value)
	})
}
