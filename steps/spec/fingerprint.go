package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"snapferry/awsx/awsid"
)

// Fingerprint tells migrations apart: the same accounts, domains, bucket and
// names give the same text. How a side is reached and by whom is left out, as a
// run may go on from another host or with other credentials; so are consents,
// what happens to aliases (which a clash may ask for on the way), and whether a role that is there is taken as it is or may be mended.
func (s *Spec) Fingerprint() string {
	own := *s
	for _, side := range []*SideSpec{&own.Source, &own.Target} {
		side.Via, side.Auth = "", ""
		side.Control, side.Signer, side.Mapper = Identity{}, Identity{}, Identity{}
		if side.Role.ARN.Account == side.Account { // its name and path say as much
			side.Role.ARN = awsid.ARN{}
		}
		if side.Domain != "" {
			// The name says as much, and one may have been typed where the other was looked up.
			side.Endpoint = ""
		}
	}
	own.Move.Overwrite, own.Move.Aliases = nil, ""
	b, err := json.Marshal(own)
	if err != nil {
		// Strings, numbers and maps of strings always marshal.
		panic("spec: fingerprint: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
