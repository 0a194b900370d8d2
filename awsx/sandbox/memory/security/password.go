package security

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"io"
	"strings"
)

// rounds is small: a guess costs about a millisecond, and a practice ground is
// asked thousands of times.
const rounds = 4096

const hashMark = "pbkdf2-sha256$"

// hash is what is kept of a password: mark, salt and key.
func (p *Plugin) hash(password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := io.ReadFull(p.options.Random, salt); err != nil {
		return "", err
	}
	key, err := derive(password, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return hashMark + b64.EncodeToString(salt) + "$" + b64.EncodeToString(key), nil
}

func derive(password string, salt []byte) ([]byte, error) {
	return pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
}

// verify compares in constant time. A hash of another making, such as a bcrypt
// one that came through the API, fits no password.
func verify(password, hash string) bool {
	rest, ours := strings.CutPrefix(hash, hashMark)
	salt64, key64, whole := strings.Cut(rest, "$")
	if !ours || !whole {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(salt64)
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(key64)
	if err != nil {
		return false
	}
	got, err := derive(password, salt)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1
}

// weakness is why a password is not taken, "" for none. The real plugin
// estimates guesses; this is what of it can be told in a line, and lets through
// what that lets through of what was tried.
func weakness(password string) string {
	if password == "" {
		return "Password is too short"
	}
	different := map[rune]bool{}
	for _, r := range password {
		different[r] = true
	}
	if len(password) < 8 || len(different) < 8 {
		return "Weak password"
	}
	return ""
}
