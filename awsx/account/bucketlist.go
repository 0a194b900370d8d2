package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"snapferry/awsx/awsid"
)

// mostListed is what one page of buckets holds at most (ListBuckets, S3 API).
const mostListed = 1000

// Buckets lists the account's own buckets of the session's region, by name, for
// choosing: no more than the first thousand.
// Needs s3:ListAllMyBuckets.
func (a *Account) Buckets(ctx context.Context) ([]awsid.BucketName, error) {
	out, err := a.s3(a.session.Region()).ListBuckets(ctx, &s3.ListBucketsInput{
		BucketRegion: aws.String(string(a.session.Region())), MaxBuckets: aws.Int32(mostListed),
	})
	if err != nil {
		return nil, fail(err)
	}
	var list []awsid.BucketName
	for _, b := range out.Buckets {
		list = append(list, awsid.BucketName(aws.ToString(b.Name)))
	}
	return list, nil
}
