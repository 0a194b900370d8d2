package spec

import (
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// side reads one end of the route.
func (b *builder) side(side steps.Side, s *SideSpec) {
	k := Key(side)
	s.Account, _ = take(b, k+".account", awsid.ParseAccountID)
	s.Region, _ = take(b, k+".region", awsid.ParseRegion)
	s.Domain, _ = take(b, k+".domain", awsid.ParseDomainName)
	s.Endpoint, _ = take(b, k+".endpoint", parseEndpoint)
	s.Via, _ = take(b, k+".via", parseVia)
	b.fromEndpoint(side, s)
	if side == steps.Target && s.Region == "" && !b.said(k+".region") {
		s.Region = b.spec.Source.Region
	}
	b.need(k+".account", steps.T("the account the domain is in"))
	if s.Region == "" && !b.said(k+".region") && !b.said("source.region") {
		b.need(k+".region", steps.T("the region the domain is in"))
	}
	if s.Endpoint == "" && !b.said(k+".endpoint") {
		b.need(k+".domain", steps.T("the domain's name, or its endpoint under %s.endpoint", string(k)))
	}
	s.Auth = AuthKind(b.one(k+".auth", string(AuthSigned), string(AuthUnsigned)))
	if s.Auth == "" {
		s.Auth = AuthSigned
	}
	s.Control = b.identity(k+".control", Identity{}, s.Region)
	s.Signer = b.identity(k+".signer", s.Control, s.Region)
	s.Mapper = b.identity(k+".mapper", s.Control, s.Region)
}

// fromEndpoint takes what the host name tells, and refuses answers it belies.
func (b *builder) fromEndpoint(side steps.Side, s *SideSpec) {
	k := Key(side)
	if s.Via != "" && s.Endpoint == "" && !b.said(k+".endpoint") {
		b.fail(k+".via", steps.T("A way is given, but not to which host"), steps.T("Say the domain's real host name under %s.endpoint: TLS and the signature need it", string(side)))
	}
	name, region := hostTells(s.Endpoint)
	if name == "" {
		return
	}
	if s.Domain != "" && s.Domain != name {
		b.fail(k+".endpoint", steps.T("The endpoint belongs to domain %s, not to %s", string(name), string(s.Domain)), steps.T("Correct one of the two; the name alone is enough where the AWS API can be reached"))
	}
	if s.Region != "" && s.Region != region {
		b.fail(k+".endpoint", steps.T("The endpoint is in region %s, not in %s", string(region), string(s.Region)), steps.T("Correct one of the two"))
	}
	if !b.said(k + ".domain") {
		s.Domain = name
	}
	if !b.said(k + ".region") {
		s.Region = region
	}
}

// identity reads one identity; base is what it is while nothing else is said.
func (b *builder) identity(k Key, base Identity, region awsid.Region) Identity {
	if !b.d.Said(k) {
		return base
	}
	id := Identity{Profile: strings.TrimSpace(b.d.Get(k + ".profile"))}
	id.Base = b.one(k+".base", "profile", "environment", "instance", "task", "keys", "none")
	switch {
	case id.Profile != "" && !b.d.Said(k+".base"):
		id.Base = "profile"
	case id.Profile != "" && id.Base != "profile" && id.Base != "":
		b.fail(k+".profile", steps.T("A profile is named, but %s.base says %s", string(k), id.Base), steps.T("Leave one of the two out"))
	case id.Base == "profile" && id.Profile == "" && !b.partial:
		b.fail(k+".base", steps.T("Which profile is not said"), steps.T("Name it under %s.profile", string(k)))
	case !b.d.Said(k + ".base"):
		id.Base = base.Base // a chain alone starts where the side's control identity starts
		id.Profile = base.Profile
	}
	for n := 1; n <= b.d.links(k+".chain"); n++ {
		id.Chain = append(id.Chain, b.link(join(k+".chain", itoa(n)), region))
	}
	if id.Base == "none" && len(id.Chain) > 0 {
		b.fail(k+".base", steps.T("Roles are to be assumed, but by nobody"), steps.T("Say whose credentials come first, or leave the chain out"))
	}
	return id
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
	return l
}

// identities gives a target in the source's own account the source's identities
// where it has none of its own.
func (b *builder) identities() {
	src, dst := &b.spec.Source, &b.spec.Target
	if b.d.Said("target.control") {
		return
	}
	dst.Control = src.Control
	if !b.d.Said("target.signer") {
		dst.Signer = src.Signer
	}
	if !b.d.Said("target.mapper") {
		dst.Mapper = src.Mapper
	}
}
