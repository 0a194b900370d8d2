package policy

import (
	"slices"
	"strings"

	"snapferry/awsx/text"
)

// grant is how a resource's policy names a caller. It decides what else must
// agree within one account (IAM User Guide, "Policy evaluation logic"):
// a session, a user or everybody is granted directly; a role's grant is limited
// by boundary and session policy; an account's grant only lets the account's own
// identity policies speak.
type grant int

const (
	direct grant = iota
	toRole
	toAccount
	grants
)

// matches is the answer per kind of grant, since one element may name a caller
// in several ways.
type matches [grants]truth

func (m matches) best() truth { return max(m[direct], m[toRole], m[toAccount]) }

func (m matches) and(t truth) matches {
	for g := range m {
		m[g] = and(m[g], t)
	}
	return m
}

func (m matches) or(o matches) matches {
	for g := range m {
		m[g] = or(m[g], o[g])
	}
	return m
}

// principal judges Principal or NotPrincipal of a resource's statement.
func (a *asked) principal(s Statement) (matches, text.Text) {
	if s.NotPrincipal != nil {
		if s.Effect == EffectDeny && a.bounded {
			// AWS denies every caller with a boundary, excepted or not (IAM User
			// Guide, "Permissions boundaries for IAM entities").
			return matches{direct: yes}, text.Text{}
		}
		return matches{direct: a.notPrincipal(s.NotPrincipal)}, text.New("NotPrincipal is %s", s.NotPrincipal.list())
	}
	var m matches
	for kind, values := range s.Principal {
		for _, v := range values {
			m = m.or(a.named(kind, v))
		}
	}
	return m, text.New("Principal is %s and the caller is %s", s.Principal.list(), a.Who.String())
}

// named says whether and how one principal value names the caller.
func (a *asked) named(kind, value string) matches {
	w := a.Who
	switch kind {
	case "*":
		return matches{direct: yes}
	case "AWS":
		return w.namedAWS(value)
	case "Service":
		if w.Service != "" && value == "*" {
			return matches{direct: unsure}
		}
		return matches{direct: truthOf(w.Service != "" && value == w.Service)}
	case "Federated":
		return matches{} // Who has no federated callers
	}
	// A canonical user is an account by S3's own number, which nobody told; any
	// other type is new to us.
	return matches{direct: and(unsure, truthOf(kind != "CanonicalUser" || w.Account != ""))}
}

func (w Who) namedAWS(value string) matches {
	if value == "*" {
		return matches{direct: yes}
	}
	if w.Anonymous || w.Service != "" {
		return matches{}
	}
	kind := direct
	if w.isRole() {
		kind = toRole
	}
	var m matches
	switch id, _, _ := strings.Cut(w.UniqueID, ":"); {
	case isAccount(accountOrValue(value)):
		m[toAccount] = truthOf(accountOrValue(value) == w.Account)
	case value == w.Session && value != "":
		m[direct] = yes
	case value == w.ARN && value != "":
		m[kind] = yes
	case IsUniqueID(value) && id == "":
		// Whether this id is the caller's nobody told; an id shown in place of
		// an ARN is nearly always a dead one.
		m[kind] = unsure
	case IsUniqueID(value):
		m[kind] = truthOf(value == id)
	case w.Session == "" && w.isRole() && strings.HasPrefix(value, w.sessions()):
		m[direct] = unsure
	case w.ARN == "" && strings.Contains(value, ":role/") && strings.HasPrefix(w.Session, Who{ARN: value}.sessions()):
		// A session does not show its role's path, so the role may be another.
		m[toRole] = unsure
	}
	return m
}

// sessions is what the ARN of every session of the role begins with; the path of
// a role is not part of it.
func (w Who) sessions() string {
	before, rest, _ := strings.Cut(w.ARN, ":role/")
	return strings.Replace(before, ":iam:", ":sts:", 1) + ":assumed-role/" + rest[strings.LastIndexByte(rest, '/')+1:] + "/"
}

// notPrincipal says whether the exception leaves the caller in. AWS asks the
// account, then the role, then the session whether each is excepted, and does
// not say for which services: a caller that is excepted only in part may be hit.
// A saved policy holds the id of a role or user in place of its ARN.
func (a *asked) notPrincipal(p Principals) truth {
	w := a.Who
	if w.Anonymous || w.Service != "" {
		var m matches
		for kind, values := range p {
			for _, v := range values {
				m = m.or(a.named(kind, v))
			}
		}
		return not(m.best())
	}
	id, _, _ := strings.Cut(w.UniqueID, ":")
	chain := []string{w.Account, accountOrValue(w.ARN)}
	if w.Session != "" {
		chain = append(chain, w.Session)
	}
	excepted := 0
	for _, link := range chain {
		if slices.ContainsFunc(p["AWS"], func(v string) bool {
			return accountOrValue(v) == link || link == w.ARN && IsUniqueID(v) && v == id
		}) {
			excepted++
		}
	}
	switch {
	case p.everybody() || slices.Contains(p["AWS"], "*") || excepted == len(chain):
		return no
	case excepted > 0 || id == "" && slices.ContainsFunc(p["AWS"], IsUniqueID) || p["CanonicalUser"] != nil:
		return unsure
	}
	return yes
}

// list is the element for the middle of a sentence.
func (p Principals) list() string {
	if p == nil {
		return "absent"
	}
	var o object
	o.principals("", p)
	return strings.TrimSuffix(strings.TrimPrefix(string(o.bytes()), `{"":`), "}")
}

// String is the caller as AWS names it in its answers.
func (w Who) String() string {
	switch {
	case w.Anonymous:
		return "anonymous"
	case w.Service != "":
		return w.Service
	case w.Session != "":
		return w.Session
	}
	return w.ARN
}

// IsUniqueID says that a principal is one of IAM's own ids for a role (AROA…) or
// a user (AIDA…). IAM stores these in place of ARNs and shows them only when the
// role or user is gone; a new one of the same name has another id.
func IsUniqueID(principal string) bool {
	if len(principal) < 16 || !(strings.HasPrefix(principal, "AROA") || strings.HasPrefix(principal, "AIDA")) {
		return false
	}
	return strings.Trim(principal, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// DeadPrincipal is the id of a deleted role or user at its place in a document.
type DeadPrincipal struct {
	ID string
	// Role tells a role's id from a user's.
	Role bool
	// Sid and Index name the statement.
	Sid    string
	Index  int
	Effect Effect
	// Not says that it stands under NotPrincipal: the one made again under the
	// old name is not excepted.
	Not bool
	// Alone says that the statement names nobody else, so it is about nobody.
	Alone bool
}

// Dead lists the unique ids that stand in a document where the ARN of a
// principal stood before it was deleted, in the order of the statements. A role
// or user made again under the old name is another one; saving the document with
// the ARN anew lets it in.
func Dead(d Document) []DeadPrincipal {
	var out []DeadPrincipal
	for i, s := range d.Statements {
		for _, p := range []Principals{s.Principal, s.NotPrincipal} {
			count := 0
			for _, values := range p {
				count += len(values)
			}
			for _, v := range p["AWS"] {
				if IsUniqueID(v) {
					out = append(out, DeadPrincipal{
						ID: v, Role: strings.HasPrefix(v, "AROA"), Sid: s.Sid, Index: i,
						Effect: s.Effect, Not: s.NotPrincipal != nil, Alone: count == 1,
					})
				}
			}
		}
	}
	return out
}

// DeadPrincipals lists the ids of Dead, sorted, each once.
func DeadPrincipals(d Document) []string {
	var out []string
	for _, p := range Dead(d) {
		out = append(out, p.ID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
