package ask

import (
	"snapferry/steps"
	"snapferry/steps/spec"
)

func (w *walk) bucket() {
	w.page("bucket", steps.T("Bucket"), steps.T("The S3 bucket the snapshot goes through. One that is yours is adopted, one that nobody has is made: private, encrypted, TLS only."))
	owner := steps.Source
	if w.shape() == spec.ShapeTwoAccounts || w.a.said["bucket.owner"] != "" {
		if w.ask(w.owner()) == string(steps.Target) {
			owner = steps.Target
		}
	}
	w.ask(Question{
		Key: "bucket.name", Kind: Text, Live: true, Needed: true, Example: "acme-os-migration", From: Request{Buckets, owner, slotControl}, Proof: Request{Bucket, owner, slotControl},
		Title: steps.T("Bucket"),
		Help: Help{
			What:  steps.T("Its name, existing or new: 3 to 63 small letters, digits, dots and hyphens, and no other account in the world may have it. It has to be in the domain's region."),
			Where: steps.T("In the console: S3, General purpose buckets."),
			CLI:   w.cli(owner, "s3api list-buckets --query Buckets[].Name"),
		},
	})
	w.ask(Question{
		Key: "bucket.base_path", Kind: Text, Live: true, Example: "snapferry/logs-prod", Title: steps.T("Folder in it"),
		Help:   Help{What: steps.T("The repository's base path. Two repositories must not share a folder; / is the bucket's root."), Where: steps.T("In the console: S3, the bucket, Objects."), CLI: w.cli(owner, "s3 ls s3://BUCKET/")},
		derive: func(s *spec.Spec) string { return string(s.Bucket.BasePath) },
	})
	w.ask(Question{
		Key: "bucket.kms_key", Kind: Text, From: Request{Crypto, owner, slotControl}, Example: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-…", Title: steps.T("Customer key of its encryption, if it has one"), Unsaid: "none, SSE-S3",
		Help: Help{
			What:  steps.T("The full ARN of the KMS key of the bucket's default encryption. The key aws/s3 cannot be shared with another account."),
			Where: steps.T("In the console: S3, the bucket, Properties, Default encryption; or KMS, Customer managed keys, the key, ARN."),
			CLI:   w.cli(owner, "s3api get-bucket-encryption --bucket BUCKET"),
		},
	})
	open := w.opened("bucket.more", steps.T("Another region than the domain's"), steps.T("the region of the bucket, which the service wants to be the domain's"))
	w.rare(open, w.questioned(Question{
		Key: "bucket.region", Kind: Text, Example: "eu-west-1", Title: steps.T("Region of the bucket"),
		Help:   Help{What: steps.T("The domain wants the bucket in its own region."), Where: steps.T("In the console: S3, General purpose buckets, column AWS Region."), CLI: w.cli(owner, "s3api get-bucket-location --bucket BUCKET")},
		derive: func(s *spec.Spec) string { return string(s.Bucket.Region) },
	}, owner, slotBucket))
}

func (w *walk) owner() Question {
	return Question{
		Key: "bucket.owner", Kind: Choice, Default: string(steps.Source), Title: steps.T("Whose account owns the bucket"),
		Help: Help{
			What:  steps.T("The owner shares it with the other side's snapshot role and pays for what is in it."),
			Where: steps.T("In the console: sign in to the account and look at S3, General purpose buckets."),
			CLI:   "aws s3api head-bucket --bucket BUCKET --expected-bucket-owner ACCOUNT",
		},
		Options: []Option{
			{string(steps.Source), steps.T("The source account"), steps.T("shared with the target")},
			{string(steps.Target), steps.T("The target account"), steps.T("shared with the source, which writes into it")},
		},
	}
}
