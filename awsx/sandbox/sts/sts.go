// Package sts is STS of the embedded AWS: who am I, and assuming roles.
//
// It judges a trust policy through the gate and gives out credentials. It does
// not know what they are used for.
package sts

import (
	"net/http"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/sigv4"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// tolerance of clocks, as STS's refusals state it.
const tolerance = 15 * time.Minute

type service struct {
	world *world.World
	gate  access.Gate
}

// New makes the service as one region's endpoint answers it. The global
// endpoint is that of us-east-1.
func New(w *world.World, gate access.Gate, region awsid.Region) http.Handler {
	s := &service{w, gate}
	return wire.Query{
		Verifier:  sigv4.Verifier{Service: "sts", Region: region, Tolerance: tolerance, Now: w.Now, Lookup: gate.Key},
		Namespace: "https://sts.amazonaws.com/doc/2011-06-15/", Version: "2011-06-15",
		Operations: map[string]wire.Operation{
			"GetCallerIdentity": {Run: whoAmI},
			// Assuming a role makes credentials; it changes nothing of anybody's.
			"AssumeRole": {Run: s.assumeRole},
		},
	}
}

// whoAmI needs no permission: even an explicit deny does not stop it.
func whoAmI(in *wire.Input) (any, error) {
	return struct{ Arn, UserId, Account string }{
		in.Caller.Session.String(), in.Caller.UserID, string(in.Caller.Account),
	}, nil
}
