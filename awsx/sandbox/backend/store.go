package backend

import (
	"context"
	"fmt"
	"strings"
)

// Place is where a snapshot repository lives and as whom it is reached: the
// settings role_arn, bucket, region and canned_acl of its registration, as the
// caller wrote them. Region may be empty; a region that is not the bucket's is
// refused by the store, as S3 does it. CannedACL goes with every object that is
// written; "" is the engine's default, private.
type Place struct {
	RoleARN   string
	Bucket    string
	Region    string
	CannedACL string
}

// RoleAccess reaches the sandbox's object store as a role the service assumes.
type RoleAccess interface {
	// Open assumes the role anew, so that a trust policy changed since the
	// registration shows, and gives the bucket as that role sees it. Failures of
	// Open and of every method of Blobs are *StoreError values, apart from a
	// context that ended.
	Open(ctx context.Context, at Place) (Blobs, error)
}

// Blobs is one bucket seen with one role's rights; each call is judged anew.
// Keys are whole object keys, base path included.
type Blobs interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Put(ctx context.Context, key string, body []byte) error
	// List gives the objects whose keys begin with prefix, in byte order of
	// their keys, however many they are.
	List(ctx context.Context, prefix string) ([]Blob, error)
	// Delete removes keys; a key that is not there is no error.
	Delete(ctx context.Context, keys []string) error
}

// Blob is one object in a listing. Size is in bytes.
type Blob struct {
	Key  string
	Size int64
}

// StoreError is what S3, STS or KMS answered to the service. The fields are the
// parts an engine prints.
type StoreError struct {
	// Service is "S3", "Sts" or "Kms", spelt as the Java SDK spells it.
	Service string
	// Code is the service's error code: AccessDenied, NoSuchBucket, NoSuchKey…
	Code      string
	Message   string
	Status    int
	RequestID string
}

func (e *StoreError) Error() string { return e.Code + ": " + e.Reason() }

// Reason is the text OpenSearch from 2.12 to 2.19 prints for the error: the AWS
// SDK for Java 2 appends the service's answer to its message in this form.
func (e *StoreError) Reason() string {
	return fmt.Sprintf("%s (Service: %s, Status Code: %d, Request ID: %s)", e.Message, e.Service, e.Status, e.RequestID)
}

// CountedReason is the text of OpenSearch 3, whose SDK adds how often it tried;
// refusals are not tried again.
func (e *StoreError) CountedReason() string { return e.Reason() + " (SDK Attempt Count: 1)" }

// LegacyReason is the text of Elasticsearch 7.10 and older OpenSearch, which
// carry the AWS SDK for Java 1.
func (e *StoreError) LegacyReason() string {
	name := map[string]string{"S3": "Amazon S3", "Sts": "AWSSecurityTokenService", "Kms": "AWSKMS"}[e.Service]
	if name == "" {
		name = e.Service
	}
	return fmt.Sprintf("%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s)", e.Message, name, e.Status, e.Code, e.RequestID)
}

// Type is the error type of OpenSearch from 2.12 on: the SDK's exception class
// in snake case. Only the codes the SDK models have a class of their own.
func (e *StoreError) Type() string {
	switch e.Service + " " + e.Code {
	case "S3 NoSuchKey":
		return "no_such_key_exception"
	case "S3 NoSuchBucket":
		return "no_such_bucket_exception"
	}
	return strings.ToLower(e.Service) + "_exception"
}

// LegacyType is the error type of Elasticsearch 7.10 and older OpenSearch, made
// from class names like AmazonS3Exception and AWSSecurityTokenServiceException.
func (e *StoreError) LegacyType() string {
	switch e.Service {
	case "Sts":
		return "a_w_s_security_token_service_exception"
	case "Kms":
		return "a_w_s_k_m_s_exception"
	}
	return "amazon_" + strings.ToLower(e.Service) + "_exception"
}
