package s3

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/store"
	"snapferry/awsx/sandbox/wire"
)

// blobs is a bucket as one caller sees it, without a wire between: the same
// decisions, objects and refusals as over HTTP.
type blobs struct {
	s      *Service
	who    access.Caller
	bucket string
	region awsid.Region
	acl    string
}

var _ backend.Blobs = blobs{}

// serviceAddress is where the service's own calls come from: an address of AWS,
// and no network of the customer's, whatever network the domain stands in.
const serviceAddress = "198.51.100.23"

// Blobs gives the bucket of a place as the caller sees it. Every call looks at
// the bucket and the policies anew; errors are *backend.StoreError, apart from a
// context that ended.
func (s *Service) Blobs(who access.Caller, at backend.Place) backend.Blobs {
	acl := at.CannedACL
	if acl == "" {
		acl = aclPrivate
	}
	return blobs{s, who, at.Bucket, awsid.Region(at.Region), acl}
}

// open finds the bucket's configuration and the condition keys of a call.
func (b blobs) open(ctx context.Context) (BucketConfig, map[string][]string, error) {
	if err := ctx.Err(); err != nil {
		return BucketConfig{}, nil, err
	}
	cfg, ok := b.s.Buckets.Bucket(b.bucket)
	switch {
	case !ok:
		return cfg, nil, noSuchBucket(b.bucket)
	// The engine signs for the region of its settings; SDKs word the refusal so.
	case b.region != "" && b.region != cfg.Region:
		return cfg, nil, newError(http.StatusMovedPermanently, "PermanentRedirect",
			"The bucket is in this region: "+string(cfg.Region)+". Please use this region to retry the request")
	}
	return cfg, map[string][]string{
		"aws:SecureTransport": {"true"}, "aws:SourceIp": {serviceAddress}, "aws:RequestedRegion": {string(cfg.Region)},
		"s3:authType": {"REST-HEADER"}, "s3:signatureversion": {"AWS4-HMAC-SHA256"},
	}, nil
}

// Get reads a whole object. The metadata blobs of a repository, which is what comes
// this way, are small.
func (b blobs) Get(ctx context.Context, key string) ([]byte, error) {
	cfg, facts, err := b.open(ctx)
	if err == nil {
		err = b.s.may(b.who, cfg, "s3:GetObject", objectARN(b.bucket, key), facts)
	}
	if err != nil {
		return nil, b.failure(ctx, err)
	}
	// Deciding came first: the answer must not tell whether the key is there.
	f, o, err := b.s.Store.Open(b.bucket, key)
	if errors.Is(err, store.ErrNoKey) {
		err = b.s.missing(b.who, cfg, key, facts)
	}
	if err != nil {
		return nil, b.failure(ctx, err)
	}
	defer f.Close()
	if err := errors.Join(mayRead(b.who, cfg, o.Attr), b.s.mayDecrypt(b.who, cfg, key, o.Attr)); err != nil {
		return nil, b.failure(ctx, err)
	}
	body, err := io.ReadAll(io.NewSectionReader(f, 0, o.Size))
	return body, b.failure(ctx, err)
}

// Put writes as the engine's plugin does: with a canned list on every object.
func (b blobs) Put(ctx context.Context, key string, body []byte) error {
	cfg, facts, err := b.open(ctx)
	if err == nil {
		facts["s3:x-amz-acl"] = []string{b.acl}
		err = b.s.mayWrite(b.who, cfg, key, facts)
	}
	sealed := cfg.Encryption
	if err == nil {
		sealed, err = b.s.mayEncrypt(b.who, cfg, key, sealed)
	}
	if err != nil {
		return b.failure(ctx, err)
	}
	w, err := b.s.Store.Create()
	if err != nil {
		return b.failure(ctx, err)
	}
	// Discard after a Commit does nothing; before, it takes back what was written.
	defer w.Discard()
	sum := &digests{algorithm: defaultAlgorithm, sum: newHash(defaultAlgorithm)}
	if _, err := io.Copy(io.MultiWriter(w, sum), bytes.NewReader(body)); err != nil {
		return b.failure(ctx, err)
	}
	attr := encryptionAttr(sealed)
	attr[checksumPrefix+sum.algorithm] = sum.value()
	if owner := cfg.ownerOf(b.who.Account, b.acl); owner != cfg.Owner {
		attr[ownerKey], attr["x-amz-acl"] = string(owner), b.acl
	}
	_, err = w.Commit(b.bucket, key, attr, store.Condition{})
	return b.failure(ctx, err)
}

// List reads sizes and names alone: describing an object would make the store read
// files a node wrote, gigabytes of them, for ETags nobody asked for.
func (b blobs) List(ctx context.Context, prefix string) ([]backend.Blob, error) {
	cfg, facts, err := b.open(ctx)
	if err == nil {
		facts["s3:prefix"] = []string{prefix}
		err = b.s.may(b.who, cfg, "s3:ListBucket", bucketARN(b.bucket), facts)
	}
	if err != nil {
		return nil, b.failure(ctx, err)
	}
	var out []backend.Blob
	for e, err := range b.s.Store.Keys(b.bucket, prefix, "") {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, b.failure(ctx, err)
		}
		out = append(out, backend.Blob{Key: e.Key, Size: e.Size})
	}
	return out, nil
}

// Delete judges key by key, as DeleteObjects does, and ends at the first refusal:
// the engine treats one failed key as a failed deletion.
func (b blobs) Delete(ctx context.Context, keys []string) error {
	cfg, facts, err := b.open(ctx)
	if err != nil {
		return b.failure(ctx, err)
	}
	for _, key := range keys {
		err := ctx.Err()
		if err == nil {
			err = b.s.may(b.who, cfg, "s3:DeleteObject", objectARN(b.bucket, key), facts)
		}
		if err == nil {
			err = b.s.Store.Delete(b.bucket, key)
		}
		if err != nil {
			return b.failure(ctx, err)
		}
	}
	return nil
}

// failure is an error as the engine hears of it.
func (b blobs) failure(ctx context.Context, err error) error {
	// Whatever failed while the caller gave up, that it gave up is the reason.
	if err == nil || ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	var e *Error
	if !errors.As(err, &e) {
		b.s.Logger.Error("s3 failed", "bucket", b.bucket, "error", err)
		e = newError(http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
	}
	return &backend.StoreError{
		Service: "S3", Code: e.Code, Message: e.Message, Status: e.Status,
		RequestID: b.s.requestID(&wire.Call{ID: wire.NewID()}),
	}
}
