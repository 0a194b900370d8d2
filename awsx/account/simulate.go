package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"snapferry/awsx/awsid"
)

// Simulation is one question to IAM's policy simulator. Principal is a user or
// role ARN, never a session.
type Simulation struct {
	Principal awsid.ARN
	Actions   []string
	Resources []string
	Context   map[string][]string
}

// Simulated is the simulator's answer for one action on one resource.
type Simulated struct {
	Action, Resource string
	// Decision is allowed, explicitDeny or implicitDeny.
	Decision string
	// MissingContext are condition keys that were not given.
	MissingContext []string
}

// Simulate asks the policy simulator. It sees no trust policies and only
// roughly organisation policies (IAM API reference, SimulatePrincipalPolicy): a
// prediction, not a proof.
// Needs iam:SimulatePrincipalPolicy.
func (a *Account) Simulate(ctx context.Context, q Simulation) ([]Simulated, error) {
	in := &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(q.Principal.String()), ActionNames: q.Actions, ResourceArns: q.Resources,
	}
	for _, k := range sortedKeys(q.Context) {
		kind := types.ContextKeyTypeEnumString
		if len(q.Context[k]) != 1 {
			kind = types.ContextKeyTypeEnumStringList
		}
		in.ContextEntries = append(in.ContextEntries, types.ContextEntry{
			ContextKeyName: aws.String(k), ContextKeyValues: q.Context[k], ContextKeyType: kind,
		})
	}
	var out []Simulated
	pages := iam.NewSimulatePrincipalPolicyPaginator(a.iam(), in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fail(err)
		}
		for _, r := range page.EvaluationResults {
			out = append(out, simulated(r)...)
		}
	}
	return out, nil
}

// simulated takes the answers by resource where the simulator gives them, which
// it does when more than one resource was asked for.
func simulated(r types.EvaluationResult) []Simulated {
	action := aws.ToString(r.EvalActionName)
	if len(r.ResourceSpecificResults) == 0 {
		return []Simulated{{Action: action, Resource: aws.ToString(r.EvalResourceName), Decision: string(r.EvalDecision), MissingContext: r.MissingContextValues}}
	}
	var out []Simulated
	for _, s := range r.ResourceSpecificResults {
		out = append(out, Simulated{Action: action, Resource: aws.ToString(s.EvalResourceName), Decision: string(s.EvalResourceDecision), MissingContext: s.MissingContextValues})
	}
	return out
}
