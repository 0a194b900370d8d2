package diagnose

import (
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/policy"
)

// TestWhoIsRefusedTheBucket: who makes buckets and their policies is a person, and
// a user is no snapshot role; a session that reads objects may be one.
func TestWhoIsRefusedTheBucket(t *testing.T) {
	const because = " because no identity-based policy allows the s3:X action"
	for name, c := range map[string]struct {
		words, first, says string
		role               bool
	}{
		"a user makes it":     {user + " is not authorized to perform: s3:CreateBucket on resource: \"arn:aws:s3:::acme\"" + because, "caller-lacks", "user/jo lacks s3:CreateBucket", false},
		"a user, no reason":   {user + " is not authorized to perform: s3:PutBucketPolicy on resource: \"arn:aws:s3:::acme\"", "caller-lacks", "user/jo lacks s3:PutBucketPolicy", false},
		"a role shares it":    {session + " is not authorized to perform: s3:PutBucketPolicy on resource: \"arn:aws:s3:::acme\"" + because, "caller-lacks", "role/r lacks s3:PutBucketPolicy", false},
		"a user reads it":     {user + " is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::acme/k\"", "caller-lacks", "user/jo lacks s3:GetObject", false},
		"the service's":       {session + " is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::acme/k\"", "role-s3-rights", "", true},
		"nobody knows whom":   {"Access Denied (Service: S3, Status Code: 403)", "role-s3-rights", "", true},
		"the service's grant": {session + " is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::acme/k\"" + because, "caller-lacks", "role/r lacks s3:PutObject", false},
	} {
		d := Text(c.words)
		if d.Causes[0].ID != c.first || !strings.Contains(d.Causes[0].Summary.String(), c.says) {
			t.Errorf("%s: %v, first %q", name, ids(d), d.Causes[0].Summary)
		}
		if slices.Contains(ids(d), "role-s3-rights") != c.role || slices.Contains(ids(d), "not-readonly") != c.role {
			t.Errorf("%s: of the snapshot role %t: %v", name, !c.role, ids(d))
		}
	}
	makes := Text(user + " is not authorized to perform: s3:CreateBucket on resource: \"arn:aws:s3:::acme\"" + because)
	if want := `aws iam put-user-policy --user-name jo --policy-name snapferry-s3-` + policy.Mark("s3:CreateBucket", "arn:aws:s3:::acme") + ` --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:CreateBucket","Resource":"arn:aws:s3:::acme"}]}'`; makes.Causes[0].Command != want {
		t.Errorf("%s\nwant %s", makes.Causes[0].Command, want)
	}
}

// TestNoFixReplacesAnothersPolicy: IAM replaces the policy of the name that is put.
func TestNoFixReplacesAnothersPolicy(t *testing.T) {
	puts := 0
	for _, r := range rules {
		for _, c := range r.causes {
			_, name, put := strings.Cut(c.Command, "--policy-name ")
			if name, _, _ = strings.Cut(name, " "); put && !strings.HasSuffix(name, "-mark}") && !strings.HasSuffix(name, "-DOMAIN-NAME") {
				t.Errorf("%s puts a policy %s", c.ID, name)
			}
			if put {
				puts++
			}
		}
	}
	if puts < 5 {
		t.Errorf("only %d commands were looked at", puts)
	}
}

// TestStatusAlone: a status without words says who refused as little as why, and
// nothing is asserted of what no rule and no kind knows.
func TestStatusAlone(t *testing.T) {
	for _, text := range []string{"403 Forbidden", "HTTP/1.1 403 Forbidden", "Forbidden", "403", "elastic: Error 403 (Forbidden)"} {
		d := Text(text)
		if d.Unknown || d.Causes[0].ID != "no-words" || d.Layer != "" {
			t.Errorf("%q: unknown %t, layer %q, %v", text, d.Unknown, d.Layer, ids(d))
		}
	}
	for _, text := range []string{"the moon is in the way", `{"error":{"type":"odd_exception","reason":"wibble"},"status":400}`, `{"Message":"wibble"}`} {
		if d := Text(text); !d.Unknown || d.Layer != "" {
			t.Errorf("%q: unknown %t, layer %q", text, d.Unknown, d.Layer)
		}
	}
}
