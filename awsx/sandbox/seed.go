package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/metadata"
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

// keyAlias is the name of the customer key the source account has for snapshots.
const keyAlias = "alias/acme-snapshots"

// CustomerKey is that key. Its id is the same in every world, so that answers,
// which name keys by their ARN, can be written before there is one.
var CustomerKey = awsid.ARN{
	Partition: awsid.PartitionAWS, Service: "kms", Region: Region, Account: SourceAccount, Resource: "key/6c1f0d52-8b3e-4a97-b5d4-2f90e17c63a8",
}

// plot is where a default domain stands, and what it is if nobody wishes else.
type plot struct {
	label   string
	account awsid.AccountID
	name    awsid.DomainName
	version awsid.EngineVersion
}

var plots = []plot{
	{"source", SourceAccount, "logs-prod", openSearch2},
	{"next", SourceAccount, "logs-next", openSearch3},
	{"target", TargetAccount, "logs-prod", openSearch3},
}

// Labels are what the default domains are called by: in flags, and in Info.
func Labels() []string {
	var labels []string
	for _, p := range plots {
		labels = append(labels, p.label)
	}
	return labels
}

// What the embedded cluster can be.
var (
	elasticsearch7 = awsid.EngineVersion{Family: awsid.Elasticsearch, Major: 7, Minor: 10, Patch: 2}
	openSearch2    = awsid.EngineVersion{Family: awsid.OpenSearch, Major: 2, Minor: 19, Patch: 4}
	openSearch3    = awsid.EngineVersion{Family: awsid.OpenSearch, Major: 3, Minor: 4}
)

// checkPlots refuses what cannot be had: domains nobody knows, kinds and versions
// that do not exist.
func (o Options) checkPlots() error {
	known := func(label string) error {
		if slices.Contains(Labels(), label) {
			return nil
		}
		return fmt.Errorf("the sandbox has no domain %q: it has %s", label, strings.Join(Labels(), ", "))
	}
	for label, kind := range o.Access {
		if err := known(label); err != nil {
			return err
		}
		if !slices.Contains(AccessKinds(), kind) {
			return fmt.Errorf("the sandbox has no access kind %q: it has %v", kind, AccessKinds())
		}
	}
	for label, v := range o.Versions {
		if err := known(label); err != nil {
			return err
		}
		if embedded := []awsid.EngineVersion{elasticsearch7, openSearch2, openSearch3}; !slices.Contains(embedded, v) {
			return fmt.Errorf("the embedded cluster cannot be %s: it can be one of %v", v, embedded)
		}
	}
	return nil
}

// seed fills a new world: three accounts with an administrator each, a customer
// key, a host, and three domains of different ages.
func seed(now time.Time, o Options) func(*world.State) error {
	return func(s *world.State) error {
		s.Began = now
		for _, a := range []struct {
			id    awsid.AccountID
			label string
		}{{SourceAccount, "source"}, {TargetAccount, "target"}, {JumpAccount, "jump"}} {
			seedAccount(s, s.AddAccount(a.id, a.label), now)
		}
		seedKey(s, now)
		seedBastion(s, now)
		for _, p := range plots {
			v, kind := p.version, usualAccess(p.label)
			if wish, ok := o.Versions[p.label]; ok {
				v = wish
			}
			if wish, ok := o.Access[p.label]; ok {
				kind = wish
			}
			s.Domains = append(s.Domains, seedDomain(s, p, v, kind, now))
		}
		return o.seedFaults(s, now)
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

// seedKey makes the customer key with the policy that customer keys begin with:
// the account's own policies decide, nobody else gets in.
func seedKey(s *world.State, now time.Time) {
	made := now.Add(-age)
	k := s.AddKMSKey(CustomerKey.Account, CustomerKey.Region, made)
	k.ID, k.Description = CustomerKey.Name(), "Snapshots"
	k.Policy = `{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"` +
		world.RootARN(k.Account).String() + `"},"Action":"kms:*","Resource":"*"}]}`
	s.KMSAliases = append(s.KMSAliases, &world.KMSAlias{Name: keyAlias, Account: k.Account, Region: k.Region, Key: k.ID, Created: made, Updated: made})
}

// seedBastion makes the role of the host one is on without having said which. It is an
// instance's and a task's, and may call the domains of its account and nothing else: who
// has no more than that stands before them as before a closed subnet's.
func seedBastion(s *world.State, now time.Time) {
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","ecs-tasks.amazonaws.com"]},"Action":"sts:AssumeRole"}]}`
	a := s.Labelled(metadata.UsualAccount)
	calls := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"es:ESHttp*","Resource":"arn:aws:es:` + string(Region) + `:` + string(a.ID) + `:domain/*"}]}`
	a.Roles[metadata.UsualRole] = &world.Role{
		Name: metadata.UsualRole, Path: "/", ID: s.ID("AROA", 17), Created: now.Add(-age), Trust: trust, MaxSession: 3600,
		Grants: world.Grants{Inline: map[string]string{"domains": calls}},
	}
}

// age is how old the default domains are: old enough that nobody takes them for
// something the run made.
const age = 400 * 24 * time.Hour

// seedDomain makes a domain as the console's defaults for production have it: three
// zones, encrypted.
func seedDomain(s *world.State, p plot, v awsid.EngineVersion, kind AccessKind, now time.Time) *world.Domain {
	d := &world.Domain{
		Label: p.label, Name: p.name, Account: p.account, Region: Region, Version: v, Embedded: v, Access: string(kind),
		Endpoint: "search-" + string(p.name) + "-" + s.Lower(26) + "." + string(Region) + ".es.amazonaws.com",
		Cluster:  world.ClusterConfig{InstanceType: "r6g.large", Instances: 3, AvailabilityZones: 3},
		EBS:      world.EBS{VolumeType: "gp3", SizeGiB: 512, IOPS: 3000, Throughput: 125},
		Software: software(v), Created: now.Add(-age), Updated: now.Add(-age),
		EncryptedAtRest: true, NodeToNode: true, EnforceHTTPS: true, Backend: memoryBackend,
	}
	secure(s, d, kind)
	return d
}

// software is a service software release as DescribeDomain shows it.
func software(v awsid.EngineVersion) string {
	return fmt.Sprintf("%s_%d_%d_R20260915", v.Family, v.Major, v.Minor)
}
