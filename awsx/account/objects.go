package account

import (
	"bytes"
	"context"
	"fmt"
	"io"
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

// PutObject writes a small object.
// Needs s3:PutObject.
func (a *Account) PutObject(ctx context.Context, name awsid.BucketName, key string, body []byte) error {
	_, err := a.at(ctx, name).PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(string(name)), Key: aws.String(key), Body: bytes.NewReader(body)})
	return fail(err)
}

// GetObject reads an object of at most limit bytes; nil when absent.
// Needs s3:GetObject, and s3:ListBucket to learn that a
// key is absent: without it S3 answers 403 in place of 404.
func (a *Account) GetObject(ctx context.Context, name awsid.BucketName, key string, limit int64) ([]byte, error) {
	out, err := a.at(ctx, name).GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(string(name)), Key: aws.String(key)})
	if err != nil {
		return nil, ignore(err, "NoSuchKey")
	}
	defer func() { _ = out.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(out.Body, limit+1))
	if err != nil {
		return nil, fail(err)
	}
	if int64(len(body)) > limit {
		return nil, failure.FromCode("S3 GetObject "+key, "EntityTooLarge", fmt.Sprintf("the object is larger than %d bytes", limit))
	}
	return body, nil
}
