package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Mark is a short name part for what is written for certain subjects into things
// that others live on, too: a Sid or the name of a policy replaces what bears the
// same. Letters and digits, as Sids take no more; "" for no subject.
func Mark(subjects ...string) string {
	all := strings.Join(subjects, "\n")
	if strings.TrimSpace(all) == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(all))
	return hex.EncodeToString(sum[:4])
}
