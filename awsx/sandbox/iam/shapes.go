package iam

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// list is an XML list that is there even when it is empty, as IAM writes it.
type list[T any] struct {
	Member []T `xml:"member"`
}

// page says whether a list goes on, and from where.
type page struct {
	IsTruncated bool
	Marker      string `xml:",omitempty"`
}

// paged cuts a sorted list by MaxItems and Marker. The marker is the number of
// items before it: it means nothing to clients.
func paged[T any](in *wire.Input, all []T) (list[T], page) {
	from, _ := strconv.Atoi(in.Get("Marker"))
	size, err := strconv.Atoi(in.Get("MaxItems"))
	if err != nil || size < 1 {
		size = 100
	}
	from = min(max(from, 0), len(all))
	to := min(from+size, len(all))
	p := page{IsTruncated: to < len(all)}
	if p.IsTruncated {
		p.Marker = strconv.Itoa(to)
	}
	return list[T]{all[from:to]}, p
}

type tagShape struct{ Key, Value string }

// tags are sorted by key, so that answers are the same each time.
func tags(m map[string]string) list[tagShape] {
	out := list[tagShape]{}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out.Member = append(out.Member, tagShape{k, m[k]})
	}
	return out
}

type boundaryShape struct{ PermissionsBoundaryType, PermissionsBoundaryArn string }

// boundary is nil for none, so that the element is left out.
func boundary(arn string) *boundaryShape {
	if arn == "" {
		return nil
	}
	return &boundaryShape{"Policy", arn}
}

// The shapes below are those of the API reference, in its order; elements that
// are left out when they are empty are marked so.

// roleShape is a role.
type roleShape struct {
	Path, RoleName, RoleId, Arn, CreateDate string
	AssumeRolePolicyDocument                string
	Description                             string `xml:",omitempty"`
	MaxSessionDuration                      int
	PermissionsBoundary                     *boundaryShape  `xml:",omitempty"`
	Tags                                    *list[tagShape] `xml:",omitempty"`
}

// role is a role as the API shows it. Its trust policy comes back with the ARNs
// of principals that still exist.
func role(st *world.State, a *world.Account, r *world.Role) roleShape {
	out := roleShape{
		Path: r.Path, RoleName: r.Name, RoleId: r.ID, Arn: a.RoleARN(r).String(), CreateDate: stamp(r.Created),
		AssumeRolePolicyDocument: escaped(st.Show(r.Trust)), Description: r.Description,
		MaxSessionDuration: r.MaxSession, PermissionsBoundary: boundary(r.Boundary),
	}
	if len(r.Tags) > 0 {
		t := tags(r.Tags)
		out.Tags = &t
	}
	return out
}

// userShape is a user.
type userShape struct {
	Path, UserName, UserId, Arn, CreateDate string
	PermissionsBoundary                     *boundaryShape  `xml:",omitempty"`
	Tags                                    *list[tagShape] `xml:",omitempty"`
}

func user(a *world.Account, u *world.User) userShape {
	out := userShape{
		Path: u.Path, UserName: u.Name, UserId: u.ID, Arn: a.UserARN(u).String(), CreateDate: stamp(u.Created),
		PermissionsBoundary: boundary(u.Boundary),
	}
	if len(u.Tags) > 0 {
		t := tags(u.Tags)
		out.Tags = &t
	}
	return out
}

// stamp is a time as the query protocol writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// escaped is how IAM gives documents back: percent-encoded, blanks as %20.
func escaped(doc string) string { return strings.ReplaceAll(url.QueryEscape(doc), "+", "%20") }
