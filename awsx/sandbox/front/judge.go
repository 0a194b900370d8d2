package front

import (
	"maps"
	"net/http"
	"strings"

	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// judge asks the access policy and the caller's policies. It gives the words of
// the refusal, "" when the request may pass.
func (f *Front) judge(r *http.Request, d world.Domain, caller access.Caller) string {
	q := access.Question{
		Caller: caller, Action: "es:" + httpAction(r.Method),
		Resource: d.ARN().String() + r.URL.Path, Owner: d.Account,
		ResourcePolicy: f.accessPolicy(d), Context: f.facts(r, d),
	}
	if !strings.HasPrefix(r.URL.Path, "/") {
		q.Resource = d.ARN().String() + "/" + r.URL.Path
	}
	decision := f.Gate.Decide(q)
	if decision.Allowed() {
		return ""
	}
	return q.Words(decision)
}

// accessPolicy is nil for a domain without one. One that cannot be read lets
// nobody in by itself, as a policy without statements.
func (f *Front) accessPolicy(d world.Domain) *policy.Document {
	if d.AccessPolicy == "" {
		return nil
	}
	doc, err := policy.Parse([]byte(d.AccessPolicy))
	if err != nil {
		doc = policy.Document{}
	}
	return &doc
}

// facts are the condition keys of a request to a domain. Transport and tags of
// principals are not among those the service supports in its policies.
func (f *Front) facts(r *http.Request, d world.Domain) map[string][]string {
	out := wire.Facts(r, string(d.Region))
	for k, v := range d.Tags {
		out["aws:ResourceTag/"+k] = []string{v}
	}
	return out
}

// mayPass asks whether the caller may hand the role to the service. Only a role
// of the domain's account can be passed to it, and only by a caller of that
// account: a role has no policy that could let others pass it.
func (f *Front) mayPass(r *http.Request, d world.Domain, caller access.Caller, role string) bool {
	owner := accountOf(role)
	if caller.Anonymous || owner != d.Account {
		return false
	}
	ctx := maps.Clone(f.facts(r, d))
	ctx["iam:PassedToService"] = []string{access.OpenSearchService}
	ctx["iam:AssociatedResourceArn"] = []string{d.ARN().String()}
	return f.Gate.Decide(access.Question{
		Caller: caller, Action: "iam:PassRole", Resource: role, Owner: owner, Context: ctx,
	}).Allowed()
}
