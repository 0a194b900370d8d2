package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"snapferry/awsx/awsid"
)

// Key is a KMS key.
type Key struct {
	// ARN tells the key's account too, which for an ARN that was asked for may be
	// another than ours.
	ARN         awsid.ARN
	ID          string
	Description string
	// AWSManaged keys (aws/s3) cannot be shared with another account.
	AWSManaged bool
	// State is Enabled, Disabled, PendingDeletion…
	State   string
	Enabled bool
}

// kms is a client of the key's region where its ARN tells that, else of the
// session's: KMS knows only the keys of its own region.
func (a *Account) kms(id string) *kms.Client {
	return kms.NewFromConfig(a.session.AWS(), func(o *kms.Options) {
		if k, err := awsid.ParseARN(id); err == nil && k.Region != "" {
			o.Region = string(k.Region)
		}
	})
}

// Key reads a key by id, ARN or alias; nil when absent. An alias is looked up
// in our own account, whoever uses it elsewhere.
// Needs kms:DescribeKey.
func (a *Account) Key(ctx context.Context, id string) (*Key, error) {
	out, err := a.kms(id).DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(id)})
	if err != nil {
		return nil, ignore(err, "NotFoundException")
	}
	m := out.KeyMetadata
	return &Key{
		ARN: arn(m.Arn), ID: aws.ToString(m.KeyId), Description: aws.ToString(m.Description),
		AWSManaged: m.KeyManager == types.KeyManagerTypeAws, State: string(m.KeyState), Enabled: m.Enabled,
	}, nil
}

// KeyPolicy reads the key's policy, of which there is one, named default.
// Needs kms:GetKeyPolicy.
func (a *Account) KeyPolicy(ctx context.Context, id string) (Document, error) {
	out, err := a.kms(id).GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: aws.String(id), PolicyName: aws.String("default")})
	if err != nil {
		return nil, fail(err)
	}
	return Document(aws.ToString(out.Policy)), nil
}

// PutKeyPolicy replaces it. KMS refuses a policy that would lock the caller out.
// Needs kms:PutKeyPolicy.
func (a *Account) PutKeyPolicy(ctx context.Context, id string, doc Document) error {
	_, err := a.kms(id).PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: aws.String(id), PolicyName: aws.String("default"), Policy: aws.String(string(doc))})
	return fail(err)
}
