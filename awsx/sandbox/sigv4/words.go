package sigv4

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"snapferry/awsx/sandbox/access"
)

// problem is a cause of refusal; each protocol family has its own code for it.
type problem int

const (
	missingToken problem = iota
	incomplete
	incompleteQuery
	twoSignatures
	badDate
	badAlgorithm
	badCredential
	badLifetime
	urlExpired
	tooOld
	tooYoung
	hostUnsigned
	badScope
	badSignature
	bodyTooLong
)

// mismatchText is the same in every service; S3's ends differently.
const (
	mismatchText   = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	mismatchTextS3 = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)

// refuse words a problem as the service does: codes of the query protocol (sts,
// iam) are bare, those of the JSON services end in Exception, and kms answers
// 400 where the others answer 403.
func (v Verifier) refuse(p problem, detail string) *access.Refusal {
	if v.s3() {
		return s3Refusal(p, detail)
	}
	out := &access.Refusal{Status: http.StatusForbidden, Message: detail}
	exception := "Exception"
	switch v.Service {
	case "sts", "iam":
		exception = ""
	case "kms":
		out.Status = http.StatusBadRequest
	}
	switch p {
	case missingToken:
		out.Code, out.Message = "MissingAuthenticationToken"+exception, "Missing Authentication Token"
		if exception == "" {
			out.Message = "Request is missing Authentication Token"
		}
	case incomplete, incompleteQuery, badDate, badAlgorithm, badCredential:
		out.Code = "IncompleteSignature" + exception
		if exception == "" {
			out.Status = http.StatusBadRequest
		}
	case bodyTooLong:
		out.Status, out.Code = http.StatusRequestEntityTooLarge, "RequestEntityTooLarge"+exception
	default:
		out.Code = "InvalidSignatureException"
		if exception == "" {
			out.Code = "SignatureDoesNotMatch"
		}
		if p == badSignature {
			out.Message = mismatchText
		}
	}
	return out
}

// s3Refusal has S3's words: one code for everything wrong with the header, another for
// the query form, and no hint at the clocks' difference.
func s3Refusal(p problem, detail string) *access.Refusal {
	malformed := "The authorization header is malformed; "
	switch p {
	case missingToken, urlExpired:
		message := "Access Denied"
		if p == urlExpired {
			message = "Request has expired"
		}
		return &access.Refusal{Status: http.StatusForbidden, Code: "AccessDenied", Message: message}
	case tooOld, tooYoung:
		return &access.Refusal{Status: http.StatusForbidden, Code: "RequestTimeTooSkewed", Message: "The difference between the request time and the current time is too large."}
	case badDate:
		return &access.Refusal{Status: http.StatusForbidden, Code: "AccessDenied", Message: "AWS authentication requires a valid Date or x-amz-date header"}
	case twoSignatures:
		return &access.Refusal{Status: http.StatusBadRequest, Code: "InvalidArgument", Message: "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"}
	case badAlgorithm:
		return &access.Refusal{Status: http.StatusBadRequest, Code: "InvalidRequest", Message: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."}
	case badLifetime, incompleteQuery:
		return &access.Refusal{Status: http.StatusBadRequest, Code: "AuthorizationQueryParametersError", Message: detail}
	case badCredential:
		return &access.Refusal{Status: http.StatusBadRequest, Code: "AuthorizationHeaderMalformed", Message: malformed + `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`}
	case incomplete, badScope:
		return &access.Refusal{Status: http.StatusBadRequest, Code: "AuthorizationHeaderMalformed", Message: malformed + detail}
	}
	return &access.Refusal{Status: http.StatusForbidden, Code: "SignatureDoesNotMatch", Message: mismatchTextS3}
}

// keyRefusal puts a refusal of the key into S3's words; other services use the
// gate's own.
func (v Verifier) keyRefusal(err error, cl *claim) error {
	var r *access.Refusal
	if !v.s3() || !errors.As(err, &r) {
		return err
	}
	switch {
	case strings.HasPrefix(r.Code, "ExpiredToken"):
		return &access.Refusal{Status: http.StatusBadRequest, Code: "ExpiredToken", Message: "The provided token has expired."}
	case cl.token != "":
		return &access.Refusal{Status: http.StatusBadRequest, Code: "InvalidToken", Message: "The provided token is malformed or otherwise invalid."}
	}
	return &access.Refusal{Status: http.StatusForbidden, Code: "InvalidAccessKeyId", Message: "The AWS Access Key Id you provided does not exist in our records."}
}

// skewText fills in the three times and the tolerance; tools and people recognise the
// bracket at the end.
func skewText(format string, at, limit, now time.Time, tolerance time.Duration) string {
	return fmt.Sprintf(format, at.Format(stampForm), limit.Format(stampForm), now.Format(stampForm), int(tolerance/time.Minute))
}

// scope compares the credential scope with what the service stands for and
// names every difference at once, as AWS does.
func (v Verifier) scope(cl *claim) error {
	if v.s3() {
		return v.scopeS3(cl)
	}
	var b strings.Builder
	if v.Region != "" && cl.region != string(v.Region) {
		b.WriteString("Credential should be scoped to a valid region, not '" + cl.region + "'. ")
	}
	if cl.service != v.Service {
		b.WriteString("Credential should be scoped to correct service: '" + v.Service + "'. ")
	}
	if cl.end != terminator {
		b.WriteString("Credential should be scoped with a valid terminator: 'aws4_request', not '" + cl.end + "'. ")
	}
	if day := cl.stamp[:8]; cl.date != day {
		b.WriteString("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" + cl.date + "' != '" + day + "', from '" + cl.stamp + "'.")
	}
	if b.Len() > 0 {
		return v.refuse(badScope, b.String())
	}
	return nil
}

// scopeS3 names the first difference only. The region is looked at first: clients learn
// a bucket's region from this refusal and try again.
func (v Verifier) scopeS3(cl *claim) error {
	wrong := func(what, got, want string) error {
		return v.refuse(badScope, fmt.Sprintf("the %s '%s' is wrong; expecting '%s'", what, got, want))
	}
	switch {
	case v.Region != "" && cl.region != string(v.Region):
		return wrong("region", cl.region, string(v.Region))
	case cl.service != v.Service:
		return v.refuse(badScope, fmt.Sprintf("incorrect service %q. This endpoint belongs to %q.", cl.service, v.Service))
	case cl.end != terminator:
		return v.refuse(badScope, fmt.Sprintf("incorrect terminal %q. This endpoint uses %q.", cl.end, terminator))
	case cl.date != cl.stamp[:8]:
		return v.refuse(badScope, fmt.Sprintf("Invalid credential date %q. This date is not the same as X-Amz-Date: %q.", cl.date, cl.stamp[:8]))
	}
	return nil
}

// coverage wants host under the signature, and for S3 every x-amz- header that
// came along: one that was added on the way must not take effect.
func (v Verifier) coverage(r *http.Request, cl *claim) error {
	signed := func(name string) bool {
		for _, s := range cl.signed {
			if s == name {
				return true
			}
		}
		return false
	}
	if !signed("host") {
		return v.refuse(hostUnsigned, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	if !v.s3() {
		return nil
	}
	for name := range r.Header {
		if low := strings.ToLower(name); strings.HasPrefix(low, "x-amz-") && !signed(low) {
			return &access.Refusal{Status: http.StatusForbidden, Code: "AccessDenied", Message: "There were headers present in the request which were not signed"}
		}
	}
	return nil
}
