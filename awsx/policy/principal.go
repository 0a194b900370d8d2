package policy

import (
	"slices"
	"strings"
)

// IsUniqueID says that a principal is one of IAM's own ids for a role (AROA…) or
// a user (AIDA…). IAM stores these in place of ARNs and shows them only when the
// role or user is gone; a new one of the same name has another id.
func IsUniqueID(principal string) bool {
	if len(principal) < 16 || !(strings.HasPrefix(principal, "AROA") || strings.HasPrefix(principal, "AIDA")) {
		return false
	}
	return strings.Trim(principal, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// DeadPrincipals lists the unique ids that stand in a document where the ARN of
// a principal stood before it was deleted, sorted, each once.
func DeadPrincipals(d Document) []string {
	var out []string
	for _, s := range d.Statements {
		for _, p := range []Principals{s.Principal, s.NotPrincipal} {
			for _, v := range p["AWS"] {
				if IsUniqueID(v) {
					out = append(out, v)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
