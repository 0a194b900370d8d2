package spec

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"snapferry/steps"
)

// Draft holds answers as they were typed, per question; it may be partial and
// may hold what will be refused. The zero value is an empty draft. It is not for
// concurrent use.
type Draft struct {
	said map[Key]answer
}

// answer is one raw text and where in a file it stood; 0 where in none.
type answer struct {
	raw          string
	line, column int
}

// Set notes an answer; blank text takes it back. It refuses unknown keys and
// what looks like a secret, which no draft may ever hold.
func (d *Draft) Set(key Key, raw string) *steps.Error { return d.set(key, raw, 0, 0) }

func (d *Draft) set(key Key, raw string, line, column int) *steps.Error {
	if _, ok := find(key); !ok {
		return &steps.Error{
			Field: string(key), Line: line, Column: column,
			Summary: steps.T("There is no question %q", string(key)), Fix: steps.T("Leave it out"),
		}
	}
	if looksSecret(raw) && !randomByRight(key, raw) || isLogin(key, raw) {
		return secretError(key, line, column)
	}
	if strings.TrimSpace(raw) == "" {
		delete(d.said, key)
		return nil
	}
	if d.said == nil {
		d.said = map[Key]answer{}
	}
	d.said[key] = answer{raw: strings.ToValidUTF8(raw, "\uFFFD"), line: line, column: column}
	return nil
}

// Get is the answer as it was typed, "" when it was not said.
func (d *Draft) Get(key Key) string { return d.said[key].raw }

// Said says whether a key, or anything below it, was answered.
func (d *Draft) Said(key Key) bool {
	for k := range d.said {
		if k == key || strings.HasPrefix(string(k), string(key)+".") {
			return true
		}
	}
	return false
}

// Keys are the questions that were answered, in the order of the file.
func (d *Draft) Keys() []Key {
	return slices.SortedFunc(maps.Keys(d.said), func(a, b Key) int { return strings.Compare(place(a), place(b)) })
}

// Clone gives an independent copy.
func (d *Draft) Clone() *Draft { return &Draft{said: maps.Clone(d.said)} }

// place sorts keys in the order of the questions: each name is preceded by its
// number among its siblings.
func place(key Key) string {
	var b strings.Builder
	fields := questions
	for rest := string(key); rest != ""; {
		name, more, _ := strings.Cut(rest, ".")
		i := slices.IndexFunc(fields, func(q Question) bool { return q.Name == name })
		if i < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(pad(i))
		q := fields[i]
		switch q.Form {
		case Tags:
			b.WriteString(more)
			return b.String()
		case Chain:
			var number string
			number, more, _ = strings.Cut(more, ".")
			n, _ := strconv.Atoi(number)
			b.WriteString(pad(n))
		}
		fields, rest = q.Fields, more
	}
	return b.String()
}

// pad makes numbers of up to four digits sort as texts.
func pad(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, 4-len(s))) + s + "."
}

// links is the number of links of the chain below key.
func (d *Draft) links(key Key) int {
	last := 0
	for k := range d.said {
		rest, ok := strings.CutPrefix(string(k), string(key)+".")
		if !ok {
			continue
		}
		number, _, _ := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(number); err == nil {
			last = max(last, n)
		}
	}
	return last
}

// tags collects the answers below key by what follows it.
func (d *Draft) tags(key Key) map[string]string {
	var out map[string]string
	for k, a := range d.said {
		if name, ok := strings.CutPrefix(string(k), string(key)+"."); ok {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = a.raw
		}
	}
	return out
}

// items splits the raw text of a list.
func items(raw string) []string {
	var out []string
	for _, s := range strings.Split(raw, ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
