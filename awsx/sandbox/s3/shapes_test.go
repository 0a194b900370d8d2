package s3

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestShapes compares whole answers: element names and their order are what
// hand-written parsers go by.
func TestShapes(t *testing.T) {
	f := newFixture(t)
	f.service.RequestID = func() string { return "79104EXAMPLEB723" }
	f.put("bkt", "a/1", "x")
	f.put("bkt", "b", "hello")
	id := canonicalID(source)
	const ns = `xmlns="` + xmlns + `"`
	tests := []struct{ name, method, target, body, want string }{
		{"error", "GET", "/bkt/none", "", `<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>none</Key><RequestId>79104EXAMPLEB723</RequestId><HostId>` + hostID("79104EXAMPLEB723") + `</HostId></Error>`},
		{
			"buckets", "GET", "/", "",
			`<ListAllMyBucketsResult ` + ns + `><Buckets><Bucket><Name>bkt</Name><CreationDate>2026-01-02T12:00:00.000Z</CreationDate><BucketRegion>eu-west-1</BucketRegion></Bucket></Buckets><Owner><ID>` + id + `</ID></Owner></ListAllMyBucketsResult>`,
		},
		{
			"list", "GET", "/bkt?list-type=2&delimiter=%2F", "",
			`<ListBucketResult ` + ns + `><Name>bkt</Name><Prefix></Prefix><Delimiter>/</Delimiter><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>` +
				`<Contents><Key>b</Key><LastModified>2026-01-02T12:00:00.000Z</LastModified><ETag>&#34;5d41402abc4b2a76b9719d911017c592&#34;</ETag><Size>5</Size><StorageClass>STANDARD</StorageClass></Contents>` +
				`<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes></ListBucketResult>`,
		},
		{
			"older list", "GET", "/bkt?max-keys=1", "",
			`<ListBucketResult ` + ns + `><Name>bkt</Name><Prefix></Prefix><Marker></Marker><MaxKeys>1</MaxKeys><IsTruncated>true</IsTruncated>` +
				`<Contents><Key>a/1</Key><LastModified>2026-01-02T12:00:00.000Z</LastModified><ETag>&#34;9dd4e461268c8034f5c8564e155c67a6&#34;</ETag><Size>1</Size><Owner><ID>` + id + `</ID></Owner><StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>`,
		},
		{
			"versions", "GET", "/bkt?versions&prefix=b", "",
			`<ListVersionsResult ` + ns + `><Name>bkt</Name><Prefix>b</Prefix><KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>` +
				`<Version><Key>b</Key><LastModified>2026-01-02T12:00:00.000Z</LastModified><ETag>&#34;5d41402abc4b2a76b9719d911017c592&#34;</ETag><Size>5</Size><Owner><ID>` + id + `</ID></Owner><StorageClass>STANDARD</StorageClass><VersionId>null</VersionId><IsLatest>true</IsLatest></Version></ListVersionsResult>`,
		},
		{"location", "GET", "/bkt?location", "", `<LocationConstraint ` + ns + `>eu-west-1</LocationConstraint>`},
		{
			"encryption", "GET", "/bkt?encryption", "",
			`<ServerSideEncryptionConfiguration ` + ns + `><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`,
		},
		{"ownership", "GET", "/bkt?ownershipControls", "", `<OwnershipControls ` + ns + `><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`},
		{"versioning", "GET", "/bkt?versioning", "", `<VersioningConfiguration ` + ns + `></VersioningConfiguration>`},
	}
	for _, tt := range tests {
		r := f.do(ask{who: admin, method: tt.method, target: tt.target, body: tt.body})
		got, ok := strings.CutPrefix(r.body, `<?xml version="1.0" encoding="UTF-8"?>`+"\n")
		if d := cmp.Diff(tt.want, got); d != "" || !ok || r.header.Get("Content-Type") != "application/xml" {
			t.Errorf("%s (%s)\n%s", tt.name, r.header.Get("Content-Type"), d)
		}
	}
}
