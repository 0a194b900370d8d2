package s3

import (
	"net/http/httptest"
	"testing"
)

func TestAddresses(t *testing.T) {
	tests := []struct {
		host, path string
		want       address
	}{
		{"s3.amazonaws.com", "/", address{region: "us-east-1", global: true}},
		{"s3.amazonaws.com", "/b/k/x", address{bucket: "b", key: "k/x", region: "us-east-1", global: true}},
		{"b.s3.amazonaws.com", "/k/x", address{bucket: "b", key: "k/x", region: "us-east-1", global: true}},
		{"s3.eu-west-1.amazonaws.com", "/b", address{bucket: "b", region: "eu-west-1"}},
		{"s3.eu-west-1.amazonaws.com", "/b/", address{bucket: "b", region: "eu-west-1"}},
		{"B.s3.eu-west-1.amazonaws.com", "/k", address{bucket: "b", key: "k", region: "eu-west-1"}},
		{"a.b.c.s3.eu-west-1.amazonaws.com:443", "//k//", address{bucket: "a.b.c", key: "/k//", region: "eu-west-1"}},
		{"b.s3.dualstack.us-gov-west-1.amazonaws.com", "/k", address{bucket: "b", key: "k", region: "us-gov-west-1"}},
		{"b.s3-eu-west-1.amazonaws.com", "/k", address{bucket: "b", key: "k", region: "eu-west-1"}},
		{"b.s3.cn-north-1.amazonaws.com.cn", "/k", address{bucket: "b", key: "k", region: "cn-north-1"}},
		{"my.s3.bucket.s3.eu-west-1.amazonaws.com", "/", address{bucket: "my.s3.bucket", region: "eu-west-1"}},
		{"127.0.0.1:9000", "/b/k%20x/%2E%2E/", address{bucket: "b", key: "k x/../"}},
		{"[::1]:9000", "/b/k", address{bucket: "b", key: "k"}},
		{"localhost:9000", "/b/k", address{bucket: "b", key: "k"}},
		{"s3-accelerate.amazonaws.com", "/b/k", address{bucket: "b", key: "k"}},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("GET", "http://placeholder"+tt.path, nil)
		r.Host = tt.host
		if got := addressOf(r); got != tt.want {
			t.Errorf("%s%s: %+v, want %+v", tt.host, tt.path, got, tt.want)
		}
	}
}

func TestOperations(t *testing.T) {
	tests := []struct {
		method, target string
		header         string
		want           string
		mutates        bool
	}{
		{"GET", "/", "", "ListBuckets", false},
		{"PUT", "/b", "", "CreateBucket", true},
		{"HEAD", "/b", "", "HeadBucket", false},
		{"DELETE", "/b", "", "DeleteBucket", true},
		{"GET", "/b?location", "", "GetBucketLocation", false},
		{"GET", "/b?list-type=2&prefix=acl", "", "ListObjectsV2", false},
		{"GET", "/b?prefix=x", "", "ListObjects", false},
		{"GET", "/b?versions", "", "ListObjectVersions", false},
		{"GET", "/b?uploads", "", "ListMultipartUploads", false},
		{"POST", "/b?delete", "", "DeleteObjects", true},
		{"GET", "/b?policy", "", "GetBucketPolicy", false},
		{"PUT", "/b?policy", "", "PutBucketPolicy", true},
		{"DELETE", "/b?policy", "", "DeleteBucketPolicy", true},
		{"GET", "/b?policyStatus", "", "GetBucketPolicyStatus", false},
		{"PUT", "/b?encryption", "", "PutBucketEncryption", true},
		{"PUT", "/b?publicAccessBlock", "", "PutPublicAccessBlock", true},
		{"PUT", "/b?versioning", "", "Unknown", true},
		{"PUT", "/b?acl", "", "Unknown", true},
		{"GET", "/b?inventory", "", "Unknown", false},
		{"GET", "/b/k", "", "GetObject", false},
		{"GET", "/b/k?versionId=null", "", "GetObject", false},
		{"HEAD", "/b/k", "", "HeadObject", false},
		{"PUT", "/b/k", "", "PutObject", true},
		{"PUT", "/b/k", "X-Amz-Copy-Source", "CopyObject", true},
		{"PUT", "/b/k?acl", "", "Unknown", true},
		{"PUT", "/b/k?acl", "X-Amz-Copy-Source", "Unknown", true},
		{"PUT", "/b/k?tagging", "", "Unknown", true},
		{"DELETE", "/b/k", "", "DeleteObject", true},
		{"DELETE", "/b/k?tagging", "", "Unknown", true},
		{"POST", "/b/k?uploads", "", "CreateMultipartUpload", true},
		{"PUT", "/b/k?partNumber=1&uploadId=u", "", "UploadPart", true},
		{"PUT", "/b/k?partNumber=1&uploadId=u", "X-Amz-Copy-Source", "UploadPartCopy", true},
		{"POST", "/b/k?uploadId=u", "", "CompleteMultipartUpload", true},
		{"DELETE", "/b/k?uploadId=u", "", "AbortMultipartUpload", true},
		{"GET", "/b/k?uploadId=u", "", "ListParts", false},
		{"GET", "/b/k?tagging", "", "GetObjectTagging", false},
		{"POST", "/b/k?restore", "", "Unknown", true},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(tt.method, "http://127.0.0.1"+tt.target, nil)
		if tt.header != "" {
			r.Header.Set(tt.header, "b/other")
		}
		if name, mutates := Operation(r); name != tt.want || mutates != tt.mutates {
			t.Errorf("%s %s %s: %s %v, want %s %v", tt.method, tt.target, tt.header, name, mutates, tt.want, tt.mutates)
		}
	}
}

const onBkt, onK = " arn:aws:s3:::bkt", " arn:aws:s3:::bkt/k"

// asking holds, for each operation, the action and resource AWS's reference names.
var asking = []struct{ method, target, want string }{
	{"GET", "/", "s3:ListAllMyBuckets arn:aws:s3:::*"},
	{"PUT", "/new-bucket", "s3:CreateBucket arn:aws:s3:::new-bucket"},
	{"HEAD", "/bkt", "s3:ListBucket" + onBkt},
	{"DELETE", "/bkt", "s3:DeleteBucket" + onBkt},
	{"GET", "/bkt", "s3:ListBucket" + onBkt},
	{"GET", "/bkt?list-type=2", "s3:ListBucket" + onBkt},
	{"GET", "/bkt?versions", "s3:ListBucketVersions" + onBkt},
	{"GET", "/bkt?uploads", "s3:ListBucketMultipartUploads" + onBkt},
	{"GET", "/bkt?location", "s3:GetBucketLocation" + onBkt},
	{"GET", "/bkt?policy", "s3:GetBucketPolicy" + onBkt},
	{"PUT", "/bkt?policy", "s3:PutBucketPolicy" + onBkt},
	{"DELETE", "/bkt?policy", "s3:DeleteBucketPolicy" + onBkt},
	{"GET", "/bkt?policyStatus", "s3:GetBucketPolicyStatus" + onBkt},
	{"GET", "/bkt?encryption", "s3:GetEncryptionConfiguration" + onBkt},
	{"PUT", "/bkt?encryption", "s3:PutEncryptionConfiguration" + onBkt},
	{"DELETE", "/bkt?encryption", "s3:PutEncryptionConfiguration" + onBkt},
	{"GET", "/bkt?publicAccessBlock", "s3:GetBucketPublicAccessBlock" + onBkt},
	{"PUT", "/bkt?publicAccessBlock", "s3:PutBucketPublicAccessBlock" + onBkt},
	{"GET", "/bkt?ownershipControls", "s3:GetBucketOwnershipControls" + onBkt},
	{"PUT", "/bkt?ownershipControls", "s3:PutBucketOwnershipControls" + onBkt},
	{"GET", "/bkt?tagging", "s3:GetBucketTagging" + onBkt},
	{"PUT", "/bkt?tagging", "s3:PutBucketTagging" + onBkt},
	{"GET", "/bkt?lifecycle", "s3:GetLifecycleConfiguration" + onBkt},
	{"PUT", "/bkt?lifecycle", "s3:PutLifecycleConfiguration" + onBkt},
	{"GET", "/bkt?versioning", "s3:GetBucketVersioning" + onBkt},
	{"GET", "/bkt?acl", "s3:GetBucketAcl" + onBkt},
	{"GET", "/bkt?cors", "s3:GetBucketCORS" + onBkt},
	{"GET", "/bkt?website", "s3:GetBucketWebsite" + onBkt},
	{"GET", "/bkt?replication", "s3:GetReplicationConfiguration" + onBkt},
	{"GET", "/bkt?accelerate", "s3:GetAccelerateConfiguration" + onBkt},
	{"GET", "/bkt?requestPayment", "s3:GetBucketRequestPayment" + onBkt},
	{"GET", "/bkt?logging", "s3:GetBucketLogging" + onBkt},
	{"GET", "/bkt?object-lock", "s3:GetBucketObjectLockConfiguration" + onBkt},
	{"GET", "/bkt/k", "s3:GetObject" + onK},
	{"HEAD", "/bkt/k", "s3:GetObject" + onK},
	{"PUT", "/bkt/k", "s3:PutObject" + onK},
	{"DELETE", "/bkt/k", "s3:DeleteObject" + onK},
	{"GET", "/bkt/k?tagging", "s3:GetObjectTagging" + onK},
	{"GET", "/bkt/k?acl", "s3:GetObjectAcl" + onK},
	{"POST", "/bkt/k?uploads", "s3:PutObject" + onK},
	{"PUT", "/bkt/k?uploadId=u&partNumber=1", "s3:PutObject" + onK},
	{"POST", "/bkt/k?uploadId=u", "s3:PutObject" + onK},
	{"DELETE", "/bkt/k?uploadId=u", "s3:AbortMultipartUpload" + onK},
	{"GET", "/bkt/k?uploadId=u", "s3:ListMultipartUploadParts" + onK},
}

// TestEveryOperationAsks sends each operation from somebody without rights: it
// must be refused, and for the right reason.
func TestEveryOperationAsks(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "k", "x")
	f.gate.questions()
	for _, tt := range asking {
		for _, who := range []string{nobody, foreign} {
			if who == foreign && (tt.target == "/" || tt.method == "PUT" && tt.target == "/new-bucket") {
				continue // his own account's affair
			}
			a := ask{who: who, method: tt.method, target: tt.target}
			if tt.target == "/new-bucket" {
				a.region = "us-east-1"
			}
			r := f.do(a)
			asked := f.gate.questions()
			if r.status != 403 || len(asked) != 1 || asked[0] != tt.want {
				t.Errorf("%s %s by %s: %d, asked %q, want %q", tt.method, tt.target, who, r.status, asked, tt.want)
			}
		}
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/k"}); r.body != "x" {
		t.Errorf("something was changed: %+v", r)
	}
}
