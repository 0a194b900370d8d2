// Package fake is an object store in memory for the tests of this room: one
// bucket that can be told to refuse, to lose objects, or to let its role not be
// assumed. Only tests import it.
package fake

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"snapferry/awsx/sandbox/backend"
)

// Bucket is a backend.RoleAccess and backend.Blobs in one. The fields may be
// changed between calls, not during them.
type Bucket struct {
	// Refuse decides, by operation (get, put, list, delete) and key, what the
	// role may not do; nil allows everything.
	Refuse func(op, key string) error
	// OpenError is why the role cannot be assumed.
	OpenError error

	mu      sync.Mutex
	objects map[string][]byte
	puts    []string
}

// NewBucket makes an empty bucket.
func NewBucket() *Bucket { return &Bucket{objects: map[string][]byte{}} }

// Missing is the name of a bucket that does not exist.
const Missing = "no-such-bucket"

// Open implements backend.RoleAccess. Every name but Missing is this bucket.
func (b *Bucket) Open(_ context.Context, at backend.Place) (backend.Blobs, error) {
	switch {
	case b.OpenError != nil:
		return nil, b.OpenError
	case at.Bucket == Missing:
		gone := Error(404, "NoSuchBucket", "The specified bucket does not exist")
		return &Bucket{Refuse: func(string, string) error { return gone }}, nil
	}
	return b, nil
}

// Error is an answer of S3.
func Error(status int, code, message string) error {
	return &backend.StoreError{Service: "S3", Code: code, Message: message, Status: status, RequestID: "REQ1"}
}

// Denied is S3's refusal.
func Denied() error { return Error(403, "AccessDenied", "Access Denied") }

// NotTrusted is the refusal of STS to assume a role.
func NotTrusted() error {
	return &backend.StoreError{Service: "Sts", Code: "AccessDenied", Message: "not authorized to perform: sts:AssumeRole", Status: 403, RequestID: "REQ1"}
}

// may asks Refuse.
func (b *Bucket) may(op, key string) error {
	if b.Refuse != nil {
		return b.Refuse(op, key)
	}
	return nil
}

// Get implements backend.Blobs.
func (b *Bucket) Get(ctx context.Context, key string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := firstError(ctx.Err(), b.may("get", key)); err != nil {
		return nil, err
	}
	if v, ok := b.objects[key]; ok {
		return v, nil
	}
	return nil, Error(404, "NoSuchKey", "The specified key does not exist.")
}

// Put implements backend.Blobs.
func (b *Bucket) Put(ctx context.Context, key string, body []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := firstError(ctx.Err(), b.may("put", key)); err != nil {
		return err
	}
	b.objects[key] = bytes.Clone(body)
	b.puts = append(b.puts, key)
	return nil
}

// List implements backend.Blobs.
func (b *Bucket) List(ctx context.Context, prefix string) ([]backend.Blob, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := firstError(ctx.Err(), b.may("list", prefix)); err != nil {
		return nil, err
	}
	var out []backend.Blob
	for k, v := range b.objects {
		if strings.HasPrefix(k, prefix) {
			out = append(out, backend.Blob{Key: k, Size: int64(len(v))})
		}
	}
	slices.SortFunc(out, func(a, b backend.Blob) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// Delete implements backend.Blobs.
func (b *Bucket) Delete(ctx context.Context, keys []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range keys {
		if err := firstError(ctx.Err(), b.may("delete", k)); err != nil {
			return err
		}
		delete(b.objects, k)
	}
	return nil
}

// firstError is the first that is not nil.
func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// Keys lists all keys with a prefix, in order.
func (b *Bucket) Keys(prefix string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := []string{}
	for k := range b.objects {
		if strings.HasPrefix(k, prefix) {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// Matching lists the keys that hold a text.
func (b *Bucket) Matching(part string) []string {
	return slices.DeleteFunc(b.Keys(""), func(k string) bool { return !strings.Contains(k, part) })
}

// Lose removes objects behind everybody's back.
func (b *Bucket) Lose(keys ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range keys {
		delete(b.objects, k)
	}
}

// Spoil replaces an object's content.
func (b *Bucket) Spoil(key, body string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objects[key] = []byte(body)
}

// Written gives the keys that were put since the last call.
func (b *Bucket) Written() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.puts
	b.puts = nil
	return out
}
