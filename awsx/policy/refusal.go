package policy

import (
	"fmt"
	"strings"

	"snapferry/awsx/text"
)

// Refusal is the sentence AWS answers a refused request with. The form is that
// of the IAM User Guide ("Troubleshoot access denied error messages") with the
// services' own habits: S3 quotes the resource and tells nothing to callers of
// other accounts, domains leave the resource out, a role that may not be passed
// or assumed gets no reason.
func Refusal(r Request, d Decision) string {
	service, _, _ := strings.Cut(strings.ToLower(r.Action), ":")
	foreign := r.Who.Account == "" || r.ResourceAccount != "" && r.Who.Account != r.ResourceAccount
	if service == "s3" && foreign {
		return "Access Denied"
	}
	s := fmt.Sprintf("User: %s is not authorized to perform: %s", r.Who, r.Action)
	switch {
	case service == "s3" && r.Resource != "*" && r.Resource != "":
		s += fmt.Sprintf(" on resource: %q", r.Resource)
	case strings.HasPrefix(r.Action, "es:ESHttp"), r.Resource == "*", r.Resource == "":
	default:
		s += " on resource: " + r.Resource
	}
	return s + because(r, d, service == "kms" && foreign)
}

func because(r Request, d Decision, foreignKey bool) string {
	switch {
	case r.Action == "iam:PassRole":
		return ""
	case d.Verdict == Deny:
		return " with an explicit deny in " + d.Layer.article()
	case d.Verdict != Implicit, d.Layer == LayerTrust:
		return ""
	case d.Layer == LayerResource && foreignKey:
		return " because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
	}
	return fmt.Sprintf(" because no %s allows the %s action", d.Layer, r.Action)
}

func (l Layer) article() string {
	switch l {
	case LayerIdentity:
		return "an " + string(l)
	case LayerTrust:
		return "the " + string(l)
	}
	return "a " + string(l)
}

// Explain says for people why it was decided so, and where nothing allowed which
// statement came nearest and what kept it from applying.
func Explain(r Request, d Decision) text.Text {
	layer := layerName(d.Layer, r.Action)
	by := statementName(d.Sid, d.Index)
	switch d.Verdict {
	case Allow:
		if d.Index < 0 {
			return text.New("Allowed: the root user of the account may do everything in it")
		}
		return text.New("Allowed by %s of the %s", by, layer)
	case Deny:
		return text.New("Denied by %s of the %s, which no other policy can lift", by, layer)
	}
	near, found := nearest(d)
	if d.Verdict == Implicit {
		if !found {
			return text.New("Nothing in the %s allows %s on %s", layer, r.Action, r.Resource)
		}
		return text.New("Nothing in the %s allows %s on %s; %s comes nearest, but %s", layer, r.Action, r.Resource,
			statementName(near.Sid, near.Index), near.Detail)
	}
	if !found {
		return text.New("It cannot be told whether %s on %s is allowed: the %s could not be judged", r.Action, r.Resource, layer)
	}
	return text.New("It cannot be told whether %s on %s is allowed: of %s of the %s, %s", r.Action, r.Resource,
		statementName(near.Sid, near.Index), layer, near.Detail)
}

// nearest is the statement to tell about: for Unknown the one in doubt, for
// Implicit the Allow of the missing layer that failed by one element alone, the
// later that element the nearer.
func nearest(d Decision) (Reason, bool) {
	rank := map[string]int{"Principal": 1, "Action": 2, "Resource": 3, "Condition": 4}
	var best Reason
	for _, r := range d.Why {
		switch {
		case r.Layer != d.Layer:
		case d.Verdict == Unknown && r.Unsure && r.Doc == d.Doc && r.Index == d.Index:
			return r, true
		case d.Verdict == Implicit && r.Effect == EffectAllow && r.Misses == 1 && rank[r.Element] > rank[best.Element]:
			best = r
		}
	}
	return best, best.Element != ""
}

// statementName is how to find a statement: its Sid, or its number from 1.
func statementName(sid string, index int) text.Text {
	if sid != "" {
		return text.New("statement %q", sid)
	}
	return text.New("statement number %d", index+1)
}

// layerName is what people call the policy of a resource.
func layerName(l Layer, action string) string {
	if l != LayerResource {
		return string(l)
	}
	switch service, _, _ := strings.Cut(strings.ToLower(action), ":"); service {
	case "s3":
		return string(KindBucket)
	case "kms":
		return string(KindKey)
	case "es":
		return string(KindDomainAccess)
	}
	return string(l)
}
