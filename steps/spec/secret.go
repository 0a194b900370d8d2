package spec

import (
	"regexp"
	"strings"
	"unicode"

	"snapferry/steps"
)

// accessKey is the shape of AWS access key ids; whoever pastes one is about to
// paste the secret beside it.
var accessKey = regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{16}\b`)

// sessionToken is how tokens of temporary keys begin [seen in tokens STS gave].
var sessionToken = regexp.MustCompile(`\b(IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz|AQoDYXdz)`)

// login is a URL with a password in it.
var login = regexp.MustCompile(`//[^/@\s:]*:[^/@\s]+@`)

// secretKey is a word of 40 base64 characters, the length of AWS secret keys.
var secretKey = regexp.MustCompile(`(?:^|[^A-Za-z0-9/+=])([A-Za-z0-9/+=]{40})(?:$|[^A-Za-z0-9/+=])`)

func looksSecret(raw string) bool {
	return accessKey.MatchString(raw) || sessionToken.MatchString(raw) || login.MatchString(raw) || holdsSecretKey(raw)
}

// holdsSecretKey finds words that look like an AWS secret key: of the right
// length, and drawn at random. Names of 40 characters exist; they change between
// capitals, small letters and digits once or twice a word, chance does it at two
// of three characters.
func holdsSecretKey(raw string) bool {
	for rest := raw; ; {
		m := secretKey.FindStringSubmatchIndex(rest)
		if m == nil {
			return false
		}
		if random(rest[m[2]:m[3]]) {
			return true
		}
		rest = rest[m[3]:]
	}
}

func random(word string) bool {
	var upper, lower, digit, changes int
	last := -1
	for _, r := range word {
		kind := 3
		switch {
		case unicode.IsUpper(r):
			kind, upper = 0, upper+1
		case unicode.IsLower(r):
			kind, lower = 1, lower+1
		case unicode.IsDigit(r):
			kind, digit = 2, digit+1
		}
		if kind != last {
			changes++
		}
		last = kind
	}
	return upper > 0 && lower > 0 && digit > 0 && changes > 15
}

// randomByRight excuses the one answer that is often a random word and no secret
// to AWS: the external id of a role.
func randomByRight(key Key, raw string) bool {
	return strings.HasSuffix(string(key), ".external_id") && !accessKey.MatchString(raw) && !login.MatchString(raw)
}

// isLogin finds name:password where the name of an internal user goes: a login
// ends the name at the first colon (RFC 7617).
func isLogin(key Key, raw string) bool {
	return strings.HasSuffix(string(key), ".mapper.user") && strings.Contains(raw, ":")
}

// secretName matches names under which people keep secrets.
var secretName = regexp.MustCompile(`(?i)(secret|passw|token|access_?-?key|credential|private_?-?key|pairing)`)

// secretError never repeats the value. The key is "" at the top of a file.
func secretError(key Key, line, column int) *steps.Error {
	e := &steps.Error{
		Field: string(key), Line: line, Column: column,
		Summary: steps.T("The answers hold a secret, and they never may"),
		Fix:     steps.T("Take it out. Name a profile, use the environment (HTTPS_PROXY for a proxy with a password), or say base: keys and type the keys when asked; they stay in memory"),
	}
	if key != "" {
		e.Summary = steps.T("%s holds a secret, and answers never do", string(key))
	}
	if strings.Contains(string(key), "mapper") {
		e.Fix = steps.T("Take it out. Name a profile, say base: keys, or base: password and user: NAME; what is typed when asked stays in memory")
	}
	return e
}
