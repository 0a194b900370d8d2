package upstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
)

// probe does as the role what an engine's verification does against S3, and
// gives the engine's own refusal when the role may not: put a file, read it
// back, put a second, list and delete; a read-only repository is only listed.
// How the causes are nested was taken from the S3 plugin of a real 3.4.0.
func (p *Proxy) probe(ctx context.Context, name string, r registration) (*refusal, error) {
	base := strings.Trim(r.text("base_path"), "/")
	folder := path.Join(base, "tests-"+p.o.NewID())
	first, second := folder+"/master.dat", folder+"/data-"+p.o.NewID()+".dat"
	inaccessible := "path " + pathWords(base) + " is not accessible on " + p.manager() + " node"
	whileListing := wrap{"i_o_exception", "Exception when listing blobs by prefix [" + path.Join(base, "index-") + "]"}
	whileUploading := func(key string) wrap {
		return wrap{"i_o_exception", "Unable to upload object [" + key + "] using a single upload"}
	}
	// The engine assumes the role when it first has something to do.
	atOpen := whileUploading(first)
	if r.readonly() {
		atOpen = whileListing
	}
	blobs, err := p.o.Roles.Open(ctx, r.place())
	if err != nil {
		return p.refuse(name, inaccessible, err, atOpen)
	}
	if r.readonly() {
		_, err := blobs.List(ctx, path.Join(base, "index-"))
		return p.refuse(name, inaccessible, err, whileListing)
	}
	if err := blobs.Put(ctx, first, []byte("probe")); err != nil {
		return p.refuse(name, inaccessible, err, whileUploading(first))
	}
	if _, err := blobs.Get(ctx, first); err != nil {
		return p.refuseAtNode(name, err)
	}
	if err := blobs.Put(ctx, second, []byte("probe")); err != nil {
		return p.refuseAtNode(name, err)
	}
	return p.refuse(name, "cannot delete test data at "+pathWords(base), sweep(ctx, blobs, folder+"/"))
}

func sweep(ctx context.Context, blobs backend.Blobs, prefix string) error {
	found, err := blobs.List(ctx, prefix)
	if err != nil {
		return err
	}
	keys := make([]string, len(found))
	for i, b := range found {
		keys[i] = b.Key
	}
	return blobs.Delete(ctx, keys)
}

// wrap is an exception the engine puts around the store's.
type wrap struct{ kind, reason string }

// refuse wraps a store's error as the engine does, outermost wrap first. nil is
// no refusal, and neither is an error that is not the store's (a context that
// ended).
func (p *Proxy) refuse(name, reason string, err error, wraps ...wrap) (*refusal, error) {
	inner, err := p.storeCause(err)
	if inner == nil || err != nil {
		return nil, err
	}
	for _, w := range slices.Backward(wraps) {
		inner = &cause{Type: w.kind, Reason: w.reason, CausedBy: inner}
	}
	return newRefusal(http.StatusInternalServerError, cause{
		Type: "repository_verification_exception", Reason: "[" + name + "] " + reason, CausedBy: inner,
	}), nil
}

// refuseAtNode is what comes when the leading node could write but a data node
// could not read or write: the failures of the nodes as one string.
func (p *Proxy) refuseAtNode(name string, err error) (*refusal, error) {
	inner, err := p.storeCause(err)
	if inner == nil || err != nil {
		return nil, err
	}
	return newRefusal(http.StatusInternalServerError, cause{
		Type: "repository_verification_exception",
		Reason: fmt.Sprintf("[%s] [[%s, 'RepositoryVerificationException[[%s] Failed to verify repository]; nested: %s[%s];']]",
			name, p.o.NewID(), name, className(inner.Type), inner.Reason),
	}), nil
}

// className is the Java class of an exception type: s3_exception is S3Exception.
func className(kind string) string {
	var b strings.Builder
	for _, word := range strings.Split(kind, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// storeCause is a store's error in the words of the engine's SDK.
func (p *Proxy) storeCause(err error) (*cause, error) {
	var store *backend.StoreError
	if err == nil || !errors.As(err, &store) {
		return nil, err
	}
	switch v := p.o.Engine.Version; {
	// OpenSearch 2.12 changed to the AWS SDK for Java 2.
	case v.Compare(awsid.EngineVersion{Family: awsid.OpenSearch, Major: 2, Minor: 12}) < 0:
		return &cause{Type: store.LegacyType(), Reason: store.LegacyReason()}, nil
	case v.Major >= 3:
		return &cause{Type: store.Type(), Reason: store.CountedReason()}, nil
	}
	return &cause{Type: store.Type(), Reason: store.Reason()}, nil
}

// manager is the engine's word for the node that leads: OpenSearch 2 renamed it.
func (p *Proxy) manager() string {
	v := p.o.Engine.Version
	if v.Family == awsid.OpenSearch && v.Major >= 2 {
		return "cluster-manager"
	}
	return "master"
}

// pathWords is how the engine prints a blob path: every folder in brackets.
func pathWords(base string) string {
	if base == "" {
		return ""
	}
	return "[" + strings.ReplaceAll(base, "/", "][") + "]"
}
