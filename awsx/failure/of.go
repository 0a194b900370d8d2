package failure

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Marks that other packages of awsx put on their errors, so that nobody has to
// compare sentences.
type (
	// credentialsMark is on errors of getting credentials.
	credentialsMark interface{ CredentialsFailure() bool }
	// unreachableMark is on errors of a proxy that would not connect.
	unreachableMark interface{ Unreachable() bool }
)

// Of says what err is; nil for nil. A *Failure anywhere in err's chain is given
// back as it is.
func Of(err error) *Failure {
	if err == nil {
		return nil
	}
	var known *Failure
	if errors.As(err, &known) {
		return known
	}
	f := &Failure{err: err, Operation: operation(err)}
	var at *url.Error
	if errors.As(err, &at) {
		if u, e := url.Parse(at.URL); e == nil {
			f.Host = u.Hostname()
		}
	}
	f.ofService(err)
	if f.Code == "" && f.Status == 0 {
		f.ofTransport(err)
	}
	f.ofCredentials(err)
	f.hush()
	return f
}

// operation is the SDK operation that failed: the innermost one, because a call
// may fail while its credentials are being fetched by another call.
func operation(err error) string {
	var out string
	for {
		var op *smithy.OperationError
		if !errors.As(err, &op) {
			return out
		}
		out = strings.TrimSpace(op.Service() + " " + op.Operation())
		err = op.Err
	}
}

// ofService reads what an AWS API answered.
func (f *Failure) ofService(err error) {
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) {
		f.Status = answer.HTTPStatusCode()
		if r := answer.Response; r != nil && r.Response != nil {
			f.RequestID = requestID(r.Header)
			if r.Request != nil && r.Request.URL != nil {
				f.Host = r.Request.URL.Hostname()
			}
		}
	}
	var withID *awshttp.ResponseError
	if errors.As(err, &withID) && withID.ServiceRequestID() != "" {
		f.RequestID = withID.ServiceRequestID()
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		f.Code, f.Message = api.ErrorCode(), api.ErrorMessage()
	}
	if f.Code != "" || f.Status != 0 {
		f.Front = FrontAWS
		f.classify()
	}
}

// ofTransport reads an error without an answer.
func (f *Failure) ofTransport(err error) {
	f.Kind = transportKind(err)
	f.Message = err.Error()
	var at *url.Error
	if errors.As(err, &at) {
		// Without the URL in front, whose query is nobody's business.
		f.Message = at.Err.Error()
	}
	f.Transient = f.transient()
	var dns *net.DNSError
	if errors.As(err, &dns) {
		// A name that does not exist is a slip of the pen far more often than
		// an accident of the resolver.
		f.Transient = !dns.IsNotFound
	}
}

func transportKind(err error) Kind {
	switch {
	case errors.Is(err, context.Canceled):
		return Interrupted
	case isTLS(err):
		return TLS
	}
	var op *net.OpError
	var dns *net.DNSError
	var refused unreachableMark
	switch {
	case errors.As(err, &dns), errors.As(err, &refused) && refused.Unreachable():
		return Unreachable
	case errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect" || strings.HasPrefix(op.Op, "socks")):
		return Unreachable
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return Timeout
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EPIPE),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), op != nil:
		return Unreachable
	}
	return Unknown
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

func isTLS(err error) bool {
	var (
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		roots    x509.SystemRootsError
		verify   *tls.CertificateVerificationError
		record   tls.RecordHeaderError
		alert    tls.AlertError
	)
	return errors.As(err, &unknown) || errors.As(err, &hostname) || errors.As(err, &invalid) || errors.As(err, &roots) ||
		errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert)
}

// ofCredentials turns what is merely odd into Credentials when it happened
// while credentials were being fetched: a missing file, a metadata service that
// is not there, a process that fails. What has a name of its own (denied,
// unreachable, interrupted…) keeps it.
func (f *Failure) ofCredentials(err error) {
	var sso *ssocreds.InvalidTokenError
	if errors.As(err, &sso) {
		f.Kind, f.Transient, f.Message = Expired, false, sso.Error()
		return
	}
	var mark credentialsMark
	if !errors.As(err, &mark) || !mark.CredentialsFailure() {
		return
	}
	odd := f.Kind == Unknown || f.Kind == Missing || f.Kind == Invalid || f.Kind == Service
	if odd || (strings.HasPrefix(f.Operation, "ec2imds") && f.Kind != Interrupted) {
		f.Kind, f.Transient = Credentials, false
	}
}
