package facts

import (
	"context"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
)

// BucketPublic is what keeps the bucket from being opened to everybody.
func (f *Facts) BucketPublic(ctx context.Context) (account.PublicAccessBlock, error) {
	return bucketFact(ctx, f, FactBucketPublic, func(ctx context.Context, acc *account.Account, name awsid.BucketName) (account.PublicAccessBlock, error) {
		return acc.PublicAccessBlock(ctx, name)
	})
}
