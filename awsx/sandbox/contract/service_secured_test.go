//go:build realengine

package contract_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/contract"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/upstream"
	"snapferry/rig"
)

// TestSecuredServiceOverNodes plays the secured scenarios on real nodes behind
// the whole embedded service: every actor is an identity of the sandbox's IAM
// that signs as such, or sends his password, and the front makes of it what the
// security plugin sees.
func TestSecuredServiceOverNodes(t *testing.T) {
	s, err := sandbox.Open(t.Context(), sandbox.Options{
		Dir: t.TempDir(), Pace: sandbox.PaceInstant,
		Access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "next": sandbox.AccessInternalMaster},
	})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close(context.Background())) })
	w := &securedService{service: service{sandbox: s, whole: t}, keys: map[string]aws.Credentials{}, targets: map[string]contract.Target{}}
	w.prepare(t)
	for _, a := range contract.Actors {
		w.make(t, a)
	}
	w.make(t, contract.MasterIAM)
	contract.RunSecured(t, w, "3.4.0")
}

// securedService has the actors' keys by ARN.
type securedService struct {
	service
	keys    map[string]aws.Credentials
	targets map[string]contract.Target
}

// config is the administrator's.
func (w *securedService) config() aws.Config {
	return aws.Config{
		Region: string(sandbox.Region), HTTPClient: &http.Client{Transport: w.sandbox.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider(w.account.AccessKey, w.account.Secret, ""),
	}
}

// actorPolicy lets call domains and hand the snapshot role over; what they may do
// beyond that is the security plugin's to say.
const actorPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["es:*","iam:PassRole"],"Resource":"*"}]}`

// make makes the identity of an actor in IAM and takes keys of it.
func (w *securedService) make(t *testing.T, a contract.Actor) {
	t.Helper()
	if a.ARN == "" {
		return
	}
	arn, err := awsid.ParseARN(a.ARN)
	must(t, err)
	c, ctx, name, path := iam.NewFromConfig(w.config()), t.Context(), aws.String(arn.Name()), aws.String(arn.Path())
	if arn.Type() == "user" {
		_, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: name, Path: path})
		must(t, err)
		_, err = c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: aws.String("es"), PolicyDocument: aws.String(actorPolicy)})
		must(t, err)
		key, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name})
		must(t, err)
		w.keys[a.ARN] = aws.Credentials{AccessKeyID: *key.AccessKey.AccessKeyId, SecretAccessKey: *key.AccessKey.SecretAccessKey}
		return
	}
	trust := fixture.Trusting("AWS", string(w.account.ID), "")
	_, err = c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, Path: path, AssumeRolePolicyDocument: &trust})
	must(t, err)
	_, err = c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("es"), PolicyDocument: aws.String(actorPolicy)})
	must(t, err)
	session, err := sts.NewFromConfig(w.config()).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &a.ARN, RoleSessionName: aws.String("contract")})
	must(t, err)
	w.keys[a.ARN] = aws.Credentials{
		AccessKeyID: *session.Credentials.AccessKeyId, SecretAccessKey: *session.Credentials.SecretAccessKey, SessionToken: *session.Credentials.SessionToken,
	}
}

// Secured puts a node behind the domain whose kind of access the master is of.
func (w *securedService) Secured(t testing.TB, version string, master contract.Actor) contract.Target {
	t.Helper()
	label := "source"
	if master.User != "" {
		label = "next"
	}
	if target, ok := w.targets[label]; ok {
		return target
	}
	o := w.options(t, version, label)
	o.Security = &rig.Security{MasterARN: master.ARN, MasterUser: master.User, MasterPassword: master.Password}
	v, err := awsid.ParseEngineVersion("OpenSearch " + version)
	must(t, err)
	// Named and not asked for, because the node's master is not the domain's.
	engine := &upstream.Engine{Version: v, S3: len(o.S3) > 0}
	must(t, w.sandbox.UseNode(context.Background(), label, w.started(t, o), engine))
	as := func(a contract.Actor) *http.Client { return &http.Client{Transport: asActor{w, a}} }
	w.targets[label] = contract.Target{
		BaseURL: "https://" + w.host(label), Client: as(master), As: as,
		Repository: map[string]any{"bucket": bucket, "region": string(sandbox.Region), "role_arn": roleARN},
		Fronted:    true,
		Pass:       func(d time.Duration) { time.Sleep(d) },
	}
	return w.targets[label]
}

// asActor sends requests as an actor of the outside world does.
type asActor struct {
	w *securedService
	a contract.Actor
}

func (s asActor) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.a.ARN != "" {
		return s.w.signed(r, s.w.keys[s.a.ARN])
	}
	out := r.Clone(r.Context())
	if s.a.User != "" {
		out.SetBasicAuth(s.a.User, s.a.Password)
	}
	return s.w.sandbox.Transport().RoundTrip(out)
}
