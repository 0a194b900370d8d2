package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"snapferry/awsx/awsid"
)

// ManagedPolicy reads a managed policy in its default version, e.g. the one that
// is somebody's permissions boundary; nil when there is none of this ARN.
// Needs iam:GetPolicy and iam:GetPolicyVersion.
func (a *Account) ManagedPolicy(ctx context.Context, arn awsid.ARN) (Document, error) {
	doc, err := managedDocument(ctx, a.iam(), aws.String(arn.String()))
	if err != nil {
		return nil, ignore(err, noSuchEntity)
	}
	return doc, nil
}
