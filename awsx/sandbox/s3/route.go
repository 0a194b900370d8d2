package s3

import (
	"net/http"
	"net/url"
	"slices"
)

// subject is what an operation is about.
type subject int

const (
	onService subject = iota
	onBucket
	onObject
)

// operation is one row of the service: how it is recognised, what it needs, who
// carries it out.
type operation struct {
	name   string
	on     subject
	method string
	// sub is the query parameter that asks for it, header the request header;
	// "" for the plain operation of the method.
	sub, header string
	mutates     bool
	// action is the IAM action asked before run; "" where run asks itself.
	action string
	run    func(*call) error
}

// Operation names the S3 operation of a request as CloudTrail does, and says
// whether it is of a kind that changes something. A request that is none is
// "Unknown".
func Operation(r *http.Request) (name string, mutates bool) {
	op := find(r, addressOf(r))
	return op.name, op.mutates
}

// find picks the operation by subject, method, query parameter and header. A parameter
// we know nothing of is ignored, as S3 ignores it, unless it names a subresource.
func find(r *http.Request, at address) operation {
	on := onService
	switch {
	case at.key != "":
		on = onObject
	case at.bucket != "":
		on = onBucket
	}
	query := r.URL.Query()
	var plain operation
	for _, op := range operations {
		if op.on != on || op.method != r.Method {
			continue
		}
		switch {
		case op.sub != "" && query.Has(op.sub) && (op.header == "" || r.Header.Get(op.header) != ""):
			return op
		case op.sub == "" && op.header != "" && r.Header.Get(op.header) != "" && !asksForMore(query):
			return op
		case op.sub == "" && op.header == "":
			plain = op
		}
	}
	if plain.run != nil && !asksForMore(query) {
		return plain
	}
	return operation{name: "Unknown", on: on, method: r.Method, mutates: r.Method != http.MethodGet && r.Method != http.MethodHead}
}

// subresources make another operation of a request. One that we do not know must
// not be taken for the plain operation: PUT ?acl is no PutObject.
var subresources = []string{
	"accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption", "intelligent-tiering", "inventory",
	"legal-hold", "lifecycle", "location", "logging", "metadataTable", "metrics", "notification", "object-lock",
	"ownershipControls", "partNumber", "policy", "policyStatus", "publicAccessBlock", "renameObject", "replication",
	"requestPayment", "restore", "retention", "select", "session", "tagging", "torrent", "uploadId", "uploads",
	"versioning", "versions", "website",
}

func asksForMore(query url.Values) bool {
	return slices.ContainsFunc(subresources, query.Has)
}

// operations is filled in init, because running an operation can lead back to
// the table.
var operations []operation

func init() {
	operations = slices.Concat(bucketOperations(), settingOperations(), emptyOperations(), objectOperations())
}

func bucketOperations() []operation {
	const get, put, del, head, post = http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodHead, http.MethodPost
	return []operation{
		{name: "ListBuckets", on: onService, method: get, run: (*call).listBuckets},
		{name: "CreateBucket", on: onBucket, method: put, mutates: true, run: (*call).createBucket},
		{name: "HeadBucket", on: onBucket, method: head, action: "s3:ListBucket", run: (*call).headBucket},
		{name: "DeleteBucket", on: onBucket, method: del, mutates: true, action: "s3:DeleteBucket", run: (*call).deleteBucket},
		{name: "GetBucketLocation", on: onBucket, method: get, sub: "location", action: "s3:GetBucketLocation", run: (*call).getLocation},
		{name: "ListObjectsV2", on: onBucket, method: get, sub: "list-type", run: (*call).listV2},
		{name: "ListObjectVersions", on: onBucket, method: get, sub: "versions", run: (*call).listVersions},
		{name: "ListObjects", on: onBucket, method: get, run: (*call).listV1},
		{name: "DeleteObjects", on: onBucket, method: post, sub: "delete", mutates: true, run: (*call).deleteObjects},
		{name: "ListMultipartUploads", on: onBucket, method: get, sub: "uploads", action: "s3:ListBucketMultipartUploads", run: (*call).listUploads},
		{name: "GetBucketPolicy", on: onBucket, method: get, sub: "policy", run: (*call).getPolicy},
		{name: "PutBucketPolicy", on: onBucket, method: put, sub: "policy", mutates: true, run: (*call).putPolicy},
		{name: "DeleteBucketPolicy", on: onBucket, method: del, sub: "policy", mutates: true, run: (*call).deletePolicy},
		{name: "GetBucketPolicyStatus", on: onBucket, method: get, sub: "policyStatus", action: "s3:GetBucketPolicyStatus", run: (*call).getPolicyStatus},
	}
}

func settingOperations() []operation {
	const get, put, del = http.MethodGet, http.MethodPut, http.MethodDelete
	setting := func(name, method, sub, action string, run func(*call) error) operation {
		return operation{name: name, on: onBucket, method: method, sub: sub, mutates: method != get, action: "s3:" + action, run: run}
	}
	return []operation{
		setting("GetBucketEncryption", get, "encryption", "GetEncryptionConfiguration", (*call).getEncryption),
		setting("PutBucketEncryption", put, "encryption", "PutEncryptionConfiguration", (*call).putEncryption),
		setting("DeleteBucketEncryption", del, "encryption", "PutEncryptionConfiguration", (*call).deleteEncryption),
		setting("GetPublicAccessBlock", get, "publicAccessBlock", "GetBucketPublicAccessBlock", (*call).getPublicAccess),
		setting("PutPublicAccessBlock", put, "publicAccessBlock", "PutBucketPublicAccessBlock", (*call).putPublicAccess),
		setting("DeletePublicAccessBlock", del, "publicAccessBlock", "PutBucketPublicAccessBlock", (*call).deletePublicAccess),
		setting("GetBucketOwnershipControls", get, "ownershipControls", "GetBucketOwnershipControls", (*call).getOwnership),
		setting("PutBucketOwnershipControls", put, "ownershipControls", "PutBucketOwnershipControls", (*call).putOwnership),
		setting("DeleteBucketOwnershipControls", del, "ownershipControls", "PutBucketOwnershipControls", (*call).deleteOwnership),
		setting("GetBucketTagging", get, "tagging", "GetBucketTagging", (*call).getTagging),
		setting("PutBucketTagging", put, "tagging", "PutBucketTagging", (*call).putTagging),
		setting("DeleteBucketTagging", del, "tagging", "PutBucketTagging", (*call).deleteTagging),
		setting("GetBucketLifecycle", get, "lifecycle", "GetLifecycleConfiguration", (*call).getLifecycle),
		setting("PutBucketLifecycle", put, "lifecycle", "PutLifecycleConfiguration", (*call).putLifecycle),
		setting("DeleteBucketLifecycle", del, "lifecycle", "PutLifecycleConfiguration", (*call).deleteLifecycle),
	}
}

func objectOperations() []operation {
	const get, put, del, head, post = http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodHead, http.MethodPost
	return []operation{
		{name: "GetObject", on: onObject, method: get, run: (*call).getObject},
		{name: "HeadObject", on: onObject, method: head, run: (*call).getObject},
		{name: "PutObject", on: onObject, method: put, mutates: true, run: (*call).putObject},
		{name: "CopyObject", on: onObject, method: put, header: "X-Amz-Copy-Source", mutates: true, run: (*call).copyObject},
		{name: "DeleteObject", on: onObject, method: del, mutates: true, action: "s3:DeleteObject", run: (*call).deleteObject},
		{name: "GetObjectTagging", on: onObject, method: get, sub: "tagging", action: "s3:GetObjectTagging", run: (*call).getObjectTagging},
		{name: "GetObjectAcl", on: onObject, method: get, sub: "acl", action: "s3:GetObjectAcl", run: (*call).getObjectAcl},
		{name: "CreateMultipartUpload", on: onObject, method: post, sub: "uploads", mutates: true, run: (*call).createUpload},
		{name: "UploadPartCopy", on: onObject, method: put, sub: "uploadId", header: "X-Amz-Copy-Source", mutates: true, run: (*call).copyPart},
		{name: "UploadPart", on: onObject, method: put, sub: "uploadId", mutates: true, run: (*call).uploadPart},
		{name: "CompleteMultipartUpload", on: onObject, method: post, sub: "uploadId", mutates: true, run: (*call).completeUpload},
		{name: "AbortMultipartUpload", on: onObject, method: del, sub: "uploadId", mutates: true, action: "s3:AbortMultipartUpload", run: (*call).abortUpload},
		{name: "ListParts", on: onObject, method: get, sub: "uploadId", action: "s3:ListMultipartUploadParts", run: (*call).listParts},
	}
}
