package preflight

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// The answers by which the plan puts something right. What they lead to is planned,
// shown, approved and taken back as every other change; a statement, mapping or name
// that somebody else wrote is never among what they take away.

// byName has the plan mend a role that the answers adopt as it is, or make one where
// none is: the steps merge what is missing into a role that is answered by its name.
// nil where the answers do so already.
func (w *View) byName(side steps.Side, arn awsid.ARN) []steps.Answer {
	if w.Spec().Side(side).Role.ARN.IsZero() {
		return nil
	}
	k := string(side) + ".role."
	list := []steps.Answer{{Key: k + "arn"}, {Key: k + "name", Value: arn.Name()}}
	if arn.Path() != "/" {
		list = append(list, steps.Answer{Key: k + "path", Value: arn.Path()})
	}
	return list
}

// spelled has the answers name a role as IAM does, by name or ARN as they did before.
func (w *View) spelled(side steps.Side, is awsid.ARN) []steps.Answer {
	k, asked := string(side)+".role.", w.Spec().Side(side).Role
	if !asked.ARN.IsZero() {
		return []steps.Answer{{Key: k + "arn", Value: is.String()}}
	}
	list := []steps.Answer{{Key: k + "name", Value: is.Name()}}
	if is.Path() != cmp.Or(asked.Path, "/") {
		list = append(list, steps.Answer{Key: k + "path", Value: is.Path()})
	}
	return list
}

// another has somebody else edit a domain's role mappings: its master, whom nobody
// but a person can name, as AWS does not tell. A domain that has users of its own
// is taken to have one of them as its master. nil where nobody here signs.
func (w *View) another(ctx context.Context, side steps.Side) []steps.Answer {
	access, err := w.Access(ctx, side)
	if err != nil {
		return nil
	}
	k := string(side) + ".mapper"
	if access.Internal {
		return []steps.Answer{
			{Key: k},
			{Key: k + ".base", Value: "password"},
			{Key: k + ".user", Value: "MASTER-USER", Ask: steps.T("Name of the %s domain's master user, whose password you know", string(side))},
		}
	}
	from := w.Spec().Side(side).Control
	if from.Base == "none" {
		return nil
	}
	list := append([]steps.Answer{{Key: k}}, asBefore(k, from)...)
	return append(list, steps.Answer{
		Key: chainKey(k, len(from.Chain)+1) + ".role", Value: "MASTER-ROLE-ARN",
		Ask: steps.T("ARN of the role that is the %s domain's master, which your credentials may assume", string(side)),
	})
}

func chainKey(k string, n int) string { return k + ".chain." + strconv.Itoa(n) }

// asBefore are the answers of an identity below k.
func asBefore(k string, id spec.Identity) []steps.Answer {
	list := []steps.Answer{{Key: k + ".base", Value: id.Base}, {Key: k + ".profile", Value: id.Profile}}
	for i, l := range id.Chain {
		at := chainKey(k, i+1)
		list = append(list, steps.Answer{Key: at + ".role", Value: l.Role.String()}, steps.Answer{Key: at + ".external_id", Value: l.ExternalID},
			steps.Answer{Key: at + ".session_name", Value: l.SessionName}, steps.Answer{Key: at + ".mfa_serial", Value: l.MFASerial})
	}
	return slices.DeleteFunc(list, func(a steps.Answer) bool { return a.Value == "" })
}

// without takes a pattern out of what moves. nil where it is the only one that asks
// for anything: no pattern at all would ask for everything.
func (w *View) without(pattern string) []steps.Answer {
	rest := slices.DeleteFunc(slices.Clone(w.Spec().Move.Patterns), func(p string) bool { return p == pattern })
	if !slices.ContainsFunc(rest, func(p string) bool { return !strings.HasPrefix(p, "-") }) {
		return nil
	}
	return []steps.Answer{{Key: "move.indices", Value: strings.Join(rest, ", ")}}
}

// answered adds answers to a fix.
func answered(f steps.Fix, by []steps.Answer) steps.Fix {
	f.Answers = by
	return f
}
