package upstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
)

// probe does as the role what an engine's verification does against S3, and
// gives the engine's own refusal when the role may not: put a file, read it
// back, put a second, list and delete; a read-only repository is only listed.
func (p *Proxy) probe(ctx context.Context, name string, r registration) (*refusal, error) {
	base := strings.Trim(r.text("base_path"), "/")
	blobs, err := p.o.Roles.Open(ctx, r.place())
	if err != nil {
		return p.notAccessible(name, base, "", err)
	}
	if r.readonly() {
		_, err := blobs.List(ctx, path.Join(base, "index-"))
		return p.notAccessible(name, base, "", err)
	}
	folder := path.Join(base, "tests-"+p.o.NewID())
	first, second := folder+"/master.dat", folder+"/data-"+p.o.NewID()+".dat"
	if err := blobs.Put(ctx, first, []byte("probe")); err != nil {
		return p.notAccessible(name, base, first, err)
	}
	if _, err := blobs.Get(ctx, first); err != nil {
		return p.refuse(name, fmt.Sprintf("a file written by %s to the store [%s] cannot be accessed by the role; "+
			"this might indicate that permissions on the store don't allow reading files written by the %s node", p.manager(), base, p.manager()), "", err)
	}
	if err := blobs.Put(ctx, second, []byte("probe")); err != nil {
		return p.notAccessible(name, base, second, err)
	}
	if err := sweep(ctx, blobs, folder+"/"); err != nil {
		return p.refuse(name, "cannot delete test data at "+pathWords(base), "", err)
	}
	return nil, nil
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

func (p *Proxy) notAccessible(name, base, key string, err error) (*refusal, error) {
	return p.refuse(name, "path "+pathWords(base)+" is not accessible on "+p.manager()+" node", key, err)
}

// refuse wraps a store's error as the engine does. Any other error (a context
// that ended) is no refusal. key is the object that could not be uploaded, "" if
// it was not about an upload.
func (p *Proxy) refuse(name, reason, key string, err error) (*refusal, error) {
	if err == nil {
		return nil, nil
	}
	var store *backend.StoreError
	if !errors.As(err, &store) {
		return nil, err
	}
	inner := cause{Type: store.Type(), Reason: store.Reason()}
	if p.oldSDK() {
		inner = cause{Type: store.LegacyType(), Reason: store.LegacyReason()}
	}
	if key != "" {
		store := inner
		inner = cause{Type: "i_o_exception", Reason: "Unable to upload object [" + key + "] using a single upload", CausedBy: &store}
	}
	return newRefusal(http.StatusInternalServerError, cause{
		Type: "repository_verification_exception", Reason: "[" + name + "] " + reason, CausedBy: &inner,
	}), nil
}

// manager is the engine's word for the node that leads: OpenSearch 2 renamed it.
func (p *Proxy) manager() string {
	v := p.o.Engine.Version
	if v.Family == awsid.OpenSearch && v.Major >= 2 {
		return "cluster-manager"
	}
	return "master"
}

// oldSDK says whether the engine's S3 plugin carries the AWS SDK for Java 1,
// whose exceptions have other names; OpenSearch 2.12 changed over.
func (p *Proxy) oldSDK() bool {
	return p.o.Engine.Version.Compare(awsid.EngineVersion{Family: awsid.OpenSearch, Major: 2, Minor: 12}) < 0
}

// pathWords is how the engine prints a blob path: every folder in brackets.
func pathWords(base string) string {
	if base == "" {
		return ""
	}
	return "[" + strings.ReplaceAll(base, "/", "][") + "]"
}
