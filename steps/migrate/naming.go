package migrate

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// What a migration writes into things that others live on, too, carries its name:
// two migrations from one source share the snapshot role and the signer, and
// neither may replace or take back what the other stands on. It is named by the
// bucket and the folder in it, which no two can share.
const (
	// policyPrefix starts the names of all inline policies of ours.
	policyPrefix = "snapferry-"
	// signerPrefix starts the names of those in users and roles that sign.
	signerPrefix = policyPrefix + "signer-"
)

// sid is the Sid of one of our statements. IAM takes letters and digits alone;
// the bucket's are there for people, the hash for what they leave out.
func (r *route) sid(what string) string {
	letters := strings.Map(func(c rune) rune {
		if c == '-' || c == '.' {
			return -1
		}
		return c
	}, string(r.spec.Bucket.Name))
	return what + strings.ToUpper(letters[:min(len(letters), 1)]) + letters[min(len(letters), 1):min(len(letters), 20)] + r.mark()
}

// mark tells migrations apart.
func (r *route) mark() string {
	sum := sha256.Sum256([]byte(string(r.spec.Bucket.Name) + "/" + string(r.spec.Bucket.BasePath)))
	return hex.EncodeToString(sum[:4])
}

// rolePolicy is the name of our policy in a snapshot role, which is a writer's or
// a reader's, never both.
func (r *route) rolePolicy() string {
	return policyPrefix + string(r.spec.Bucket.Name) + "-" + r.mark()
}

// signerPolicy is the name of our policy in the signer.
func (r *route) signerPolicy() string {
	return signerPrefix + string(r.spec.Bucket.Name) + "-" + r.mark()
}
