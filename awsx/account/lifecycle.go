package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"snapferry/awsx/awsid"
)

// LifecycleRule is one lifecycle rule, as far as it endangers a snapshot.
type LifecycleRule struct {
	ID      string
	Enabled bool
	Prefix  string
	// ExpireDays is 0 when the rule expires nothing by age; ExpireDate is its
	// date (2006-01-02) when it expires everything on a day.
	ExpireDays int
	ExpireDate string
	// Transitions are storage classes it moves objects to.
	Transitions []string
	// Filtered says that tags or sizes narrow the rule further than Prefix.
	Filtered bool
}

// BucketLifecycle reads the rules; none when unset.
// Needs s3:GetLifecycleConfiguration.
func (a *Account) BucketLifecycle(ctx context.Context, name awsid.BucketName) ([]LifecycleRule, error) {
	out, err := a.at(ctx, name).GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: aws.String(string(name))})
	if err != nil {
		return nil, ignore(err, "NoSuchLifecycleConfiguration")
	}
	var rules []LifecycleRule
	for _, r := range out.Rules {
		rules = append(rules, lifecycleRule(r))
	}
	return rules, nil
}

func lifecycleRule(r types.LifecycleRule) LifecycleRule {
	//lint:ignore SA1019 Prefix is deprecated and still stands in old rules.
	rule := LifecycleRule{ID: aws.ToString(r.ID), Enabled: r.Status == types.ExpirationStatusEnabled, Prefix: aws.ToString(r.Prefix)}
	if f := r.Filter; f != nil {
		rule.Prefix = aws.ToString(f.Prefix)
		rule.Filtered = f.Tag != nil || f.ObjectSizeGreaterThan != nil || f.ObjectSizeLessThan != nil
		if and := f.And; and != nil {
			rule.Prefix = aws.ToString(and.Prefix)
			rule.Filtered = len(and.Tags) > 0 || and.ObjectSizeGreaterThan != nil || and.ObjectSizeLessThan != nil
		}
	}
	if e := r.Expiration; e != nil {
		rule.ExpireDays = int(aws.ToInt32(e.Days))
		if e.Date != nil {
			rule.ExpireDate = e.Date.UTC().Format("2006-01-02")
		}
	}
	for _, t := range r.Transitions {
		rule.Transitions = append(rule.Transitions, string(t.StorageClass))
	}
	return rule
}
