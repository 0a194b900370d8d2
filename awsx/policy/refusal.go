package policy

import (
	"fmt"
	"strings"
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
