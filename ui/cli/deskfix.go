package cli

import (
	"context"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// Fixable says whether there are answers by which the plan puts a finding right.
func (d *desk) Fixable(steps.Finding) bool { return false }

// Fix changes the answers so that the plan puts a finding right.
func (d *desk) Fix(context.Context, *ask.Answers, steps.Finding) (steps.Text, error) {
	return steps.Text{}, &steps.Error{Summary: steps.T("The plan cannot put this right"), Fix: steps.T("Do what stands behind fix")}
}

// mendable is what the plan could do about a failed step.
func (d *desk) mendable(context.Context, failedStep) steps.Finding { return steps.Finding{} }
