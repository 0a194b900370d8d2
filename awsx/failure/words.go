package failure

import "strings"

// codes are AWS error codes by kind, from the error lists of STS, IAM, S3, KMS
// and the OpenSearch control plane. Codes that are not here fall back to the status.
var codes = map[Kind][]string{
	Denied:  {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AllAccessDisabled", "InvalidPayer"},
	Expired: {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired", "UnauthorizedException", "InvalidGrantException"},
	Credentials: {
		"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidToken",
		"AuthFailure", "MissingAuthenticationToken", "MissingAuthenticationTokenException", "NotSignedUp", "OptInRequired",
	},
	Signature: {
		"SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed", "RequestInTheFuture",
		"AuthorizationHeaderMalformed", "IncompleteSignature", "IncompleteSignatureException", "XAmzContentSHA256Mismatch",
	},
	Throttled: {
		"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException",
		"RequestLimitExceeded", "SlowDown", "LimitExceededException", "BandwidthLimitExceeded",
	},
	Missing: {
		"NoSuchEntity", "NoSuchBucket", "NoSuchKey", "NotFound", "NotFoundException", "ResourceNotFoundException",
		"NoSuchBucketPolicy", "ServerSideEncryptionConfigurationNotFoundError", "NoSuchPublicAccessBlockConfiguration",
		"KMS.NotFoundException", "OwnershipControlsNotFoundError", "NoSuchTagSet", "NoSuchLifecycleConfiguration", "NoSuchUpload",
	},
	Exists:   {"EntityAlreadyExists", "BucketAlreadyExists", "BucketAlreadyOwnedByYou", "ResourceAlreadyExistsException", "AlreadyExistsException"},
	Conflict: {"DeleteConflict", "ConcurrentModification", "BucketNotEmpty", "OperationAborted", "ConflictException", "KMSInvalidStateException", "DisabledException", "KMS.KMSInvalidStateException", "KMS.DisabledException"},
	Service:  {"InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable", "ServiceUnavailableException", "ServiceFailure", "KMSInternalException", "DependencyTimeoutException"},
	Timeout:  {"RequestTimeout", "RequestTimeoutException", "GATEWAY_TIMEOUT"},
	Invalid: {
		"MalformedPolicy", "MalformedPolicyDocument", "MalformedPolicyDocumentException", "ValidationError", "ValidationException",
		"InvalidInput", "InvalidArnException", "UnsupportedOperationException", "InvalidArgument", "InvalidRequest", "InvalidBucketName", "AccessControlListNotSupported", "PermanentRedirect",
		"IllegalLocationConstraintException", "InvalidLocationConstraint", "EntityTooLarge", "MethodNotAllowed",
	},
}

var kindOfCode = func() map[string]Kind {
	m := map[string]Kind{}
	for k, list := range codes {
		for _, c := range list {
			m[c] = k
		}
	}
	return m
}()

// codeKind is "" for a code that is not known.
func codeKind(code string) Kind { return kindOfCode[code] }

// words are phrases the managed service's front, STS and S3 write, lower case.
// The first that is contained decides.
var words = []struct {
	phrase string
	kind   Kind
}{
	{"signature we calculated does not match", Signature},
	{"signature expired:", Signature}, // the clock, not the login
	{"signature not yet current:", Signature},
	{"credential should be scoped to", Signature},
	{"difference between the request time and the current time", Signature},
	{"security token included in the request is expired", Expired},
	{"the provided token has expired", Expired},
	{"security token included in the request is invalid", Credentials},
	{"missing authentication token", Credentials},
	{"authentication finally failed", Credentials},
	{"throttled due to too many requests", Throttled},
	{"too many requests", Throttled},
	{"rate exceeded", Throttled},
	{"is not allowed by amazon", Invalid},                     // answered with 401: not offered, no matter who asks
	{"role_arn is needed for snapshot registration", Invalid}, // 401 as well
	{"not authorized to perform", Denied},
	{"no permission to access rest api", Denied},
	{"no permissions for [", Denied},
}

func wordsKind(message string) Kind {
	low := strings.ToLower(message)
	for _, w := range words {
		if strings.Contains(low, w.phrase) {
			return w.kind
		}
	}
	return ""
}
