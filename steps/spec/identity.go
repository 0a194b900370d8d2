package spec

import (
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// The bases that are named by an answer of their own.
const (
	baseProfile  = "profile"
	basePassword = "password"
)

// identity reads one identity; other is what it is while nothing else is said,
// more are the bases only this identity can have.
func (b *builder) identity(k Key, other Identity, region awsid.Region, more ...string) Identity {
	if !b.d.Said(k) {
		return other
	}
	var id Identity
	id.Base = b.one(k+".base", append([]string{baseProfile, "environment", "instance", "task", "keys", "none"}, more...)...)
	id.Profile = b.named(k, "profile", baseProfile, &id.Base)
	id.User = b.named(k, "user", basePassword, &id.Base)
	if id.Base == "" && !b.d.Said(k+".base") {
		id.Base, id.Profile = other.Base, other.Profile // a chain alone starts where the side's control identity starts
	}
	for n := 1; n <= b.d.links(k+".chain"); n++ {
		id.Chain = append(id.Chain, b.link(join(k+".chain", itoa(n)), region))
	}
	switch {
	case len(id.Chain) == 0:
	case id.Base == "none":
		b.fail(k+".base", steps.T("Roles are to be assumed, but by nobody"), steps.T("Say whose credentials come first, or leave the chain out"))
	case id.Base == basePassword:
		b.fail(k+".base", steps.T("Roles are to be assumed, but a user of the domain is none of AWS"), steps.T("Leave the chain out, or name a base that has AWS credentials"))
	}
	return id
}

// named reads the answer that says which profile or user is meant. It stands for
// its base too, so that the base need not be said.
func (b *builder) named(k Key, field, base string, said *string) string {
	at := join(k, field)
	name := strings.TrimSpace(b.d.Get(at))
	switch {
	case name != "" && *said == "" && !b.d.Said(k+".base"):
		*said = base
	case name != "" && *said != base && *said != "":
		b.fail(at, steps.T("A %s is named, but the base is %s", field, *said), steps.T("Leave one of the two out"))
	case name == "" && *said == base && !b.partial:
		b.fail(k+".base", steps.T("Which %s is not said", field), steps.T("Name it under %s", string(at)))
	}
	return name
}

// link is one role to assume. Its account is anybody's: that is what chains are
// for; its partition is the side's.
func (b *builder) link(k Key, region awsid.Region) Link {
	l := Link{
		ExternalID:  strings.TrimSpace(b.d.Get(k + ".external_id")),
		SessionName: strings.TrimSpace(b.d.Get(k + ".session_name")),
		MFASerial:   strings.TrimSpace(b.d.Get(k + ".mfa_serial")),
	}
	l.Role, _ = b.arn(k+".role", region, "iam", "role", "arn:aws:iam::111122223333:role/my-role")
	b.need(k+".role", steps.T("the ARN of the role to assume"))
	if l.SessionName != "" && !sessionShape.MatchString(l.SessionName) {
		b.fail(k+".session_name", steps.T("%q is not a session name", l.SessionName), steps.T("Use 2 to 64 letters, digits and the characters = , . @ _ -"))
	}
	if strings.HasPrefix(l.MFASerial, "arn:") { // the others are numbers on the back of a device
		b.arn(k+".mfa_serial", region, "iam", "mfa", "arn:aws:iam::111122223333:mfa/me")
	}
	return l
}

// atHome refuses a chain that ends in another account than the domain's: IAM of
// an account is for its own identities, and iam:PassRole crosses no account (IAM
// user guide). A mapper may come from anywhere.
func (b *builder) atHome(k Key, id Identity, account awsid.AccountID) {
	n := b.d.links(k + ".chain")
	if n == 0 || account == "" || id.Chain[n-1].Role.IsZero() || id.Chain[n-1].Role.Account == account {
		return
	}
	b.fail(join(k+".chain", itoa(n))+".role", steps.T("The last role is in account %s, but the domain is in %s", string(id.Chain[n-1].Role.Account), string(account)),
		steps.T("End the chain with a role of account %s, or correct the account", string(account)))
}

// identities gives a target in the source's own account the source's identities
// where it has none of its own. An internal user is one domain's: another domain
// does not know it.
func (b *builder) identities() {
	src, dst := &b.spec.Source, &b.spec.Target
	if b.d.Said("target.control") {
		return
	}
	dst.Control = src.Control
	if !b.d.Said("target.signer") {
		dst.Signer = src.Signer
	}
	switch {
	case b.d.Said("target.mapper"):
	case src.Mapper.Base == basePassword && b.spec.Shape != ShapeSameDomain:
		dst.Mapper = src.Control
	default:
		dst.Mapper = src.Mapper
	}
}
