package awsid

import (
	"strings"
	"unicode"

	"snapferry/awsx/text"
)

// ARN is an Amazon resource name in its six-part form. IAM compares role ARNs
// letter by letter when a role is assumed, so nothing here folds case.
type ARN struct {
	Partition Partition
	Service   string
	Region    Region
	Account   AccountID
	// Resource is everything after the fifth colon, e.g. "role/path/NAME".
	Resource string
}

// ParseARN reads an ARN; blanks around it are dropped, nothing else is, so that
// what is read is written again letter by letter.
func ParseARN(s string) (ARN, error) {
	bad := func(summary text.Text) (ARN, error) {
		return ARN{}, refuse("ARN", s, summary, text.New("An ARN looks like arn:aws:iam::111122223333:role/my-role"))
	}
	t := strings.TrimSpace(s)
	parts := strings.SplitN(t, ":", 6)
	switch {
	case len(parts) != 6, parts[0] != "arn", parts[1] == "", parts[2] == "", parts[5] == "":
		return bad(text.New("%q is not an ARN", s))
	case strings.ContainsFunc(t, unicode.IsSpace):
		return ARN{}, refuse("ARN", s, text.New("%q holds a blank", s), text.New("Paste the ARN without blanks or line breaks"))
	case parts[1] != "aws" && !strings.HasPrefix(parts[1], "aws-"):
		return ARN{}, refuse("ARN", s, text.New("%q is no AWS partition", parts[1]), text.New("The part after arn: is aws, aws-cn or aws-us-gov"))
	case parts[4] != "" && parts[4] != "aws" && !isAccount(parts[4]):
		return bad(text.New("%q has no account id of 12 digits in its fifth part", s))
	}
	return ARN{
		Partition: Partition(parts[1]), Service: parts[2], Region: Region(parts[3]),
		Account: AccountID(parts[4]), Resource: parts[5],
	}, nil
}

// isAccount says that s is an account id as ARNs carry it.
func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// IsZero says that no ARN was given.
func (a ARN) IsZero() bool { return a == ARN{} }

func (a ARN) String() string {
	if a.IsZero() {
		return ""
	}
	return "arn:" + string(a.Partition) + ":" + a.Service + ":" + string(a.Region) + ":" + string(a.Account) + ":" + a.Resource
}

// MarshalText and UnmarshalText let an ARN stand in JSON and YAML as its string.
func (a ARN) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads an ARN; the empty string is the zero ARN.
func (a *ARN) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*a = ARN{}
		return nil
	}
	v, err := ParseARN(string(b))
	if err != nil {
		return err
	}
	*a = v
	return nil
}

// Name is the last segment of the resource: the role name without its path.
func (a ARN) Name() string {
	return a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
}

// Path is the IAM path of a role or user, "/" when it has none.
func (a ARN) Path() string {
	_, rest, ok := strings.Cut(a.Resource, "/")
	if !ok {
		return "/"
	}
	i := strings.LastIndexByte(rest, '/')
	return "/" + rest[:i+1]
}

// Type is the first segment of the resource: "role", "user", "assumed-role", "domain".
func (a ARN) Type() string {
	t, _, ok := strings.Cut(a.Resource, "/")
	if !ok {
		return ""
	}
	return t
}

// RoleARN builds the ARN of a role. path is "" or "/" for none, else "/a/b/".
func RoleARN(p Partition, account AccountID, path string, name RoleName) ARN {
	return ARN{Partition: p, Service: "iam", Account: account, Resource: "role/" + strings.TrimPrefix(path, "/") + string(name)}
}

// DomainARN builds the ARN of a domain. Both service families use the es namespace.
func DomainARN(p Partition, r Region, account AccountID, name DomainName) ARN {
	return ARN{Partition: p, Service: "es", Region: r, Account: account, Resource: "domain/" + string(name)}
}

// BucketARN builds the ARN of a bucket, which names neither region nor account.
func BucketARN(p Partition, b BucketName) ARN {
	return ARN{Partition: p, Service: "s3", Resource: string(b)}
}
