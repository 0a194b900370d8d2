package sandbox

import (
	"fmt"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/world"
)

// The default world.
const (
	SourceAccount awsid.AccountID = "111111111111"
	TargetAccount awsid.AccountID = "222222222222"
	JumpAccount   awsid.AccountID = "333333333333"

	// Region is where the default domains are.
	Region awsid.Region = "eu-west-1"
)

// adminUser is the user each account begins with.
const adminUser = "admin"

// seed fills a new world: three accounts with an administrator each, and three
// domains of different ages.
func seed(now time.Time) func(*world.State) error {
	return func(s *world.State) error {
		s.Began = now
		for _, a := range []struct {
			id    awsid.AccountID
			label string
		}{{SourceAccount, "source"}, {TargetAccount, "target"}, {JumpAccount, "jump"}} {
			seedAccount(s, s.AddAccount(a.id, a.label), now)
		}
		s.Domains = append(s.Domains,
			seedDomain(s, "source", SourceAccount, "logs-prod", awsid.EngineVersion{Family: awsid.OpenSearch, Major: 2, Minor: 19, Patch: 4}, now),
			seedDomain(s, "next", SourceAccount, "logs-next", awsid.EngineVersion{Family: awsid.OpenSearch, Major: 3, Minor: 4}, now),
			seedDomain(s, "target", TargetAccount, "logs-prod", awsid.EngineVersion{Family: awsid.OpenSearch, Major: 3, Minor: 4}, now),
		)
		return nil
	}
}

// seedAccount gives an account the one user with whom people begin.
func seedAccount(s *world.State, a *world.Account, now time.Time) {
	a.Users[adminUser] = &world.User{
		Name: adminUser, Path: "/", ID: s.ID("AIDA", 17), Created: now,
		Grants: world.Grants{Attached: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}},
	}
	k := &world.AccessKey{ID: s.ID("AKIA", 16), Secret: s.Secret(), User: adminUser, Created: now}
	a.Keys[k.ID] = k
}

// age is how old the default domains are: old enough that nobody takes them for
// something the run made.
const age = 400 * 24 * time.Hour

// seedDomain makes a domain as the console's defaults for production have it: three
// zones, encrypted, the account's own policies deciding who may call it.
func seedDomain(s *world.State, label string, account awsid.AccountID, name awsid.DomainName, v awsid.EngineVersion, now time.Time) *world.Domain {
	d := &world.Domain{
		Label: label, Name: name, Account: account, Region: Region, Version: v, Embedded: v,
		Endpoint: "search-" + string(name) + "-" + s.Lower(26) + "." + string(Region) + ".es.amazonaws.com",
		Cluster:  world.ClusterConfig{InstanceType: "r6g.large", Instances: 3, AvailabilityZones: 3},
		EBS:      world.EBS{VolumeType: "gp3", SizeGiB: 512, IOPS: 3000, Throughput: 125},
		Software: software(v), Created: now.Add(-age), Updated: now.Add(-age),
		EncryptedAtRest: true, NodeToNode: true, EnforceHTTPS: true, Backend: memoryBackend,
	}
	d.AccessPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + world.RootARN(account).String() +
		`"},"Action":"es:*","Resource":"` + d.ARN().String() + `/*"}]}`
	return d
}

// software is a service software release as DescribeDomain shows it.
func software(v awsid.EngineVersion) string {
	return fmt.Sprintf("%s_%d_%d_R20260915", v.Family, v.Major, v.Minor)
}
