package world

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// seed makes the ids of two sandboxes equal where the same was asked of them in
// the same order, so that their dumps can be compared.
const seed = "snapferry sandbox"

// draw gives the next 32 bytes of the world's own sequence.
func (s *State) draw() []byte {
	s.Serial++
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(seed), s.Serial))
	return sum[:]
}

// ID is a new unique id with an AWS prefix such as AROA, AIDA or AKIA, and n
// letters and digits after it.
func (s *State) ID(prefix string, n int) string {
	return prefix + base32.StdEncoding.EncodeToString(s.draw())[:n]
}

// Secret is a new secret access key of 40 characters.
func (s *State) Secret() string {
	return base64.StdEncoding.EncodeToString(s.draw())[:40]
}

// Token is a new session token. It is shorter than real ones and, as there,
// full of characters that must be escaped in a URL.
func (s *State) Token() string {
	var b strings.Builder
	b.WriteString("IQoJb3JpZ2luX2Vj")
	for range 4 {
		b.WriteString(base64.StdEncoding.EncodeToString(s.draw()))
	}
	return b.String()
}

// Lower is a new lower-case id, as in the endpoints of domains.
func (s *State) Lower(n int) string { return strings.ToLower(s.ID("", n)) }
