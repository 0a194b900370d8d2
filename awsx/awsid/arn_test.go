package awsid

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseARN(t *testing.T) {
	for _, c := range []struct {
		in   string
		want ARN
	}{
		{"arn:aws:iam::111122223333:role/snap", ARN{"aws", "iam", "", "111122223333", "role/snap"}},
		{"  arn:aws:iam::111122223333:role/a/b/Snap\n", ARN{"aws", "iam", "", "111122223333", "role/a/b/Snap"}},
		{"arn:aws-cn:es:cn-north-1:111122223333:domain/logs", ARN{"aws-cn", "es", "cn-north-1", "111122223333", "domain/logs"}},
		{"arn:aws-us-gov:s3:::bucket", ARN{"aws-us-gov", "s3", "", "", "bucket"}},
		{"arn:aws:iam::aws:policy/ReadOnlyAccess", ARN{"aws", "iam", "", "aws", "policy/ReadOnlyAccess"}},
		{"arn:aws:logs:eu-west-1:111122223333:log-group:/a:b", ARN{"aws", "logs", "eu-west-1", "111122223333", "log-group:/a:b"}},
	} {
		got, err := ParseARN(c.in)
		if err != nil || got != c.want {
			t.Errorf("%q: %+v, %v", c.in, got, err)
		}
		if got.String() != strings.TrimSpace(c.in) {
			t.Errorf("%q is written %q", c.in, got)
		}
	}
}

func TestParseARNRefuses(t *testing.T) {
	for in, word := range map[string]string{
		"":                                       "not an ARN",
		"snap":                                   "not an ARN",
		"arn:aws:iam::111122223333":              "not an ARN",
		"arn:aws:iam::111122223333:":             "not an ARN",
		"arn:aws:::111122223333:role/x":          "not an ARN",
		"urn:aws:iam::111122223333:role/x":       "not an ARN",
		"arn:aws:iam::111122223333:role/a b":     "blank",
		"arn:aws:iam::1111\n22223333:role/a":     "blank",
		"arn:azure:iam::111122223333:role/a":     "partition",
		"arn:awsome:iam::111122223333:role/a":    "partition",
		"arn:aws:iam::11112222333:role/a":        "12 digits",
		"arn:aws:iam::1111-2222-3333:role/a":     "12 digits",
		"arn:aws:iam::11112222333x:role/a":       "12 digits",
		"arn:aws:iam::111122223333 :role/a":      "blank",
		"arn:aws:iam::111122223333:role/a\u00a0": "",
	} {
		got, err := ParseARN(in)
		if word == "" {
			if err != nil {
				t.Errorf("%q: %v", in, err)
			}
			continue
		}
		e, ok := err.(*Error)
		if !ok || got != (ARN{}) || !strings.Contains(e.Summary.String(), word) || e.Value != in || e.Fix.IsZero() {
			t.Errorf("%q: %+v, %v", in, got, err)
		}
	}
}

func TestARNParts(t *testing.T) {
	for _, c := range []struct{ arn, kind, path, name string }{
		{"arn:aws:iam::111122223333:role/snap", "role", "/", "snap"},
		{"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x", "role", "/aws-reserved/sso.amazonaws.com/", "AWSReservedSSO_x"},
		{"arn:aws:sts::111122223333:assumed-role/snap/session", "assumed-role", "/snap/", "session"},
		{"arn:aws:es:eu-west-1:111122223333:domain/logs", "domain", "/", "logs"},
		{"arn:aws:iam::111122223333:root", "", "/", "root"},
	} {
		a, err := ParseARN(c.arn)
		if err != nil || a.Type() != c.kind || a.Path() != c.path || a.Name() != c.name {
			t.Errorf("%s: %q %q %q, %v", c.arn, a.Type(), a.Path(), a.Name(), err)
		}
	}
}

func TestBuiltARNsParse(t *testing.T) {
	for _, c := range []struct {
		arn  ARN
		want string
	}{
		{RoleARN("aws", "111122223333", "", "snap"), "arn:aws:iam::111122223333:role/snap"},
		{RoleARN("aws", "111122223333", "/", "snap"), "arn:aws:iam::111122223333:role/snap"},
		{RoleARN("aws-cn", "111122223333", "/ops/x/", "snap"), "arn:aws-cn:iam::111122223333:role/ops/x/snap"},
		{DomainARN("aws", "eu-west-1", "111122223333", "logs"), "arn:aws:es:eu-west-1:111122223333:domain/logs"},
		{BucketARN("aws", "acme"), "arn:aws:s3:::acme"},
		{ARN{}, ""},
	} {
		if c.arn.String() != c.want {
			t.Errorf("got %q, want %q", c.arn, c.want)
		}
		b, err := json.Marshal(c.arn)
		if err != nil {
			t.Fatal(err)
		}
		var back ARN
		if err := json.Unmarshal(b, &back); err != nil || back != c.arn {
			t.Errorf("%s came back as %+v, %v", b, back, err)
		}
	}
	var a ARN
	if err := json.Unmarshal([]byte(`"nonsense"`), &a); err == nil || !a.IsZero() {
		t.Error("nonsense became an ARN")
	}
}

func FuzzParseARN(f *testing.F) {
	for _, s := range []string{"arn:aws:iam::111122223333:role/a/b", " arn:aws:s3:::b ", "arn:aws:iam::aws:policy/x", "arn:aws:x:::::", "arn:aws:iam::123:role/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseARN(s)
		if err != nil {
			if !a.IsZero() {
				t.Fatalf("%q is refused and yet gives %+v", s, a)
			}
			return
		}
		if a.String() != strings.TrimSpace(s) {
			t.Fatalf("%q is written %q", s, a)
		}
		back, err := ParseARN(a.String())
		if err != nil || back != a {
			t.Fatalf("%s", cmp.Diff(a, back))
		}
	})
}
