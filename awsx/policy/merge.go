package policy

import (
	"slices"
	"strings"
)

// Merge puts own statements into the document: one whose Sid is there already
// is replaced in its place, the others are appended. Everything else stays as it
// is, byte for byte; a statement that already says the same is left alone too.
func (d Document) Merge(own ...Statement) Document {
	out := d.clone()
	if out.Version == "" && len(out.Statements) == 0 {
		out.Version = Version2012
	}
	for _, s := range own {
		switch i := out.find(s); {
		case i < 0:
			out.add(s)
		case !out.Statements[i].Equal(s):
			out.put(i, s)
		}
	}
	return out
}

// Without drops the statements with these Sids.
func (d Document) Without(sids ...string) Document {
	out := d.clone()
	for i := len(out.Statements) - 1; i >= 0; i-- {
		if sid := out.Statements[i].Sid; sid != "" && slices.Contains(sids, sid) {
			out.cut(i)
		}
	}
	return out
}

// Owned lists the statements whose Sid starts with prefix. A name is no proof:
// compare with Clashes what they say.
func (d Document) Owned(sidPrefix string) []Statement {
	var out []Statement
	for _, s := range d.Statements {
		if s.Sid != "" && strings.HasPrefix(s.Sid, sidPrefix) {
			out = append(out, s)
		}
	}
	return out
}

// Clashes lists the statements of d that carry the Sid of one of own but say
// something else: somebody else's, or ours of another time. Merge would replace
// the first of them.
func (d Document) Clashes(own ...Statement) []Statement {
	var out []Statement
	for _, s := range d.Statements {
		for _, o := range own {
			if s.Sid != "" && s.Sid == o.Sid && !s.Equal(o) {
				out = append(out, s)
			}
		}
	}
	return out
}

// Unmerge takes back a change: out of live goes what after has beyond before,
// back comes what before had beyond after, and everything that others wrote
// since stays. A statement of ours that somebody edited since is theirs now and
// stays too, unless all that changed is that AWS shows a deleted principal's id.
func Unmerge(live, before, after Document) Document {
	added := missing(after.Statements, before.Statements)
	removed := missing(before.Statements, after.Statements)
	out := live.clone()
	for _, a := range added {
		i := slices.IndexFunc(out.Statements, func(s Statement) bool { return s.Equal(a) || s.deadCopyOf(a) })
		if i < 0 {
			continue
		}
		back := slices.IndexFunc(removed, func(r Statement) bool { return r.Sid != "" && r.Sid == a.Sid })
		if back < 0 {
			out.cut(i)
			continue
		}
		out.put(i, removed[back])
		removed = slices.Delete(removed, back, back+1)
	}
	for _, r := range removed {
		if out.find(r) < 0 {
			out.add(r)
		}
	}
	return out.unframe(live, before, after)
}

// unframe takes back what after changed around the statements, where nobody
// touched it since; a document that did not exist before and has nothing left
// is none again.
func (d Document) unframe(live, before, after Document) Document {
	if before.IsZero() && len(d.Statements) == 0 && live.ID == after.ID && len(live.extra) == 0 {
		return Document{}
	}
	if live.Version == after.Version && !before.IsZero() {
		d.Version = before.Version
	}
	if live.ID == after.ID && !before.IsZero() {
		d.ID = before.ID
	}
	return d
}

// find is the place of the statement that own stands for: the one of its Sid, or
// without a Sid one that says the same; -1 if there is none.
func (d Document) find(own Statement) int {
	return slices.IndexFunc(d.Statements, func(s Statement) bool {
		if own.Sid != "" {
			return s.Sid == own.Sid
		}
		return s.Equal(own)
	})
}

// deadCopyOf says that s is own with principals that AWS can no longer name.
func (s Statement) deadCopyOf(own Statement) bool {
	if own.Sid == "" || s.Sid != own.Sid || len(own.Principal["AWS"]) == 0 || len(s.Principal["AWS"]) == 0 {
		return false
	}
	for _, v := range s.Principal["AWS"] {
		if !IsUniqueID(v) && !slices.Contains(own.Principal["AWS"], v) {
			return false
		}
	}
	s.Principal, own.Principal = nil, nil
	return s.Equal(own)
}

// missing lists the statements of a that b does not have, each as often.
func missing(a, b []Statement) []Statement {
	rest := slices.Clone(b)
	var out []Statement
	for _, s := range a {
		if i := slices.IndexFunc(rest, s.Equal); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
			continue
		}
		out = append(out, s)
	}
	return out
}

func (d Document) clone() Document {
	d.Statements = slices.Clone(d.Statements)
	return d
}
