package account

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

// Bucket is where a bucket is and whose it is.
type Bucket struct {
	Name   awsid.BucketName
	Region awsid.Region
	// Owner says whose bucket it is.
	Owner Ownership
	// Readable says that this identity may list it.
	Readable bool
}

// Ownership is whose a bucket is, as far as can be asked.
type Ownership string

// Whose.
const (
	Ours         Ownership = "ours"    // owned by this account
	Theirs       Ownership = "theirs"  // reachable, owned by another account
	OwnerUnknown Ownership = "unknown" // exists, but we may not even look
)

// BucketSpec is a bucket to be made: private, ACLs off, public access blocked.
type BucketSpec struct {
	Name       awsid.BucketName
	Region     awsid.Region
	Encryption Encryption
	Tags       map[string]string
}

// s3 is a client of the region. Buckets answer only at their own region's
// endpoint; others answer 301.
func (a *Account) s3(r awsid.Region) *s3.Client {
	return s3.NewFromConfig(a.session.AWS(), func(o *s3.Options) { o.Region = string(r) })
}

// Bucket looks for a bucket; nil when nobody has one of this name.
//
// HeadBucket tells the region in a header of every answer, refusals included.
// Its refusals have no body, so that a bad key looks like a closed bucket:
// GetBucketLocation, whose refusal has one, decides that. The owner shows when
// an expected one is named: with ours, 403 in place of 200 means somebody else's.
// Needs s3:ListBucket, or s3:GetBucketLocation.
func (a *Account) Bucket(ctx context.Context, name awsid.BucketName) (*Bucket, error) {
	b := &Bucket{Name: name, Region: a.session.Region(), Owner: OwnerUnknown, Readable: true}
	probe := a.head
	status, err := probe(ctx, b, "")
	if status == http.StatusMovedPermanently || status == http.StatusBadRequest {
		status, err = probe(ctx, b, "")
	}
	if status == http.StatusForbidden {
		b.Readable, probe = false, a.location
		status, err = probe(ctx, b, "")
	}
	switch {
	case status == http.StatusNotFound:
		return nil, nil
	case failure.Is(err, failure.Denied):
		a.remember(b)
		return b, nil
	case err != nil:
		return nil, fail(err)
	}
	a.remember(b)
	id, err := a.account(ctx)
	if err != nil {
		return b, nil // STS is out of reach from some closed subnets
	}
	switch _, err := probe(ctx, b, id); {
	case err == nil:
		b.Owner = Ours
	case failure.Is(err, failure.Denied):
		b.Owner = Theirs
	default:
		return nil, fail(err)
	}
	return b, nil
}

// head asks for the bucket at b.Region and corrects the region by the answer.
func (a *Account) head(ctx context.Context, b *Bucket, owner awsid.AccountID) (status int, err error) {
	in := &s3.HeadBucketInput{Bucket: aws.String(string(b.Name)), ExpectedBucketOwner: expected(owner)}
	out, err := a.s3(b.Region).HeadBucket(ctx, in)
	if err == nil {
		if r := aws.ToString(out.BucketRegion); r != "" {
			b.Region = awsid.Region(r)
		}
		return http.StatusOK, nil
	}
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &answer) {
		return 0, err
	}
	if r := answer.Response.Header.Get("X-Amz-Bucket-Region"); r != "" {
		b.Region = awsid.Region(r)
	}
	return answer.HTTPStatusCode(), err
}

// location asks for the region by name. The oldest regions have odd ones: none
// is us-east-1, EU is eu-west-1.
func (a *Account) location(ctx context.Context, b *Bucket, owner awsid.AccountID) (status int, err error) {
	in := &s3.GetBucketLocationInput{Bucket: aws.String(string(b.Name)), ExpectedBucketOwner: expected(owner)}
	out, err := a.s3(b.Region).GetBucketLocation(ctx, in)
	if err != nil {
		return failure.Of(err).Status, err
	}
	switch r := awsid.Region(out.LocationConstraint); r {
	case "":
		b.Region = "us-east-1"
	case "EU":
		b.Region = "eu-west-1"
	default:
		b.Region = r
	}
	return http.StatusOK, nil
}

func expected(owner awsid.AccountID) *string {
	if owner == "" {
		return nil
	}
	return aws.String(string(owner))
}

// at is a client of the bucket's region, asked for once.
func (a *Account) at(ctx context.Context, name awsid.BucketName) *s3.Client {
	a.mu.Lock()
	r, known := a.regions[name]
	a.mu.Unlock()
	if !known {
		b := &Bucket{Name: name, Region: a.session.Region()}
		// Whatever stands in the way will stand in the way of the call itself,
		// and be reported there.
		_, _ = a.head(ctx, b, "")
		a.remember(b)
		r = b.Region
	}
	return a.s3(r)
}

func (a *Account) remember(b *Bucket) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.regions[b.Name] = b.Region
}

// account is our own account's id, asked for once.
func (a *Account) account(ctx context.Context) (awsid.AccountID, error) {
	a.mu.Lock()
	id := a.id
	a.mu.Unlock()
	if id != "" {
		return id, nil
	}
	who, err := a.session.WhoAmI(ctx)
	if err != nil {
		return "", err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.id = who.Account
	return a.id, nil
}

// CreateBucket makes the bucket with ACLs off, blocks public access, and then
// sets encryption and tags: at no moment is it open. A bucket of this account that is
// there already is completed if it carries no tags but these, as one does that was cut
// off in its making; one with other tags, like somebody else's, fails with
// failure.Exists. us-east-1 answers 200 for one's own bucket too.
// Needs s3:CreateBucket, s3:PutBucketOwnershipControls,
// s3:PutBucketPublicAccessBlock, s3:PutEncryptionConfiguration, s3:PutBucketTagging,
// s3:GetBucketTagging.
func (a *Account) CreateBucket(ctx context.Context, spec BucketSpec) error {
	in := &s3.CreateBucketInput{Bucket: aws.String(string(spec.Name)), ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}
	if spec.Region != "us-east-1" { // which S3 refuses as a location constraint
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(spec.Region)}
	}
	_, err := a.s3(spec.Region).CreateBucket(ctx, in)
	old := hasCode(err, "BucketAlreadyOwnedByYou") || spec.Region == "us-east-1"
	if err := ignore(err, "BucketAlreadyOwnedByYou"); err != nil {
		return err
	}
	a.remember(&Bucket{Name: spec.Name, Region: spec.Region})
	if old && len(spec.Tags) > 0 {
		if err := a.unmarked(ctx, spec); err != nil {
			return err
		}
	}
	if err := a.PutPublicAccessBlock(ctx, spec.Name, AllBlocked); err != nil {
		return err
	}
	if spec.Encryption != (Encryption{}) {
		if err := a.PutBucketEncryption(ctx, spec.Name, spec.Encryption); err != nil {
			return err
		}
	}
	if len(spec.Tags) == 0 {
		return nil
	}
	return a.PutBucketTags(ctx, spec.Name, spec.Tags)
}

// unmarked fails where the bucket has tags that are not the wanted ones: somebody made it
// between the look and the deed.
func (a *Account) unmarked(ctx context.Context, spec BucketSpec) error {
	tags, err := a.BucketTags(ctx, spec.Name)
	if err != nil {
		return err
	}
	for k, v := range tags {
		if spec.Tags[k] != v {
			return &failure.Failure{
				Kind: failure.Exists, Operation: "S3 CreateBucket", Code: "BucketAlreadyOwnedByYou",
				Message: "a bucket of that name is in this account by now, and it carries tags of somebody else's: " + k,
			}
		}
	}
	return nil
}

// DeleteBucket removes an empty bucket; absent is no error.
// Needs s3:DeleteBucket.
func (a *Account) DeleteBucket(ctx context.Context, name awsid.BucketName) error {
	_, err := a.at(ctx, name).DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String(string(name))})
	a.mu.Lock()
	delete(a.regions, name)
	a.mu.Unlock()
	return ignore(err, "NoSuchBucket")
}
