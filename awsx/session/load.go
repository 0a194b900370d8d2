package session

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/smithy-go/middleware"

	"snapferry/awsx/text"
)

// load builds the configuration with base and chain, from scratch.
func (s *Session) load(ctx context.Context) (aws.Config, error) {
	cfg, err := s.loadBase(ctx)
	if err != nil {
		return aws.Config{}, err
	}
	for _, l := range s.id.Chain {
		cfg.Credentials = s.assume(cfg, l)
	}
	return cfg, nil
}

func (s *Session) loadBase(ctx context.Context) (aws.Config, error) {
	plain := aws.Config{Region: string(s.region), HTTPClient: s.net.SDK(), Retryer: retryer}
	switch s.id.Base.Kind {
	case BaseKeys, BaseSandbox:
		k := s.id.Base.Keys
		if k.AccessKeyID == "" || k.Secret.IsZero() {
			return aws.Config{}, &Error{Summary: text.New("No access key was given"), Fix: text.New("Type an access key and its secret")}
		}
		plain.Credentials = keys(k, string(s.id.Base.Kind))
		return plain, nil
	case BaseInstance:
		p, err := s.instance(plain)
		plain.Credentials = p
		return plain, err
	case BaseTask:
		p, err := s.task(plain)
		plain.Credentials = p
		return plain, err
	case BaseEnvironment:
		return s.environment(ctx)
	case BaseProfile:
		if s.opts.Isolated {
			return s.isolatedProfile(ctx, plain)
		}
		return s.profile(ctx)
	}
	return aws.Config{}, &Error{
		Summary: text.New("%q is no source of credentials", string(s.id.Base.Kind)),
		Fix:     text.New("Choose a profile, the environment, keys, the instance role or the task role"),
	}
}

func keys(k Keys, from string) aws.CredentialsProvider {
	return credentials.StaticCredentialsProvider{Value: aws.Credentials{
		AccessKeyID: k.AccessKeyID, SecretAccessKey: k.Secret.Reveal(), SessionToken: k.Token.Reveal(), Source: from,
	}}
}

// environment takes keys or a web identity from the environment and nothing
// else: the SDK's default chain would go on to a profile or the instance role,
// which is somebody the user did not name.
func (s *Session) environment(ctx context.Context) (aws.Config, error) {
	has := func(names ...string) bool {
		for _, n := range names {
			if s.opts.Getenv(n) != "" {
				return true
			}
		}
		return false
	}
	if s.opts.Isolated || !has("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", "AWS_WEB_IDENTITY_TOKEN_FILE") {
		return aws.Config{}, &Error{
			Summary: text.New("The environment holds no credentials"),
			Fix:     text.New("Export AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for temporary keys, AWS_SESSION_TOKEN, or name a profile"),
		}
	}
	return s.loadDefault(ctx)
}

func (s *Session) profile(ctx context.Context) (aws.Config, error) {
	return s.loadDefault(ctx, config.WithSharedConfigProfile(s.profileName()),
		config.WithSharedConfigFiles(s.configFiles()), config.WithSharedCredentialsFiles(s.credentialsFiles()))
}

func (s *Session) loadDefault(ctx context.Context, more ...func(*config.LoadOptions) error) (aws.Config, error) {
	client, callLog := s.net.Loader()
	opts := []func(*config.LoadOptions) error{
		config.WithRegion(string(s.region)),
		config.WithHTTPClient(client),
		config.WithRetryer(retryer),
		config.WithAPIOptions([]func(*middleware.Stack) error{callLog}),
		config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) {
			if o.SerialNumber != nil {
				o.TokenProvider = s.mfa(*o.SerialNumber)
			}
		}),
		config.WithCredentialsCacheOptions(func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = expiryWindow }),
	}
	cfg, err := config.LoadDefaultConfig(ctx, append(opts, more...)...)
	if err != nil {
		return aws.Config{}, s.explain(err)
	}
	// The client logs for itself from here on.
	cfg.HTTPClient, cfg.APIOptions = s.net.Adopt(cfg.HTTPClient), nil
	return cfg, nil
}

// isolatedProfile reads keys and roles of a profile without the SDK's loader,
// which cannot be kept from looking at the environment.
func (s *Session) isolatedProfile(ctx context.Context, plain aws.Config) (aws.Config, error) {
	shared, err := config.LoadSharedConfigProfile(ctx, s.profileName(), func(o *config.LoadSharedConfigOptions) {
		o.ConfigFiles, o.CredentialsFiles = s.opts.ConfigFiles, s.opts.CredentialsFiles
	})
	if err != nil {
		return aws.Config{}, s.explain(err)
	}
	var roles []config.SharedConfig
	at := &shared
	for ; at.Source != nil; at = at.Source {
		roles = append(roles, *at)
	}
	if !at.Credentials.HasKeys() {
		return aws.Config{}, &Error{
			Summary: text.New("The profile %s holds no keys", s.profileName()),
			Fix:     text.New("In isolation only profiles with keys, and roles assumed from them, can be used"),
		}
	}
	plain.Credentials = credentials.StaticCredentialsProvider{Value: at.Credentials}
	for i := len(roles) - 1; i >= 0; i-- {
		r := roles[i]
		plain.Credentials = s.assumeARN(plain, r.RoleARN, Link{ExternalID: r.ExternalID, SessionName: r.RoleSessionName, MFASerial: r.MFASerial})
	}
	return plain, nil
}

func (s *Session) explain(err error) error {
	var missing config.SharedConfigProfileNotExistError
	if errors.As(err, &missing) {
		return &Error{
			Summary: text.New("There is no profile %s", s.profileName()),
			Fix:     text.New("List the profiles with aws configure list-profiles, or make it with aws configure --profile %s", s.profileName()),
			Cause:   err,
		}
	}
	return &Error{
		Summary: text.New("The AWS configuration cannot be used"),
		Fix:     text.New("Try it with aws sts get-caller-identity --profile %s", s.profileName()),
		Cause:   err,
	}
}

func (s *Session) profileName() string { return either(s.id.Base.Profile, "default") }

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
