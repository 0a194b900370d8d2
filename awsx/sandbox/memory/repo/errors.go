package repo

import (
	"context"
	"errors"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory/wire"
)

// closed is a bucket that cannot be reached at all.
type closed struct{ err error }

// Closed makes a bucket every use of which fails with err: what an engine has
// after its role could not be assumed, which it learns at the first call.
func Closed(err error) backend.Blobs { return closed{err} }

func (c closed) Get(context.Context, string) ([]byte, error)          { return nil, c.err }
func (c closed) Put(context.Context, string, []byte) error            { return c.err }
func (c closed) List(context.Context, string) ([]backend.Blob, error) { return nil, c.err }
func (c closed) Delete(context.Context, []string) error               { return c.err }

// sdk is the AWS SDK's own exception for what the store answered.
func (r *Repository) sdk(err error) *wire.Error {
	var own *wire.Error
	if errors.As(err, &own) {
		return own
	}
	var se *backend.StoreError
	if !errors.As(err, &se) {
		return wire.NewForeign(500, "sdk_client_exception", "Unable to execute HTTP request: %s", err)
	}
	switch r.opt.SDK {
	case SDK1:
		return wire.NewForeign(500, se.LegacyType(), "%s", se.LegacyReason())
	case SDK2:
		return wire.NewForeign(500, se.Type(), "%s", se.Reason())
	}
	return wire.NewForeign(500, se.Type(), "%s", se.CountedReason())
}

// io wraps the SDK's exception the way the S3 plugin does.
func (r *Repository) io(err error, format string, args ...any) *wire.Error {
	return wire.NewForeign(500, "i_o_exception", format, args...).CausedBy(r.sdk(err))
}

// missing recognises S3's answer for a key that is not there.
func missing(err error) bool {
	var se *backend.StoreError
	return errors.As(err, &se) && se.Service == "S3" && se.Code == "NoSuchKey"
}

// get reads a blob. A missing one becomes Java's NoSuchFileException with the
// SDK's text in it; any other refusal passes as the SDK's exception.
func (r *Repository) get(ctx context.Context, key string) ([]byte, *wire.Error) {
	b, err := r.blobs.Get(ctx, key)
	switch {
	case err == nil:
		return b, nil
	case missing(err):
		return nil, wire.NewForeign(500, "no_such_file_exception", "Blob object [%s] not found: %s", key, r.sdk(err).Reason)
	}
	return nil, r.sdk(err)
}

// put writes a blob in one piece.
func (r *Repository) put(ctx context.Context, key string, body []byte) *wire.Error {
	if err := r.blobs.Put(ctx, key, body); err != nil {
		return r.io(err, "Unable to upload object [%s] using a single upload", key)
	}
	return nil
}

// list gives the blobs under a prefix.
func (r *Repository) list(ctx context.Context, prefix string) ([]backend.Blob, *wire.Error) {
	l, err := r.blobs.List(ctx, prefix)
	if err != nil {
		return nil, r.io(err, "Exception when listing blobs by prefix [%s]", prefix)
	}
	return l, nil
}

// remove deletes blobs; none is no call.
func (r *Repository) remove(ctx context.Context, keys []string) *wire.Error {
	if len(keys) == 0 {
		return nil
	}
	err := r.blobs.Delete(ctx, keys)
	switch {
	case err == nil:
		return nil
	case r.opt.SDK != SDK2Async:
		return r.io(err, "Exception when deleting blobs [%s]", keys[0])
	}
	inner := r.sdk(err)
	class := "software.amazon.awssdk.services.s3.model.S3Exception: " + inner.Reason
	return wire.NewForeign(500, "runtime_exception", "java.util.concurrent.CompletionException: %s", class).
		CausedBy(wire.NewForeign(500, "completion_exception", "%s", class).CausedBy(inner))
}

// sweepUp removes what is of no use any more. The engine only notes in its log
// that the store did not let it.
func (r *Repository) sweepUp(ctx context.Context, keys []string) { _ = r.remove(ctx, keys) }

// failed is a RepositoryException of this repository.
func (r *Repository) failed(cause *wire.Error, text string) *wire.Error {
	return wire.New(500, "repository_exception", "[%s] %s", r.opt.Name, text).CausedBy(cause)
}
