package facts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

// identity turns a slot's answers into something a session can be opened with.
func (f *Facts) identity(slot Slot) (session.Identity, error) {
	side := f.spec.Side(slot.Side)
	said := map[Role]spec.Identity{Control: side.Control, Signer: side.Signer, Mapper: side.Mapper}[slot.Role]
	base, err := f.base(slot, said)
	if err != nil {
		return session.Identity{}, err
	}
	id := session.Identity{Base: base}
	for _, l := range said.Chain {
		id.Chain = append(id.Chain, session.Link{RoleARN: l.Role, ExternalID: l.ExternalID, SessionName: l.SessionName, MFASerial: l.MFASerial})
	}
	return id, nil
}

// basePassword is a mapper that is an internal user of the domain.
const basePassword = "password"

// base is where a slot's credentials come from. Unsaid, it is the environment:
// what any other AWS tool in this shell would use.
func (f *Facts) base(slot Slot, said spec.Identity) (session.Base, error) {
	switch said.Base {
	case "none":
		return session.Base{}, nobody(slot)
	case basePassword:
		return session.Base{}, &steps.Error{
			Field:   string(slot.Side) + "." + string(slot.Role) + ".base",
			Summary: steps.T("The %s of the %s is an internal user of the domain, which AWS does not know", string(slot.Role), string(slot.Side)),
			Fix:     steps.T("Name an IAM identity for what has to be signed"),
			Cause:   ErrNotSaid,
		}
	case "keys":
		keys, ok := f.opts.Keys[slot]
		if !ok {
			keys, ok = f.opts.Keys[Slot{slot.Side, Control}]
		}
		if !ok {
			return session.Base{}, notSaid(string(slot.Side) + "." + string(slot.Role) + " keys")
		}
		return session.Base{Kind: session.BaseKeys, Keys: keys}, nil
	}
	if f.opts.Sandbox != nil {
		return f.sandboxBase(slot, said)
	}
	switch said.Base {
	case "profile":
		return session.Base{Kind: session.BaseProfile, Profile: said.Profile}, nil
	case "instance":
		return session.Base{Kind: session.BaseInstance}, nil
	case "task":
		return session.Base{Kind: session.BaseTask}, nil
	}
	return session.Base{Kind: session.BaseEnvironment}, nil
}

// sandboxBase never looks at this machine's own AWS configuration. The instance
// and the task are the sandbox's: Options.Session.Host says where they are asked.
func (f *Facts) sandboxBase(slot Slot, said spec.Identity) (session.Base, error) {
	switch said.Base {
	case "instance":
		return session.Base{Kind: session.BaseInstance}, nil
	case "task":
		return session.Base{Kind: session.BaseTask}, nil
	}
	profile := said.Profile
	if profile == "" {
		profile = string(slot.Side)
	}
	keys, ok := f.opts.Sandbox[profile]
	if !ok {
		return session.Base{}, &steps.Error{
			Field:   string(slot.Side) + "." + string(slot.Role) + ".profile",
			Summary: steps.T("The sandbox has no profile %s", profile),
			Fix:     steps.T("Use source, target or jump"),
			Cause:   ErrNotSaid,
		}
	}
	return session.Base{Kind: session.BaseSandbox, Profile: profile, Keys: keys}, nil
}

// fingerprint tells identities apart without holding a secret.
func fingerprint(id session.Identity, region awsid.Region) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%s|%s|%s", id.Base.Kind, id.Base.Profile, id.Base.Keys.AccessKeyID, region)
	for _, l := range id.Chain {
		fmt.Fprintf(&b, "|%s,%s,%s,%s", l.RoleARN, l.ExternalID, l.SessionName, l.MFASerial)
	}
	return b.String()
}

// who is the part of a memo key that stands for a slot: sides that are seen with
// one identity share what is learned. A slot nobody fills has a key of its own.
func (f *Facts) who(slot Slot) string {
	id, err := f.identity(slot)
	if err != nil {
		return "nobody|" + string(slot.Side) + "|" + string(slot.Role)
	}
	if region := f.spec.Side(slot.Side).Region; region != "" {
		return fingerprint(id, region)
	}
	return "nowhere|" + string(slot.Side)
}

// at is who for facts of a side's domain.
func (f *Facts) at(slot Slot) string {
	s := f.spec.Side(slot.Side)
	if s.Domain == "" && s.Endpoint == "" { // what is not said of one side is nothing of the other
		return f.who(slot) + "|unsaid " + string(slot.Side)
	}
	return f.who(slot) + "|" + string(s.Account) + "|" + string(s.Domain) + "|" + s.Endpoint + "|" + string(s.Auth)
}

// session opens a slot's identity once for all slots that have the same.
func (f *Facts) session(ctx context.Context, slot Slot) (*session.Session, string, error) {
	id, err := f.identity(slot)
	if err != nil {
		return nil, "", err
	}
	region := f.spec.Side(slot.Side).Region
	if region == "" {
		return nil, "", notSaid(string(slot.Side) + ".region")
	}
	k := fingerprint(id, region)
	s, err := f.opts.Sessions.get(k, id, func() (*session.Session, error) {
		return session.Open(context.WithoutCancel(ctx), f.opts.Network, id, region, f.opts.Session)
	})
	if err != nil {
		return nil, "", err
	}
	return s, k, nil
}

// Ends is when the first of a side's identities ends, and which: of those that were used
// by now and end at all; the zero time where there is none. It asks nobody, and what was
// renewed meanwhile has its new end.
func (f *Facts) Ends(side steps.Side) (until time.Time, of Role) {
	for _, role := range []Role{Signer, Control, Mapper} { // of those that end together it is the signer
		slot := Slot{side, role}
		id, err := f.identity(slot)
		if err != nil {
			continue
		}
		s := f.opts.Sessions.opened(fingerprint(id, f.spec.Side(side).Region))
		if s == nil {
			continue
		}
		if end := s.Expires(); !end.IsZero() && (until.IsZero() || end.Before(until)) {
			until, of = end, role
		}
	}
	return until, of
}

// Session is a slot's opened identity, for showing its time left and for
// replacing typed keys.
func (f *Facts) Session(ctx context.Context, side steps.Side, role Role) (*session.Session, error) {
	s, _, err := f.session(ctx, Slot{side, role})
	return s, f.failed(FactIdentity, side, err)
}

// Control calls the AWS APIs of a side's account (resource.Access).
func (f *Facts) Control(ctx context.Context, side steps.Side) (*account.Account, error) {
	s, k, err := f.session(ctx, Slot{side, Control})
	if err != nil {
		return nil, f.failed(FactIdentity, side, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.accounts[k] == nil {
		f.accounts[k] = account.New(s).Means(f.spec.Side(side).Account)
	}
	return f.accounts[k], nil
}

// Signer calls the side's domain, signed (resource.Access).
func (f *Facts) Signer(ctx context.Context, side steps.Side) (*cluster.Cluster, error) {
	return f.caller(ctx, Slot{side, Signer})
}

// Mapper calls the side's domain as the identity that edits role mappings (resource.Access).
func (f *Facts) Mapper(ctx context.Context, side steps.Side) (*cluster.Cluster, error) {
	return f.caller(ctx, Slot{side, Mapper})
}

// asMapper reads as the mapper what a signer may not see yet (resource.Access).
type asMapper struct{ *Facts }

func (m asMapper) Signer(ctx context.Context, side steps.Side) (*cluster.Cluster, error) {
	return m.Mapper(ctx, side)
}

// internalKey begins the memo keys of callers with a password.
const internalKey = "internal|"

// caller opens a side's domain for one identity, once for all slots that have the
// same.
func (f *Facts) caller(ctx context.Context, slot Slot) (*cluster.Cluster, error) {
	host, version, err := f.endpoint(ctx, slot.Side)
	if err != nil {
		return nil, err
	}
	s := f.spec.Side(slot.Side)
	o := cluster.Options{Endpoint: host, Region: s.Region, Network: f.opts.Network, Now: f.now, Version: version, Auth: cluster.Unsigned()}
	k := "unsigned|" + host
	switch {
	case f.internal(slot):
		f.mu.Lock()
		password, ok := f.opts.Passwords[slot.Side]
		f.mu.Unlock()
		if !ok {
			return nil, f.failed(FactPermissions, slot.Side, noPassword(slot.Side, s.Mapper.User)) // by which it would be proven
		}
		o.Auth, k = cluster.Basic(s.Mapper.User, password), internalKey+s.Mapper.User+"|"+host
	case s.Auth != spec.AuthUnsigned:
		session, id, err := f.session(ctx, slot)
		if err != nil {
			return nil, f.failed(FactIdentity, slot.Side, err)
		}
		o.Auth, k = cluster.Signed(session), id+"|"+host
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clusters[k] == nil {
		f.clusters[k] = cluster.New(o)
	}
	return f.clusters[k], nil
}

// endpoint is the host to call, and the engine's version where the description
// of the domain told it on the way.
func (f *Facts) endpoint(ctx context.Context, side steps.Side) (string, awsid.EngineVersion, error) {
	if e := f.spec.Side(side).Endpoint; e != "" {
		return e, awsid.EngineVersion{}, nil
	}
	d, err := f.described(ctx, side)
	if err != nil {
		return "", awsid.EngineVersion{}, err
	}
	if d.Endpoint == "" {
		return "", awsid.EngineVersion{}, &Error{
			Fact: FactDomain, Side: side, How: f.How(FactDomain, side),
			Err: &steps.Error{
				Summary: steps.T("Domain %s has no endpoint yet: it is %s", string(d.Name), d.State),
				Fix:     steps.T("Wait until it is active"),
				Cause:   ErrNotSaid,
			},
		}
	}
	f.mu.Lock()
	f.hosts[side], f.engines[side] = d.Endpoint, d.Version
	f.mu.Unlock()
	return d.Endpoint, d.Version, nil
}

// internal says that a slot is a mapper with a password.
func (f *Facts) internal(slot Slot) bool {
	return slot.Role == Mapper && f.spec.Side(slot.Side).Mapper.Base == basePassword
}

// host is the endpoint as far as it is known without a call.
func (f *Facts) host(side steps.Side) string {
	if e := f.spec.Side(side).Endpoint; e != "" {
		return e
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hosts[side]
}

// Place is for commands that are printed: the control identity as the AWS CLI comes to
// it, and the region.
func (f *Facts) Place(side steps.Side) resource.Place {
	s := f.spec.Side(side)
	f.mu.Lock()
	defer f.mu.Unlock()
	p := resource.Place{Region: s.Region, Profile: s.Control.Profile, Engine: f.engines[side]}
	for _, l := range s.Control.Chain {
		p.Assumed = append(p.Assumed, l.Role)
	}
	return p
}

// curl renders a domain call for whoever has the rights; it needs no session.
func (f *Facts) curl(side steps.Side, method, target string, body []byte) string {
	if f.spec.Side(side).Auth == spec.AuthUnsigned {
		return f.curlAs(cluster.Unsigned(), side, method, target, body)
	}
	return f.curlAs(cluster.Signed(&session.Session{}), side, method, target, body)
}

// mapperCurl is the same for the mapper's calls. A password is left for the reader.
// Whoever maps where nobody was named comes as the domain's master does, and one
// with a password cannot sign.
func (f *Facts) mapperCurl(side steps.Side, method, target string, body []byte) string {
	f.mu.Lock()
	master := f.masters[side] && f.spec.Side(side).Mapper.Base == "none"
	f.mu.Unlock()
	if master || f.internal(Slot{side, Mapper}) {
		return f.curlAs(cluster.Basic(f.spec.Side(side).Mapper.User, session.Secret{}), side, method, target, body)
	}
	return f.curl(side, method, target, body)
}

func (f *Facts) curlAs(auth cluster.Auth, side steps.Side, method, target string, body []byte) string {
	s, host := f.spec.Side(side), f.host(side)
	if host == "" {
		host = string(side) + "-domain-endpoint" // for the reader to put in
	}
	o := cluster.Options{Endpoint: host, Region: s.Region, Network: f.opts.Network, Now: f.now, Auth: auth}
	r, err := cluster.New(o).Request(method, target, body)
	if err != nil {
		return ""
	}
	return r.Curl()
}

// Renew forgets cached credentials after a new login, and everything learned
// with the old ones.
func (f *Facts) Renew() {
	f.opts.Sessions.renew()
	f.DropAll()
}
