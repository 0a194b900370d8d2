package sandbox

import (
	"slices"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/world"
	"snapferry/awsx/text"
)

// What the sandbox's own migration calls its things, so that the cards lie in
// its way.
const (
	ownBucket = "acme-os-migration"
	ownRole   = "snapferry-logs-prod-snapshot"
)

// masterRole is the master of a domain whose administrator is not.
const masterRole = "search-master"

// cards are all fault cards.
var cards = []card{
	{
		Fault: Fault{
			"unmapped-signer",
			text.New("The master of the source domain is the role %s, and the account's administrator is mapped to nothing on it", masterRole),
			text.New("Registering the repository is refused: no permissions for [cluster:admin/repository/put]"),
		},
		access: map[string][]AccessKind{"source": {AccessIAMMaster}},
		seed:   otherMaster,
	},
	{
		Fault: Fault{
			"pass-role-missing",
			text.New("The administrator of the source account may do everything but pass a role"),
			text.New("Registering the repository is refused: is not authorized to perform: iam:PassRole"),
		},
		seed: withoutPassRole,
	},
	{
		Fault: Fault{
			"trust-mismatch",
			text.New("The target account has the snapshot role %s, and its trust policy was copied from the source: it names the source's account and domain", ownRole),
			text.New("Registering the repository on the target fails in STS: is not authorized to perform: sts:AssumeRole"),
		},
		seed: copiedTrust,
	},
	{
		Fault: Fault{
			"role-name-case",
			text.New("The source account has the snapshot role in another spelling, %s", otherCase),
			text.New("The role can be found and not be made again, and by the ARN in lower case it cannot be assumed: is not authorized to perform: sts:AssumeRole"),
		},
		seed: otherSpelling,
	},
	{
		Fault: Fault{
			"bucket-policy-missing",
			text.New("The bucket %s and both snapshot roles are there, and the bucket's policy does not name the target's role", ownBucket),
			text.New("Whatever the target's domain asks of the bucket is refused: Access Denied"),
		},
		seed: rolesOfBoth,
		deal: dealBucket(false, ""),
	},
	{
		Fault: Fault{
			"security-index-in-restore",
			text.New("The repository %s holds a snapshot of everything on the source, the security index with it, and both domains have it", nightly),
			text.New("Restoring it without a list of indices is refused: no permissions for []"),
		},
		// Only a domain with access control has the index, and only one refuses it.
		access: map[string][]AccessKind{"source": {AccessIAMMaster, AccessInternalMaster}, "target": {AccessInternalMaster, AccessIAMMaster}},
		seed:   nightlyRoles,
		deal:   dealNightly,
	},
	{
		Fault: Fault{
			"security-manager-missing",
			text.New("The administrator is mapped to all_access on the source domain and not to security_manager; the master is the role %s", masterRole),
			text.New("Everything works but role mappings: No permission to access REST API"),
		},
		access: map[string][]AccessKind{"source": {AccessIAMMaster}},
		seed:   otherMaster,
		deal:   dealAllAccess,
	},
	{
		Fault: Fault{
			"key-not-shared",
			text.New("The bucket %s encrypts with a customer key and is shared with the target's snapshot role; the key's policy is not", ownBucket),
			text.New("The target's domain registers the repository and cannot read it: is not authorized to perform: kms:Decrypt"),
		},
		seed: rolesOfBoth,
		deal: dealBucket(true, keyAlias),
	},
}

// seedRole makes a role, bound to what it trusts now. A role that is there stays:
// cards that need the same one agree about it.
func seedRole(s *world.State, account awsid.AccountID, name, trust, rights string, now time.Time) error {
	a := s.Accounts[account]
	if a.Role(name) != nil {
		return nil
	}
	bound, err := s.Bind(trust)
	if err != nil {
		return err
	}
	r := &world.Role{Name: name, Path: "/", ID: s.ID("AROA", 17), Created: now.Add(-age), Trust: bound, MaxSession: 3600}
	if rights != "" {
		r.Inline = map[string]string{"rights": rights}
	}
	a.Roles[strings.ToLower(name)] = r
	return nil
}

// trusting is a trust policy for one principal, with a condition or "".
func trusting(principal, condition string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"` + condition + `}]}`
}

const byService = `{"Service":"es.amazonaws.com"}`

// allowing is an identity policy for a bucket and, if there is one, everything
// that is done with keys through it.
func allowing(bucket, objects string, keys bool) string {
	statements := `{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::` + bucket + `"},` +
		`{"Effect":"Allow","Action":[` + objects + `],"Resource":"arn:aws:s3:::` + bucket + `/*"}`
	if keys {
		statements += `,{"Effect":"Allow","Action":["kms:GenerateDataKey","kms:Decrypt","kms:DescribeKey"],"Resource":"*"}`
	}
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

const (
	readAndWrite = `"s3:GetObject","s3:PutObject","s3:DeleteObject"`
	readOnly     = `"s3:GetObject"`
)

// otherMaster takes the source domain from the account's administrator.
func otherMaster(s *world.State, now time.Time) error {
	d := s.DomainLabelled("source")
	rights := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"es:ESHttp*","Resource":"` + d.ARN().String() + `/*"}]}`
	err := seedRole(s, d.Account, masterRole, trusting(`{"AWS":"`+world.RootARN(d.Account).String()+`"}`, ""), rights, now)
	d.Security.MasterARN = awsid.RoleARN(awsid.PartitionAWS, d.Account, "/", masterRole).String()
	return err
}

// withoutPassRole narrows the administrator by a managed policy, as accounts do
// whose owners fear that power.
func withoutPassRole(s *world.State, now time.Time) error {
	a := s.Accounts[SourceAccount]
	const name = "EverythingButPassRole"
	arn := awsid.ARN{Partition: awsid.PartitionAWS, Service: "iam", Account: a.ID, Resource: "policy/" + name}.String()
	a.Policies[arn] = &world.ManagedPolicy{
		Name: name, Path: "/", ID: s.ID("ANPA", 17), ARN: arn, Created: now.Add(-age), Updated: now.Add(-age), Default: "v1", NextVersion: 2,
		Versions: []world.PolicyVersion{{ID: "v1", Created: now.Add(-age), Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:PassRole","Resource":"*"}]}`}},
	}
	a.User(adminUser).Attached = []string{arn}
	return nil
}

// copiedTrust is a role carried from the source to the target word for word.
func copiedTrust(s *world.State, now time.Time) error {
	d := s.DomainLabelled("source")
	return seedRole(s, TargetAccount, ownRole, trusting(byService, `,"Condition":{"StringEquals":{"aws:SourceAccount":"`+string(d.Account)+
		`"},"ArnLike":{"aws:SourceArn":"`+d.ARN().String()+`"}}`), allowing(ownBucket, readOnly, false), now)
}

// otherCase is ownRole as somebody wrote it by hand.
const otherCase = "Snapferry-Logs-Prod-Snapshot"

func otherSpelling(s *world.State, now time.Time) error {
	return seedRole(s, SourceAccount, otherCase, trusting(byService, ""), allowing(ownBucket, readAndWrite, false), now)
}

// rolesOfBoth makes the snapshot roles of both sides as they should be.
func rolesOfBoth(s *world.State, now time.Time) error {
	if err := seedRole(s, SourceAccount, ownRole, trusting(byService, ""), allowing(ownBucket, readAndWrite, true), now); err != nil {
		return err
	}
	return seedRole(s, TargetAccount, ownRole, trusting(byService, ""), allowing(ownBucket, readOnly, true), now)
}

// nightly is the repository of everything, and the name of its roles.
const (
	nightly       = "nightly"
	nightlyRole   = "acme-nightly-snapshots"
	nightlyBucket = "acme-nightly-snapshots"
)

func nightlyRoles(s *world.State, now time.Time) error {
	if err := seedRole(s, SourceAccount, nightlyRole, trusting(byService, ""), allowing(nightlyBucket, readAndWrite, false), now); err != nil {
		return err
	}
	return seedRole(s, TargetAccount, nightlyRole, trusting(byService, ""), allowing(nightlyBucket, readOnly, false), now)
}

// merged adds a value to a list that may have it.
func merged(list []string, value string) []string {
	if slices.Contains(list, value) {
		return list
	}
	return append(list, value)
}
