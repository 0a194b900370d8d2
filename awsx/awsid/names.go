package awsid

import (
	"net/netip"
	"regexp"
	"strings"

	"snapferry/awsx/text"
)

// The names of things. Role names are unique without regard to case but are
// assumed with regard to it, so they are kept as written.
type (
	RoleName       string
	DomainName     string
	BucketName     string
	RepositoryName string
	SnapshotName   string
	IndexName      string
	// BasePath is the folder of a snapshot repository inside its bucket,
	// without a leading or trailing slash; empty means the bucket's root.
	BasePath string
)

var (
	roleShape   = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]{1,64}$`)
	domainShape = regexp.MustCompile(`^[a-z][a-z0-9-]{2,27}$`)
	bucketShape = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
)

// ParseRoleName checks the characters and the length IAM permits.
func ParseRoleName(s string) (RoleName, error) {
	t := strings.TrimSpace(s)
	if !roleShape.MatchString(t) {
		return "", refuse("role name", s, text.New("%q is not a role name", s),
			text.New("Use 1 to 64 letters, digits and the characters + = , . @ _ -"))
	}
	return RoleName(t), nil
}

// ParseDomainName checks the service's rule: 3 to 28 characters, lower case,
// a letter first.
func ParseDomainName(s string) (DomainName, error) {
	t := strings.TrimSpace(s)
	if strings.Contains(t, ".") {
		return "", refuse("domain name", s, text.New("This is no domain name but a host or its URL"),
			text.New("Give it as the endpoint of the domain instead, or only the name, as in search-NAME-….es.amazonaws.com"))
	}
	if !domainShape.MatchString(t) {
		return "", refuse("domain name", s, text.New("%q is not a domain name", s),
			text.New("A domain name has 3 to 28 lower-case letters, digits and hyphens, and starts with a letter"))
	}
	return DomainName(t), nil
}

// ParseBucketName checks S3's rules for general purpose buckets.
func ParseBucketName(s string) (BucketName, error) {
	t := strings.TrimPrefix(strings.TrimSuffix(strings.TrimSpace(s), "/"), "s3://")
	bad := func(why string) (BucketName, error) {
		return "", refuse("bucket name", s, text.New("%q is not a bucket name: %s", s, why),
			text.New("Use 3 to 63 lower-case letters, digits, dots and hyphens, for example acme-os-migration"))
	}
	switch {
	case t != strings.ToLower(t):
		return bad("it holds capital letters")
	case strings.Contains(t, "/"):
		return bad("a folder in it is an answer of its own, the base path")
	case !bucketShape.MatchString(t):
		return bad("length or characters are not allowed")
	case strings.Contains(t, ".."), strings.Contains(t, ".-"), strings.Contains(t, "-."):
		return bad("dots may not stand beside each other or beside a hyphen")
	case isAddress(t):
		return bad("it looks like an IP address")
	case strings.HasPrefix(t, "xn--"), strings.HasPrefix(t, "sthree-"), strings.HasSuffix(t, "-s3alias"), strings.HasSuffix(t, "--ol-s3"):
		return bad("S3 keeps this prefix or suffix for itself")
	}
	return BucketName(t), nil
}

// forbiddenInNames are the characters that are invalid in file names, which the
// engine refuses in repository and snapshot names.
const forbiddenInNames = `\/*?"<>|`

// ParseRepositoryName checks the engine's rule and the service's reserved prefix cs-.
func ParseRepositoryName(s string) (RepositoryName, error) {
	t := strings.TrimSpace(s)
	bad := func(why string) (RepositoryName, error) {
		return "", refuse("repository name", s, text.New("%q is not a repository name: %s", s, why),
			text.New("Use letters, digits and hyphens, for example snapferry"))
	}
	switch {
	case t == "":
		return bad("it is empty")
	case strings.HasPrefix(t, "cs-"):
		return bad("names that start with cs- belong to the service")
	case strings.Contains(t, "#"), strings.ContainsAny(t, forbiddenInNames), strings.ContainsAny(t, " ,"):
		return bad(`it holds one of # , \ / * ? " < > | or a blank`)
	}
	return RepositoryName(t), nil
}

// ParseSnapshotName checks the engine's rules (SnapshotsService.validate).
func ParseSnapshotName(s string) (SnapshotName, error) {
	t := strings.TrimSpace(s)
	bad := func(why string) (SnapshotName, error) {
		return "", refuse("snapshot name", s, text.New("%q is not a snapshot name: %s", s, why),
			text.New("Use lower-case letters, digits and hyphens, for example mig-20261122-1"))
	}
	switch {
	case t == "":
		return bad("it is empty")
	case t != strings.ToLower(t):
		return bad("it holds capital letters")
	case strings.HasPrefix(t, "_"):
		return bad("it starts with an underscore")
	case strings.ContainsAny(t, "# ,\t"), strings.ContainsAny(t, forbiddenInNames):
		return bad(`it holds one of # , \ / * ? " < > | or a blank`)
	}
	return SnapshotName(t), nil
}

// ParseBasePath drops the slashes around; the engine takes no leading one.
func ParseBasePath(s string) (BasePath, error) {
	t := strings.Trim(strings.TrimSpace(s), "/")
	for _, seg := range strings.Split(t, "/") {
		if t != "" && (seg == "" || seg == "." || seg == "..") {
			return "", refuse("base path", s, text.New("%q is not a base path", s), text.New("Type folder names separated by single slashes, for example migration/logs"))
		}
	}
	return BasePath(t), nil
}

func isAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}
