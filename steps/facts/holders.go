package facts

import (
	"context"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// Boundary is what a permissions boundary lets through, read with a side's control
// identity; one that is not there is an *Error of Kind failure.Missing.
func (f *Facts) Boundary(ctx context.Context, side steps.Side, arn awsid.ARN) (policy.Document, error) {
	d, err := read(ctx, &f.memo, key{FactBoundary, f.who(Slot{side, Control}), arn.String()}, func(ctx context.Context) (policy.Document, error) {
		acc, err := f.Control(ctx, side)
		if err != nil {
			return policy.Document{}, err
		}
		raw, err := acc.ManagedPolicy(ctx, arn)
		switch {
		case err != nil:
			return policy.Document{}, err
		case raw == nil:
			return policy.Document{}, missing("IAM GetPolicy", "there is no policy "+arn.String())
		}
		return policy.Parse(raw)
	})
	return d, f.failed(FactBoundary, side, err)
}

// RoleNamed is the role IAM finds by a name, whose spelling may differ in letter
// case; nil for none. It need not be the snapshot role of the answers.
func (f *Facts) RoleNamed(ctx context.Context, side steps.Side, name awsid.RoleName) (*account.Role, error) {
	r, err := read(ctx, &f.memo, key{FactRole, f.who(Slot{side, Control}), "named " + string(name)}, func(ctx context.Context) (*account.Role, error) {
		acc, err := f.Control(ctx, side)
		if err != nil {
			return nil, err
		}
		return acc.Role(ctx, name)
	})
	return r, f.failed(FactRole, side, err)
}

// Partly is the error of a fact that was read in part: err is what kept the rest.
func (f *Facts) Partly(name Name, side steps.Side, err error) error { return f.failed(name, side, err) }
