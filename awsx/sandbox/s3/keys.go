package s3

import (
	"errors"
	"net/http"
	"strings"

	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/kms"
	"snapferry/awsx/sandbox/wire"
)

// Keys decides about KMS keys on behalf of whoever asks S3; kms.Keys does.
type Keys interface {
	// Use gives the ARN of the key, or a *wire.Fault in KMS's words.
	Use(kms.Wish) (arn string, err error)
}

// What S3 needs of a key. To write takes a new data key, to read, and to go on
// with an upload, the one that was made.
const (
	toWrite = "kms:GenerateDataKey"
	toRead  = "kms:Decrypt"
)

// kms says whether a key of KMS is involved at all.
func (e Encryption) kms() bool { return strings.HasPrefix(e.Algorithm, "aws:kms") }

// mayEncrypt asks for a new object's key with the writer's own rights, and writes
// down which one it was: an alias may mean another key tomorrow.
func (s *Service) mayEncrypt(who access.Caller, cfg BucketConfig, object string, e Encryption) (Encryption, error) {
	if !e.kms() || s.Keys == nil {
		return e, nil
	}
	arn, err := s.use(who, cfg, object, e, toWrite)
	e.Key = arn
	return e, err
}

// mayDecrypt asks for the key of what is there.
func (s *Service) mayDecrypt(who access.Caller, cfg BucketConfig, object string, attr map[string]string) error {
	e := Encryption{Algorithm: attr[sseHeader], Key: attr[sseKeyHeader], BucketKey: attr[sseBucketKey] == "true"}
	if !e.kms() || s.Keys == nil {
		return nil
	}
	_, err := s.use(who, cfg, object, e, toRead)
	return err
}

// use asks KMS as S3 does: for the caller, saying what it is for. With a bucket
// key that is the bucket, for one key serves many objects then.
func (s *Service) use(who access.Caller, cfg BucketConfig, object string, e Encryption, action string) (string, error) {
	if who.Anonymous {
		return "", newError(http.StatusBadRequest, "InvalidArgument", "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.")
	}
	about := objectARN(cfg.Name, object)
	if e.BucketKey {
		about = bucketARN(cfg.Name)
	}
	arn, err := s.Keys.Use(kms.Wish{
		Caller: who, Service: "s3", Region: cfg.Region, Action: action, Key: e.Key,
		Context: map[string]string{"aws:s3:arn": about}, Facts: map[string][]string{"aws:RequestedRegion": {string(cfg.Region)}},
	})
	var fault *wire.Fault
	switch {
	case !errors.As(err, &fault):
		return arn, err
	case fault.Code == "AccessDeniedException":
		return "", accessDenied(fault.Message)
	}
	return "", newError(http.StatusBadRequest, "KMS."+fault.Code, fault.Message)
}
