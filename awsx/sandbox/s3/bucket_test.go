package s3

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
)

func constraint(region string) string {
	return `<CreateBucketConfiguration xmlns="` + xmlns + `"><LocationConstraint>` + region + `</LocationConstraint></CreateBucketConfiguration>`
}

// TestLocationOfANewBucket is its path in the oldest region and its address in
// all others.
func TestLocationOfANewBucket(t *testing.T) {
	f := newFixture(t)
	for name, ask := range map[string]ask{
		"/new-a":                         {target: "s3.amazonaws.com/new-a", region: "us-east-1"},
		"http://new-b.s3.amazonaws.com/": {target: "s3.eu-west-1.amazonaws.com/new-b", body: constraint("eu-west-1")},
	} {
		ask.method, ask.who = "PUT", admin
		if r := f.do(ask); r.status != 200 || r.header.Get("Location") != name {
			t.Errorf("%d %s, want %s", r.status, r.header.Get("Location"), name)
		}
	}
}

func TestCreateBucket(t *testing.T) {
	f := newFixture(t)
	f.bucket("theirs", BucketConfig{Owner: target, Region: "eu-west-1"})
	f.bucket("mine-us", BucketConfig{Owner: source, Region: "us-east-1"})
	tests := []struct {
		name         string
		ask          ask
		status       int
		code, region string
	}{
		{"in the endpoint's region", ask{target: "s3.eu-west-1.amazonaws.com/new-a", body: constraint("eu-west-1")}, 200, "", "eu-west-1"},
		{"by its own name", ask{target: "new-b.s3.eu-west-1.amazonaws.com/", body: constraint("eu-west-1")}, 200, "", "eu-west-1"},
		{"old name of a region", ask{target: "s3.eu-west-1.amazonaws.com/new-c", body: constraint("EU")}, 200, "", "eu-west-1"},
		{"no constraint in the oldest region", ask{target: "s3.amazonaws.com/new-d", region: "us-east-1"}, 200, "", "us-east-1"},
		{"another region through the oldest", ask{target: "s3.us-east-1.amazonaws.com/new-e", region: "us-east-1", body: constraint("eu-central-1")}, 200, "", "eu-central-1"},
		{"by address, region of the signature", ask{target: "/new-f", body: constraint("eu-west-1")}, 200, "", "eu-west-1"},
		{"no constraint elsewhere", ask{target: "s3.eu-west-1.amazonaws.com/new-g"}, 400, "IllegalLocationConstraintException", ""},
		{"by address, no constraint", ask{target: "/new-h"}, 400, "IllegalLocationConstraintException", ""},
		{"other constraint", ask{target: "s3.eu-west-1.amazonaws.com/new-i", body: constraint("eu-west-2")}, 400, "IllegalLocationConstraintException", ""},
		{"the oldest region by name", ask{target: "s3.amazonaws.com/new-j", region: "us-east-1", body: constraint("us-east-1")}, 400, "InvalidLocationConstraint", ""},
		{"no region", ask{target: "s3.eu-west-1.amazonaws.com/new-k", body: constraint("moon")}, 400, "InvalidLocationConstraint", ""},
		{"no XML", ask{target: "s3.eu-west-1.amazonaws.com/new-l", body: "hello"}, 400, "MalformedXML", ""},
		{"capitals", ask{target: "/NewBucket", body: constraint("eu-west-1")}, 400, "InvalidBucketName", ""},
		{"mine already", ask{target: "/bkt", body: constraint("eu-west-1")}, 409, "BucketAlreadyOwnedByYou", "eu-west-1"},
		{"mine already in the oldest region", ask{target: "/mine-us", region: "us-east-1"}, 200, "", "us-east-1"},
		{"somebody's already", ask{target: "/theirs", body: constraint("eu-west-1")}, 409, "BucketAlreadyExists", "eu-west-1"},
		{"public", ask{target: "/new-m", body: constraint("eu-west-1"), header: map[string]string{"X-Amz-Acl": "public-read"}}, 400, "InvalidBucketAclWithObjectOwnership", ""},
		{"bad ownership", ask{target: "/new-n", body: constraint("eu-west-1"), header: map[string]string{"X-Amz-Object-Ownership": "Mine"}}, 400, "InvalidArgument", ""},
		{"unsigned", ask{who: "-", target: "/new-o"}, 403, "AccessDenied", ""},
	}
	for _, tt := range tests {
		tt.ask.method = "PUT"
		switch tt.ask.who {
		case "":
			tt.ask.who = admin
		case "-":
			tt.ask.who = unsigned
		}
		r := f.do(tt.ask)
		if r.status != tt.status || r.code != tt.code {
			t.Errorf("%s: %d %s (%s), want %d %s", tt.name, r.status, r.code, r.message, tt.status, tt.code)
		}
		name := tt.ask.target[strings.LastIndex(tt.ask.target, "/")+1:]
		if name == "" {
			name = "new-b"
		}
		if cfg, _ := f.register.Bucket(name); string(cfg.Region) != tt.region {
			t.Errorf("%s: the bucket is in %q, want %q", tt.name, cfg.Region, tt.region)
		}
	}
}

func TestNewBucketIsPrivate(t *testing.T) {
	f := newFixture(t)
	c := f.client(admin)
	_, err := c.CreateBucket(context.Background(), &sdk.CreateBucketInput{
		Bucket: aws.String("fresh"), ObjectOwnership: types.ObjectOwnershipBucketOwnerPreferred,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1", Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := f.register.Bucket("fresh")
	want := BucketConfig{
		Name: "fresh", Owner: source, Region: "eu-west-1", Created: noon, Ownership: ownerPreferred, Tags: []Tag{{"k", "v"}},
		PublicAccess: &PublicAccess{true, true, true, true},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	out, err := c.ListBuckets(context.Background(), &sdk.ListBucketsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range out.Buckets {
		names = append(names, *b.Name+" "+*b.BucketRegion+" "+b.CreationDate.Format("15:04"))
	}
	if d := cmp.Diff([]string{"bkt eu-west-1 12:00", "fresh eu-west-1 12:00"}, names); d != "" {
		t.Error(d)
	}
	if theirs, err := f.client(foreign).ListBuckets(context.Background(), &sdk.ListBucketsInput{}); err != nil || len(theirs.Buckets) != 0 {
		t.Errorf("the other account sees %v, %v", theirs, err)
	}
}

func TestRegions(t *testing.T) {
	f := newFixture(t)
	f.bucket("us", BucketConfig{Owner: source, Region: "us-east-1"})
	tests := []struct {
		target, region string
		status         int
		code           string
	}{
		{"bkt.s3.eu-west-1.amazonaws.com/", "eu-west-1", 200, ""},
		{"bkt.s3.amazonaws.com/", "eu-west-1", 200, ""},
		{"s3.amazonaws.com/bkt", "us-east-1", 400, "AuthorizationHeaderMalformed"},
		{"bkt.s3.us-east-1.amazonaws.com/", "us-east-1", 301, "PermanentRedirect"},
		{"bkt.s3.eu-west-1.amazonaws.com/", "us-east-1", 400, "AuthorizationHeaderMalformed"},
		{"us.s3.eu-west-1.amazonaws.com/", "eu-west-1", 301, "PermanentRedirect"},
		{"/bkt", "us-east-1", 200, ""}, // by address any region will do
		{"none.s3.eu-west-1.amazonaws.com/", "eu-west-1", 404, "NoSuchBucket"},
	}
	for _, tt := range tests {
		r := f.do(ask{who: admin, method: "GET", target: tt.target, region: tt.region})
		if r.status != tt.status || r.code != tt.code {
			t.Errorf("%s signed for %s: %d %s, want %d %s", tt.target, tt.region, r.status, r.code, tt.status, tt.code)
		}
		want := map[string]string{"bkt": "eu-west-1", "us": "us-east-1"}[strings.Trim(strings.SplitN(strings.TrimPrefix(tt.target, "s3.amazonaws.com/"), ".", 2)[0], "/")]
		if got := r.header.Get("X-Amz-Bucket-Region"); got != want {
			t.Errorf("%s: bucket region %q, want %q", tt.target, got, want)
		}
		if tt.code == "AuthorizationHeaderMalformed" && !strings.Contains(r.body, "<Region>eu-west-1</Region>") {
			t.Errorf("%s: the answer does not name the right region: %s", tt.target, r.body)
		}
	}
	// HEAD tells by header alone.
	r := f.do(ask{who: admin, method: "HEAD", target: "bkt.s3.us-east-1.amazonaws.com/", region: "us-east-1"})
	if r.status != 301 || r.header.Get("X-Amz-Bucket-Region") != "eu-west-1" || r.body != "" {
		t.Errorf("HEAD: %+v", r)
	}
	for bucket, want := range map[string]string{"bkt": ">eu-west-1<", "us": "LocationConstraint xmlns=\"" + xmlns + "\"></LocationConstraint>"} {
		if r := f.do(ask{who: admin, method: "GET", target: "/" + bucket + "?location"}); !strings.Contains(r.body, want) {
			t.Errorf("location of %s: %s", bucket, r.body)
		}
	}
}

func TestDeleteBucket(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "a//b", "x")
	if r := f.do(ask{who: admin, method: "DELETE", target: "/bkt"}); r.status != 409 || r.code != "BucketNotEmpty" {
		t.Errorf("full: %d %s", r.status, r.code)
	}
	if r := f.do(ask{who: admin, method: "DELETE", target: "/bkt/a//b"}); r.status != 204 {
		t.Errorf("object: %d", r.status)
	}
	if r := f.do(ask{who: admin, method: "DELETE", target: "/bkt"}); r.status != 204 {
		t.Errorf("empty: %d %s", r.status, r.code)
	}
	for _, target := range []string{"/bkt", "/bkt?policy", "/bkt/k", "/bkt?list-type=2"} {
		if r := f.do(ask{who: admin, method: "GET", target: target}); r.status != 404 || r.code != "NoSuchBucket" || r.message != "The specified bucket does not exist" {
			t.Errorf("%s after the deletion: %d %s", target, r.status, r.code)
		}
	}
}

func TestExpectedOwner(t *testing.T) {
	f := newFixture(t)
	for owner, want := range map[string]int{string(source): 200, string(target): 403} {
		r := f.do(ask{who: admin, method: "GET", target: "/bkt", header: map[string]string{"X-Amz-Expected-Bucket-Owner": owner}})
		if r.status != want {
			t.Errorf("expected %s: %d, want %d", owner, r.status, want)
		}
	}
}

func TestAnswersCarryIDsAndTheServicesTime(t *testing.T) {
	f := newFixture(t)
	seen := map[string]bool{}
	for i := range 3 {
		r := f.do(ask{who: nobody, method: "GET", target: "/bkt/" + fmt.Sprint(i)})
		id := r.header.Get("X-Amz-Request-Id")
		if len(id) != 16 || seen[id] || !strings.Contains(r.body, "<RequestId>"+id+"</RequestId>") || !strings.Contains(r.body, "<HostId>"+r.header.Get("X-Amz-Id-2")+"</HostId>") {
			t.Errorf("id %q, body %s", id, r.body)
		}
		seen[id] = true
		if d := r.header.Get("Date"); d != "Fri, 02 Jan 2026 12:00:00 GMT" {
			t.Errorf("date %q", d)
		}
	}
}
