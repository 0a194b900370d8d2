package world

import (
	"time"

	"snapferry/awsx/awsid"
)

// Domain is one OpenSearch Service domain as the control plane keeps it.
type Domain struct {
	// Label is what the sandbox calls the domain: source, target, next.
	Label   string
	Name    awsid.DomainName
	Account awsid.AccountID
	Region  awsid.Region
	// Endpoint is the host name clients call, without a scheme.
	Endpoint string
	// Version is what runs behind the front, Embedded what the embedded cluster
	// is, whose place a real node may take.
	Version, Embedded awsid.EngineVersion
	// AccessPolicy is the document as it was sent, "" for none.
	AccessPolicy string
	// Access is the kind of access the domain was made with, in the words of
	// whoever made it.
	Access   string `json:",omitempty"`
	Security Security
	Cluster  ClusterConfig
	EBS      EBS
	// Software is the service software release, e.g. OpenSearch_2_19_R20250625.
	// Releases from R20211203 on send aws:SourceAccount and aws:SourceArn when
	// the service assumes a role.
	Software string
	Created  time.Time
	// EncryptedAtRest, NodeToNode and EnforceHTTPS are needed before
	// fine-grained access control can be switched on.
	EncryptedAtRest, NodeToNode, EnforceHTTPS bool
	AdvancedOptions                           map[string]string `json:",omitempty"`
	Tags                                      map[string]string `json:",omitempty"`
	// Backend is "memory", or the URL of a node behind the front.
	Backend string
	// Planted says that the embedded cluster has its first content.
	Planted bool
	// Revision counts changes of the configuration, as DescribeDomainConfig
	// shows it in UpdateVersion.
	Revision int
	Updated  time.Time
}

// Security is fine-grained access control as DescribeDomain tells it, plus the
// master, which it never tells. The password is the sandbox's own, kept so that
// people can be told it; clusters keep a hash.
type Security struct {
	Enabled, InternalUsers, Anonymous bool
	MasterARN                         string `json:",omitempty"`
	MasterUser                        string `json:",omitempty"`
	MasterPassword                    string `json:",omitempty"`
}

// ClusterConfig is the size of a domain.
type ClusterConfig struct {
	InstanceType      string
	Instances         int
	DedicatedMaster   bool   `json:",omitempty"`
	MasterType        string `json:",omitempty"`
	Masters           int    `json:",omitempty"`
	AvailabilityZones int    `json:",omitempty"`
	Standby           bool   `json:",omitempty"`
	WarmNodes         int    `json:",omitempty"`
}

// EBS is the storage of each data node. SizeGiB is per node.
type EBS struct {
	VolumeType string
	SizeGiB    int
	IOPS       int `json:",omitempty"`
	Throughput int `json:",omitempty"`
}

// ARN is the domain's ARN.
func (d *Domain) ARN() awsid.ARN {
	return awsid.DomainARN(awsid.PartitionAWS, d.Region, d.Account, d.Name)
}

// DomainLabelled finds a domain by its label, nil when there is none.
func (s *State) DomainLabelled(label string) *Domain {
	for _, d := range s.Domains {
		if d.Label == label {
			return d
		}
	}
	return nil
}

// Domain finds a domain, nil when there is none.
func (s *State) Domain(account awsid.AccountID, region awsid.Region, name awsid.DomainName) *Domain {
	for _, d := range s.Domains {
		if d.Account == account && d.Region == region && d.Name == name {
			return d
		}
	}
	return nil
}

// DomainAt finds the domain with this endpoint host, nil when there is none.
func (s *State) DomainAt(host string) *Domain {
	for _, d := range s.Domains {
		if d.Endpoint == host {
			return d
		}
	}
	return nil
}
