package spec

import (
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
	b.needAccount(side)
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
	s.Mapper = b.identity(k+".mapper", s.Control, s.Region, basePassword)
	b.atHome(k+".control", s.Control, s.Account)
	b.atHome(k+".signer", s.Signer, s.Account)
}

// needAccount tells both ways on where a target's account is missing: another
// account may be meant, or the source's own.
func (b *builder) needAccount(side steps.Side) {
	k := Key(side) + ".account"
	if b.get(k) != "" || b.partial {
		return
	}
	if side == steps.Source || b.d.Get("shape") == string(ShapeSameAccount) || b.d.Get("shape") == string(ShapeSameDomain) {
		b.need(k, steps.T("the account the domain is in"))
		return
	}
	b.fail(k, steps.T("target.account is missing: whether the indices move into another account is not said"),
		steps.T("Say target.account, the 12 digits of the other account; or, inside the source's account, say shape: same-account for another domain, or shape: same-domain for a restore beside the originals"))
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

// reached wants what a side cannot do without where nobody calls its AWS APIs:
// somebody else who signs, and the endpoint that nobody can look up. What the target
// takes from the source was complained about there.
func (b *builder) reached() {
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		k, s := Key(side), b.spec.Side(side)
		if s.Control.Base != "none" || b.partial {
			continue
		}
		own := side == steps.Source || len(b.inherit) == 0 || b.d.Said(k+".control") || b.d.Said(k+".signer")
		if s.Signer.Base == "none" && s.Auth != AuthUnsigned && own {
			b.fail(k+".signer.base", steps.T("%s.control is nobody here, and nobody else was named who signs the calls to the %s domain", string(k), string(side)),
				steps.T("Name under %s.signer who does: no snapshot and no restore can be asked for without", string(k)))
		}
		if s.Endpoint == "" && !b.said(k+".endpoint") {
			b.fail(k+".endpoint", steps.T("%s.control is nobody here, so that the %s domain cannot be looked up by its name", string(k), string(side)),
				steps.T("Say its host name under %s.endpoint; the console shows it as Domain endpoint", string(k)))
		}
	}
}
