// Package s3 is the S3 of the embedded AWS: the operations that the product,
// the engine's snapshot plugin, AWS CLI, boto3 and Terraform call, in S3's own
// words, over real signatures and real policy decisions.
//
// It knows S3's wire format, which IAM action each operation needs, and how a
// bucket is configured. Who a caller is and what policies allow it asks the
// gate; where objects lie it leaves to the store, where configurations lie to
// the bucket register. It knows nothing of domains or migrations.
package s3
