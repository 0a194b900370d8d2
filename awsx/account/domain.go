package account

import (
	"time"

	"snapferry/awsx/awsid"
)

// DomainSummary is one domain in a listing.
type DomainSummary struct {
	Name   awsid.DomainName
	Family awsid.Family
}

// Domain is what the control plane says about a domain (DomainStatus of the
// OpenSearch Service API; the fields named there differ in spelling only).
type Domain struct {
	ARN     awsid.ARN
	Name    awsid.DomainName
	ID      string
	Version awsid.EngineVersion
	// Endpoint is the host to call: the public one, or the VPC one; "" while the
	// domain is being made. CustomEndpoint is "" unless one is switched on.
	Endpoint       string
	DualStack      string
	CustomEndpoint string
	EnforceHTTPS   bool
	TLSPolicy      string

	// Processing and Upgrading mean that a change is under way: snapshots may be
	// refused or slow.
	Created, Deleted, Processing, Upgrading bool
	// State is DomainProcessingStatus: Active, Modifying, UpgradingEngineVersion, …
	State    string
	Software Software

	// AccessPolicy is nil when the domain has none.
	AccessPolicy Document
	Security     Security

	EncryptedAtRest bool
	// DomainKey encrypts the domain's disks; a manual snapshot has nothing to do with it.
	DomainKey  string
	NodeToNode bool

	Nodes  Nodes
	Volume Volume
	// VPC is nil for a public domain, SnapshotPause where none was ever set.
	VPC           *VPC
	SnapshotPause *SnapshotPause
	// OverrideVersion is compatibility.override_main_response_version: GET /
	// answers 7.10 whatever the engine is.
	OverrideVersion bool
	AdvancedOptions map[string]string
	// AutomatedHourUTC is the hour of the daily snapshot of engines up to 5.1.
	AutomatedHourUTC int
}

// Software is the service software of a domain, e.g. R20211203-P2.
type Software struct {
	Current, New string
	Available    bool
	Status       string
}

// Security is fine-grained access control as far as the control plane tells;
// it never tells the master user.
type Security struct {
	Enabled       bool
	InternalUsers bool
	// Anonymous is the migration period after FGAC was switched on.
	Anonymous                bool
	AnonymousUntil           time.Time
	SAML, JWT, IAMFederation bool
}

// Nodes are counts and types of a domain's nodes.
type Nodes struct {
	Type              string
	Count             int
	DedicatedManagers bool
	ManagerType       string
	ManagerCount      int
	Warm              bool
	WarmType          string
	WarmCount         int
	Cold              bool
	Zones             int // 1 when zone awareness is off
	Standby           bool
	// RemoteBacked says that the instance family keeps its segments in a remote store (or1, or2, om2).
	RemoteBacked bool
}

// Volume is the EBS volume of each data node. Size is in GiB.
type Volume struct {
	EBS        bool
	SizeGiB    int
	Type       string
	IOPS       int
	Throughput int // MiB/s
}

// VPC is set for domains inside a VPC.
type VPC struct {
	ID             string
	Subnets        []string
	SecurityGroups []string
	Zones          []string
}

// SnapshotPause is a window without automated snapshots.
type SnapshotPause struct {
	Enabled    bool
	Start, End time.Time
	State      string
}
