// Package panel draws the parts of a full screen: the route, findings, a plan, a
// run, a diagnosis, a report. Values in, styled lines of a given width and height
// out; no line is wider and no panel taller than the room it is given.
//
// The words and figures are board's, how things look is theme's. It knows neither
// keys nor the terminal nor a clock: what time it is comes with the values.
package panel

import (
	"time"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// Route is where data goes: two domains, and the bucket between them.
type Route struct {
	Source, Target End
	Bucket         Store
	// Moving is the leg that data is on now.
	Moving Leg
	// Rate is how fast, in bytes a second; 0 where no honest figure is known.
	Rate int64
}

// End is one side of a route, as far as it is known; what is not known is zero.
type End struct {
	Account awsid.AccountID
	// Domain is its name, or its endpoint where only that is known.
	Domain string
	// Engine is "OpenSearch 2.19".
	Engine string
	// Who signs here: "Admin via profile acme-prod".
	Who steps.Text
	// Expires is when the first session of this side ends, zero where none does or it is
	// not known; Ends is whose it is where that is not who signs.
	Expires time.Time
	Ends    string
}

// Store is the bucket of a route.
type Store struct {
	Name, Region string
	// Encryption is "SSE-KMS", and Owner the side whose account has the bucket.
	Encryption string
	Owner      steps.Side
}

// Leg is a part of a route.
type Leg int

// The legs.
const (
	NoLeg Leg = iota
	Out       // from the source into the bucket
	In        // from the bucket into the target
)

// Call is one finished call to AWS or to a domain, for the pane of calls.
type Call struct {
	At     time.Time
	Method string
	// Host and Path are masked where masking was asked for. Side is whose domain was
	// called, "" for AWS's own services and for a domain that is both sides'.
	Host, Path string
	Side       steps.Side
	// Status is 0 where there was no answer; Err says why then.
	Status int
	Took   time.Duration
	Err    string
}
