// Package sandbox assembles the embedded AWS: accounts, IAM, STS, S3, KMS, the
// OpenSearch control plane, domains, and what machines are told about themselves,
// behind one loopback CONNECT proxy that answers under the real host names and
// refuses every other host. Fault cards mis-set a new one.
//
// It wires its parts together and says how to reach them. What they answer is
// theirs; who uses them is nobody's business here.
package sandbox

import (
	"log/slog"
	"time"

	"snapferry/awsx/awsid"
)

// Pace is how long snapshots and restores of the embedded cluster take.
type Pace string

// The paces: about a minute for the default content, or no time at all.
const (
	PaceRealistic Pace = "realistic"
	PaceInstant   Pace = "instant"
)

// Options say how a sandbox is opened.
type Options struct {
	// Dir holds the world. It is made when it is missing; a world in it is gone
	// on with.
	Dir string
	// Addr is the loopback address of the proxy; "" means 127.0.0.1 and any
	// free port.
	Addr string
	// Clock is the sandbox's time; nil means the system's.
	Clock func() time.Time
	// Pace is PaceRealistic when "".
	Pace Pace
	// Upstream puts a real node behind the front of a domain: label (source,
	// target, next) → URL of the node.
	Upstream map[string]string
	// Access is how domains decide who may call them, by label. A world that is
	// gone on with must be of these kinds already.
	Access map[string]AccessKind
	// Versions are what the embedded clusters of a new world are, by label:
	// Elasticsearch 7.10.2, OpenSearch 2.19.4 or 3.4.0.
	Versions map[string]awsid.EngineVersion
	// Faults are the fault cards to mis-set the world with.
	Faults []string
	// Logger takes the sandbox's own troubles; nil drops them.
	Logger *slog.Logger
}
