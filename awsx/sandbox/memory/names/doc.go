// Package names holds the engines' rules for names: which index, repository and
// snapshot names are legal, how wildcards match, how a restore picks indices out
// of a snapshot, and Java's regular expressions for renaming.
//
// It works on strings alone and does not know what exists in a cluster.
package names

import (
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// forbidden are the characters no file system takes, in the order in which the
// engines (a Java set) print them.
const forbidden = ` "*\<|,>/?`

// printed is how an engine names that set in its messages.
const printed = "[ , \", *, \\, <, |, ,, >, /, ?]"

// IsPattern says that a name holds a wildcard.
func IsPattern(s string) bool { return strings.Contains(s, "*") }

// Match is the engines' simple match: * stands for any run of characters and
// nothing else is special.
func Match(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}

// MatchAny tries several patterns.
func MatchAny(patterns []string, s string) bool {
	for _, p := range patterns {
		if Match(p, s) {
			return true
		}
	}
	return false
}

// CheckIndex refuses an index name the engine refuses.
func CheckIndex(name string) *wire.Error {
	bad := func(why string) *wire.Error {
		return wire.New(400, "invalid_index_name_exception", "Invalid index name [%s], %s", name, why).
			With("index_uuid", "_na_").With("index", name)
	}
	switch {
	case strings.ContainsAny(name, forbidden):
		return bad("must not contain the following characters " + printed)
	case name == "":
		return bad("must not be empty")
	case strings.Contains(name, "#"):
		return bad("must not contain '#'")
	case strings.Contains(name, ":"):
		return bad("must not contain ':'")
	case strings.ContainsAny(name[:1], "_-+"):
		return bad("must not start with '_', '-', or '+'")
	case len(name) > 255:
		return bad("index name is too long, (" + strconv.Itoa(len(name)) + " > 255)")
	case name == "." || name == "..":
		return bad("must not be '.' or '..'")
	case strings.ToLower(name) != name:
		return bad("must be lowercase")
	}
	return nil
}

// CheckSnapshot refuses a snapshot name the engine refuses.
func CheckSnapshot(repository, name string) *wire.Error {
	bad := func(why string) *wire.Error {
		return wire.New(400, "invalid_snapshot_name_exception", "[%s:%s] Invalid snapshot name [%s], %s", repository, name, name, why)
	}
	switch {
	case name == "":
		return bad("cannot be empty")
	case strings.Contains(name, " "):
		return bad("must not contain whitespace")
	case strings.Contains(name, ","):
		return bad("must not contain ','")
	case strings.Contains(name, "#"):
		return bad("must not contain '#'")
	case name[0] == '_':
		return bad("must not start with '_'")
	case strings.ToLower(name) != name:
		return bad("must be lowercase")
	case strings.ContainsAny(name, forbidden):
		return bad("must not contain the following characters " + printed)
	}
	return nil
}

// CheckRepository refuses a repository name the engine refuses.
func CheckRepository(name string) *wire.Error {
	bad := func(why string) *wire.Error {
		return wire.New(500, "repository_exception", "[%s] %s", name, why)
	}
	switch {
	case name == "":
		return bad("cannot be empty")
	case strings.Contains(name, "#"):
		return bad("must not contain '#'")
	case strings.ContainsAny(name, forbidden):
		return bad("must not contain the following characters " + printed)
	}
	return nil
}
