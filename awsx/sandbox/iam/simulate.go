package iam

import (
	"strconv"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// evaluation is the verdict on one action and resource.
type evaluation struct {
	EvalActionName, EvalResourceName, EvalDecision string
	MatchedStatements, MissingContextValues        list[string]
}

// simulate judges actions by a principal's identity policies and boundary.
// Like the real one it sees no trust policy, and takes no resource policy from
// the account.
func (s *service) simulate(in *wire.Input) (any, error) {
	source := in.Get("PolicySourceArn")
	arn, err := awsid.ParseARN(source)
	if err != nil || arn.Service != "iam" || (arn.Type() != "user" && arn.Type() != "role") {
		return nil, wire.NewFault(400, "InvalidInput", "Invalid Entity Arn: "+source+" does not clearly define entity type and name.")
	}
	if err := s.allow(in, source, source, nil); err != nil {
		return nil, err
	}
	var stack policy.Stack
	r := policy.Request{
		// The simulator takes every resource for one of the principal's account.
		Who: policy.Who{Account: string(arn.Account), ARN: source}, ResourceAccount: string(arn.Account), Context: contextEntries(in), Complete: true,
	}
	r.Context["aws:PrincipalArn"] = []string{source}
	err = s.read(in, func(st *world.State, a *world.Account) error {
		h := roleHolder
		if arn.Type() == "user" {
			h = userHolder
		}
		e := h.find(a, arn.Name())
		if e == nil || e.arn != arn {
			return noSuch("The %s with name %s cannot be found.", h.noun, arn.Name())
		}
		stack.Identity, stack.Boundary = access.Grants(st, e.grants)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, doc := range in.Members("PolicyInputList") {
		d, err := policy.Parse([]byte(doc))
		if err != nil {
			return nil, malformed(err.Error())
		}
		stack.Identity = append(stack.Identity, d)
	}
	var out struct {
		EvaluationResults list[evaluation]
		page
	}
	var all []evaluation
	resources := in.Members("ResourceArns")
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	for _, action := range in.Members("ActionNames") {
		for _, resource := range resources {
			r.Action, r.Resource = action, resource
			all = append(all, evaluation{EvalActionName: action, EvalResourceName: resource, EvalDecision: verdict(policy.Decide(stack, r))})
		}
	}
	out.EvaluationResults, out.page = paged(in, all)
	return out, nil
}

// verdict words a decision; what could not be judged is not allowed.
func verdict(d policy.Decision) string {
	switch d.Verdict {
	case policy.Allow:
		return "allowed"
	case policy.Deny:
		return "explicitDeny"
	}
	return "implicitDeny"
}

// contextEntries are the condition keys the caller supposes.
func contextEntries(in *wire.Input) map[string][]string {
	out := map[string][]string{}
	for i := 1; ; i++ {
		prefix := "ContextEntries.member." + strconv.Itoa(i) + "."
		key := in.Get(prefix + "ContextKeyName")
		if key == "" {
			return out
		}
		out[key] = in.Members(prefix + "ContextKeyValues")
	}
}
