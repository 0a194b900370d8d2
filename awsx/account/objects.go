package account

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

// Object is one object of a listing. Size is in bytes.
type Object struct {
	Key      string
	Size     int64
	ETag     string
	Modified time.Time
}

// Objects walks the objects whose keys begin with prefix, in key order, page by
// page. It ends at the first error.
// Needs s3:ListBucket.
func (a *Account) Objects(ctx context.Context, name awsid.BucketName, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		pages := s3.NewListObjectsV2Paginator(a.at(ctx, name), &s3.ListObjectsV2Input{Bucket: aws.String(string(name)), Prefix: aws.String(prefix)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(Object{}, fail(err))
				return
			}
			for _, o := range page.Contents {
				if !yield(Object{Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), ETag: aws.ToString(o.ETag), Modified: aws.ToTime(o.LastModified)}, nil) {
					return
				}
			}
		}
	}
}

// deleteBatch is the most keys one DeleteObjects takes.
const deleteBatch = 1000

// DeleteObjects removes keys, in batches. Absent keys are no error; the first
// key that could not be deleted is.
// Needs s3:DeleteObject.
func (a *Account) DeleteObjects(ctx context.Context, name awsid.BucketName, keys []string) error {
	c := a.at(ctx, name)
	for batch := range slices.Chunk(keys, deleteBatch) {
		ids := make([]types.ObjectIdentifier, len(batch))
		for i, k := range batch {
			ids[i] = types.ObjectIdentifier{Key: aws.String(k)}
		}
		out, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{
			Bucket: aws.String(string(name)), Delete: &types.Delete{Objects: ids, Quiet: aws.Bool(true)},
		})
		if err != nil {
			return fail(err)
		}
		if len(out.Errors) > 0 {
			e := out.Errors[0]
			return failure.FromCode("S3 DeleteObjects "+aws.ToString(e.Key), aws.ToString(e.Code), aws.ToString(e.Message))
		}
	}
	return nil
}
