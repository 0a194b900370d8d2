package failure_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"

	"snapferry/awsx/failure"
)

// proxyRefusal and noCredentials carry the marks other packages of awsx put on.
type (
	proxyRefusal  struct{}
	noCredentials struct{ error }
)

func (proxyRefusal) Error() string             { return "no way" }
func (proxyRefusal) Unreachable() bool         { return true }
func (noCredentials) CredentialsFailure() bool { return true }
func (e noCredentials) Unwrap() error          { return e.error }

func through(err error) error {
	return &url.Error{Op: "Get", URL: "https://h.example/p?X-Amz-Security-Token=hush", Err: err}
}

func TestOfTransport(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for name, tc := range map[string]struct {
		err       error
		want      failure.Kind
		transient bool
	}{
		"no such host":      {through(dial(&net.DNSError{Err: "no such host", Name: "h", IsNotFound: true})), failure.Unreachable, false},
		"resolver down":     {through(dial(&net.DNSError{Err: "server misbehaving", Name: "h", IsTemporary: true})), failure.Unreachable, true},
		"refused":           {through(dial(os.NewSyscallError("connect", errors.New("refused")))), failure.Unreachable, true},
		"dial timed out":    {through(dial(os.ErrDeadlineExceeded)), failure.Unreachable, true},
		"cut off":           {through(io.ErrUnexpectedEOF), failure.Unreachable, true},
		"proxy refuses":     {through(proxyRefusal{}), failure.Unreachable, true},
		"no header in time": {through(context.DeadlineExceeded), failure.Timeout, true},
		"interrupted":       {through(context.Canceled), failure.Interrupted, false},
		"unknown authority": {through(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), failure.TLS, false},
		"other name":        {through(x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"}), failure.TLS, false},
		"not TLS at all":    {through(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}), failure.TLS, false},
		"who knows":         {errors.New("odd"), failure.Unknown, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := failure.Of(fmt.Errorf("reading: %w", tc.err))
			if f.Kind != tc.want || f.Transient != tc.transient {
				t.Errorf("%s transient=%v, want %s %v", f.Kind, f.Transient, tc.want, tc.transient)
			}
			if !errors.Is(f, tc.err) {
				t.Error("the cause is lost")
			}
			if name != "who knows" && (f.Host != "h.example" || f.Message != errors.Unwrap(tc.err).Error()) {
				t.Errorf("host %q, message %q", f.Host, f.Message)
			}
		})
	}
}

func TestOfCredentials(t *testing.T) {
	op := func(service, name string, err error) error {
		return &smithy.OperationError{ServiceID: service, OperationName: name, Err: err}
	}
	within := func(err error) error { return op("IAM", "GetRole", noCredentials{err}) }
	denied := op("STS", "AssumeRole", &smithy.GenericAPIError{Code: "AccessDenied", Message: "no"})
	for name, tc := range map[string]struct {
		err  error
		want failure.Kind
		op   string
	}{
		"no file":             {within(os.ErrNotExist), failure.Credentials, "IAM GetRole"},
		"no metadata service": {within(op("ec2imds", "GetMetadata", through(context.DeadlineExceeded))), failure.Credentials, "ec2imds GetMetadata"},
		"login ran out":       {within(&ssocreds.InvalidTokenError{}), failure.Expired, "IAM GetRole"},
		"link refused":        {within(denied), failure.Denied, "STS AssumeRole"},
		"interrupted":         {within(context.Canceled), failure.Interrupted, "IAM GetRole"},
		"STS unreachable":     {within(op("STS", "AssumeRole", through(io.EOF))), failure.Unreachable, "STS AssumeRole"},
	} {
		t.Run(name, func(t *testing.T) {
			f := failure.Of(tc.err)
			if f.Kind != tc.want || f.Operation != tc.op {
				t.Errorf("%s at %q, want %s at %q", f.Kind, f.Operation, tc.want, tc.op)
			}
			if f.NeedsLogin() != (tc.want == failure.Credentials || tc.want == failure.Expired) {
				t.Error("NeedsLogin is wrong")
			}
		})
	}
}

func TestOfGivesBackWhatItMade(t *testing.T) {
	f := failure.Parse(404, []byte(`{"message":"gone"}`))
	if failure.Of(fmt.Errorf("while: %w", f)) != f {
		t.Error("a failure was read a second time")
	}
	if failure.Of(nil) != nil || failure.Is(nil, failure.Missing) {
		t.Error("nil is a failure")
	}
	if !failure.Is(f, failure.Denied, failure.Missing) || failure.Is(f, failure.Denied) {
		t.Error("Is does not compare kinds")
	}
}

// TestOfSDK runs the SDK's own client, so that the shapes are its and not ours.
func TestOfSDK(t *testing.T) {
	answer := func(status int, body string) *iam.Client {
		rt := roundTripper(func(r *http.Request) (*http.Response, error) {
			h := http.Header{"X-Amzn-Requestid": {"r-1"}, "Content-Type": {"text/xml"}}
			return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(newReader(body)), Request: r}, nil
		})
		return iam.New(iam.Options{
			Region: "us-east-1", HTTPClient: &http.Client{Transport: rt}, RetryMaxAttempts: 1,
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "AKIA", SecretAccessKey: "hush"}, nil
			}),
		})
	}
	body := func(code string) string {
		return `<ErrorResponse><Error><Type>Sender</Type><Code>` + code + `</Code><Message>words</Message></Error><RequestId>r-2</RequestId></ErrorResponse>`
	}
	for _, tc := range []struct {
		status int
		code   string
		want   failure.Kind
	}{
		{404, "NoSuchEntity", failure.Missing},
		{409, "EntityAlreadyExists", failure.Exists},
		{403, "AccessDenied", failure.Denied},
		{403, "ExpiredToken", failure.Expired},
		{403, "InvalidClientTokenId", failure.Credentials},
		{403, "SignatureDoesNotMatch", failure.Signature},
		{400, "Throttling", failure.Throttled},
		{400, "MalformedPolicyDocument", failure.Invalid},
		{409, "DeleteConflict", failure.Conflict},
		{503, "ServiceUnavailable", failure.Service},
		{418, "NeverMet", failure.Invalid},
	} {
		t.Run(tc.code, func(t *testing.T) {
			_, err := answer(tc.status, body(tc.code)).GetRole(context.Background(), &iam.GetRoleInput{RoleName: aws.String("r")})
			f := failure.Of(err)
			if f.Kind != tc.want || f.Status != tc.status || f.Code != tc.code || f.Message != "words" {
				t.Errorf("%+v", f)
			}
			if f.Operation != "IAM GetRole" || f.RequestID == "" || f.Host != "iam.amazonaws.com" || f.Front != failure.FrontAWS {
				t.Errorf("operation %q, request %q, host %q", f.Operation, f.RequestID, f.Host)
			}
		})
	}
}
