package session

import (
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"

	"snapferry/awsx/text"
)

// task asks the container credentials endpoint: ECS gives a path on
// 169.254.170.2, EKS Pod Identity a full URL and a file with a token.
func (s *Session) task(cfg aws.Config) (aws.CredentialsProvider, error) {
	target := s.opts.Getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI")
	if rel := s.opts.Getenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); rel != "" {
		target = "http://169.254.170.2" + rel
	}
	u, err := url.Parse(target)
	if target == "" || err != nil || !mayHoldCredentials(u) {
		return nil, &Error{
			Summary: text.New("This host gives no task role"),
			Fix:     text.New("The variables AWS_CONTAINER_CREDENTIALS_… are missing in shells opened by su or ssh; copy them from process 1 or use other credentials"),
			Cause:   err,
		}
	}
	return cached(endpointcreds.New(target, func(o *endpointcreds.Options) {
		o.HTTPClient = cfg.HTTPClient
		o.AuthorizationToken = s.opts.Getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN")
		if file := s.opts.Getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); file != "" {
			o.AuthorizationTokenProvider = endpointcreds.TokenProviderFunc(func() (string, error) {
				b, err := os.ReadFile(file)
				return strings.TrimSpace(string(b)), err
			})
		}
	})), nil
}

// mayHoldCredentials is the SDK's rule: over plain http only loopback and the
// addresses of ECS and EKS may be asked.
func mayHoldCredentials(u *url.URL) bool {
	if u.Scheme == "https" && u.Host != "" {
		return true
	}
	a, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		return false
	}
	switch a.String() {
	case "169.254.170.2", "169.254.170.23", "fd00:ec2::23":
		return u.Scheme == "http"
	}
	return u.Scheme == "http" && a.IsLoopback()
}
