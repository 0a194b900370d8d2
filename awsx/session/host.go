package session

import (
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"

	"snapferry/awsx/text"
)

// Host is where the machine itself is asked for credentials. What is "" is what
// the environment says, as the SDK reads it; in isolation it is nowhere.
type Host struct {
	// Metadata is the instance metadata service, e.g. http://169.254.169.254.
	Metadata string
	// Task is the URL of a task's or pod's credentials, TaskToken what it wants to
	// be shown, "" for nothing.
	Task      string
	TaskToken Secret
}

// instance asks the metadata service, in its second version only: the first one
// hands its credentials to whatever can make this host send a request.
func (s *Session) instance(cfg aws.Config) (aws.CredentialsProvider, error) {
	client, err := s.metadata(cfg)
	if err != nil {
		return nil, err
	}
	return cached(ec2rolecreds.New(func(o *ec2rolecreds.Options) { o.Client = client })), nil
}

// metadata is the instance's metadata service.
func (s *Session) metadata(cfg aws.Config) (*imds.Client, error) {
	endpoint, mode := s.opts.Host.Metadata, ""
	if endpoint == "" && !s.opts.Isolated {
		if strings.EqualFold(s.opts.Getenv("AWS_EC2_METADATA_DISABLED"), "true") {
			return nil, &Error{
				Summary: text.New("The instance's metadata service is switched off here, by AWS_EC2_METADATA_DISABLED"),
				Fix:     text.New("Unset the variable, or use other credentials"),
			}
		}
		endpoint, mode = s.opts.Getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT"), s.opts.Getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")
	}
	if endpoint == "" && s.opts.Isolated {
		return nil, &Error{Summary: text.New("This host gives no instance role"), Fix: text.New("Use other credentials")}
	}
	var bad error
	client := imds.NewFromConfig(cfg, func(o *imds.Options) {
		// Said outright, so that the SDK does not look into the environment itself.
		o.Endpoint, o.ClientEnableState, o.EnableFallback = endpoint, imds.ClientEnabled, aws.FalseTernary
		bad = o.EndpointMode.SetFromString(mode)
	})
	if bad != nil {
		return nil, &Error{
			Summary: text.New("%q is no mode of the metadata service", mode), Cause: bad,
			Fix: text.New("Set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE to IPv4 or IPv6, or unset it"),
		}
	}
	return client, nil
}

// task asks the container credentials endpoint: ECS gives a path on
// 169.254.170.2, EKS Pod Identity a full URL and a file with a token.
func (s *Session) task(cfg aws.Config) (aws.CredentialsProvider, error) {
	target, token, err := s.container()
	if err != nil {
		return nil, err
	}
	return cached(endpointcreds.New(target, func(o *endpointcreds.Options) {
		o.HTTPClient, o.AuthorizationTokenProvider = cfg.HTTPClient, token
	})), nil
}

// container is where a task or a pod is given its credentials, and what it has to
// show there.
func (s *Session) container() (target string, token endpointcreds.TokenProviderFunc, err error) {
	target, fixed, file := s.opts.Host.Task, s.opts.Host.TaskToken, ""
	if target == "" && !s.opts.Isolated {
		target, fixed = s.opts.Getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI"), NewSecret(s.opts.Getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
		file = s.opts.Getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
		if path := s.opts.Getenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); path != "" {
			target = "http://169.254.170.2" + path
		}
	}
	u, err := url.Parse(target)
	if target == "" || err != nil || !mayHoldCredentials(u) {
		return "", nil, &Error{
			Summary: text.New("This host gives no task role"),
			Fix:     text.New("The variables AWS_CONTAINER_CREDENTIALS_… are missing in shells opened by su or ssh; copy them from process 1 or use other credentials"),
			Cause:   err,
		}
	}
	return target, func() (string, error) {
		if file == "" {
			return fixed.Reveal(), nil
		}
		// Kubernetes writes a new token into it from time to time.
		b, err := os.ReadFile(file)
		return strings.TrimSpace(string(b)), err
	}, nil
}

// mayHoldCredentials is the SDK's rule: over plain http only loopback and the
// addresses of ECS and EKS may be asked.
func mayHoldCredentials(u *url.URL) bool {
	if u.Scheme == "https" {
		return u.Host != ""
	}
	if u.Scheme != "http" || u.Hostname() == "localhost" {
		return u.Scheme == "http"
	}
	a, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		return false
	}
	switch a.String() {
	case "169.254.170.2", "169.254.170.23", "fd00:ec2::23":
		return true
	}
	return a.IsLoopback()
}
