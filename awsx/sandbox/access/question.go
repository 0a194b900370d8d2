package access

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/world"
)

// request is the question as policies see it.
func (q Question) request() policy.Request {
	ctx := maps.Clone(q.Context)
	if ctx == nil {
		ctx = map[string][]string{}
	}
	return policy.Request{
		Who: q.Caller.Who(), Action: q.Action, Resource: q.Resource,
		ResourceAccount: string(q.Owner), Context: ctx, Complete: true,
	}
}

// Who is the caller as a principal of policies.
func (c Caller) Who() policy.Who {
	if c.Anonymous {
		return policy.Who{Anonymous: true}
	}
	who := policy.Who{Account: string(c.Account), ARN: c.Principal.String()}
	who.UniqueID, _, _ = strings.Cut(c.UserID, ":")
	if c.Session != c.Principal {
		who.Session = c.Session.String()
	}
	return who
}

// Name is the caller as AWS's refusals name it: the session of a role, the ARN
// of a user, the word anonymous.
func (c Caller) Name() string {
	if c.Anonymous {
		return "anonymous"
	}
	return c.Session.String()
}

// Words is the sentence AWS refuses the question with.
func (q Question) Words(d policy.Decision) string { return policy.Refusal(q.request(), d) }

// kind is the kind of policy the resources of a service carry.
func (q Question) kind() policy.Kind {
	switch service, _, _ := strings.Cut(q.Action, ":"); service {
	case "s3":
		return policy.KindBucket
	case "kms":
		if q.ResourcePolicy == nil {
			return policy.KindIdentity // about no key, where the caller's own policies decide
		}
		return policy.KindKey
	case "es":
		return policy.KindDomainAccess
	case "sts":
		return policy.KindTrust
	}
	return policy.KindIdentity
}

// globals adds the condition keys that every service has, apart from those the
// service gave itself: only it knows the address, the transport and the region
// of a request.
func (g *WorldGate) globals(s *world.State, q Question, ctx map[string][]string) {
	set := func(key string, values ...string) {
		for k := range ctx {
			if strings.EqualFold(k, key) {
				return
			}
		}
		ctx[key] = values
	}
	now := g.world.Now()
	set("aws:CurrentTime", now.Format(time.RFC3339))
	set("aws:EpochTime", strconv.FormatInt(now.Unix(), 10))
	set("aws:SecureTransport", "true")
	set("aws:SourceIp", "127.0.0.1")
	set("aws:PrincipalIsAWSService", "false")
	set("aws:ViaAWSService", "false")
	if q.Owner != "" {
		set("aws:ResourceAccount", string(q.Owner))
	}
	if q.Caller.Anonymous {
		set("aws:PrincipalType", "Anonymous")
	}
	if q.Caller.Account == "" {
		return // anonymous, or a service: neither has an account of its own
	}
	set("aws:PrincipalType", principalType(q.Caller))
	set("aws:PrincipalArn", q.Caller.Principal.String())
	set("aws:PrincipalAccount", string(q.Caller.Account))
	set("aws:userid", q.Caller.UserID)
	account := s.Accounts[q.Caller.Account]
	if account == nil {
		return
	}
	var tags map[string]string
	switch q.Caller.Principal.Type() {
	case "user":
		set("aws:username", q.Caller.Principal.Name())
		if u := account.User(q.Caller.Principal.Name()); u != nil {
			tags = u.Tags
		}
	case "role":
		if r := account.Role(q.Caller.Principal.Name()); r != nil {
			tags = r.Tags
		}
		if session := s.Sessions[q.Caller.AccessKey]; session != nil {
			set("aws:TokenIssueTime", session.Issued.Format(time.RFC3339))
			set("aws:MultiFactorAuthPresent", "false")
		}
	}
	for k, v := range tags {
		set("aws:PrincipalTag/"+k, v)
	}
}

func principalType(c Caller) string {
	switch {
	case c.Principal.Resource == "root":
		return "Account"
	case c.Principal.Type() == "role":
		return "AssumedRole"
	}
	return "User"
}

// documents gathers the caller's identity policies, boundary and session
// policies.
func documents(s *world.State, c Caller) (identity []policy.Document, boundary *policy.Document, session []policy.Document) {
	account := s.Accounts[c.Account]
	if c.Anonymous || account == nil {
		return nil, nil, nil
	}
	if c.Principal.Resource == "root" {
		// Root is bound by no policy of its own account.
		all, _ := world.AWSManaged("arn:aws:iam::aws:policy/AdministratorAccess")
		return []policy.Document{parse(all)}, nil, nil
	}
	var grants *world.Grants
	switch c.Principal.Type() {
	case "user":
		if u := account.User(c.Principal.Name()); u != nil {
			grants = &u.Grants
		}
	case "role":
		if r := account.Role(c.Principal.Name()); r != nil {
			grants = &r.Grants
		}
	}
	if grants == nil {
		return nil, nil, nil
	}
	identity, boundary = Grants(s, grants)
	if temporary := s.Sessions[c.AccessKey]; temporary != nil {
		for _, doc := range temporary.Policies {
			session = append(session, parse(doc))
		}
	}
	return identity, boundary, session
}

// Grants reads the documents of a principal's identity policies in the order of
// their names, and its boundary.
func Grants(s *world.State, grants *world.Grants) (identity []policy.Document, boundary *policy.Document) {
	for _, name := range sortedKeys(grants.Inline) {
		identity = append(identity, parse(grants.Inline[name]))
	}
	for _, arn := range grants.Attached {
		if doc, ok := s.ManagedDocument(arn); ok {
			identity = append(identity, parse(doc))
		}
	}
	if grants.Boundary != "" {
		// A boundary whose policy is gone bounds everything.
		doc, _ := s.ManagedDocument(grants.Boundary)
		parsed := parse(doc)
		boundary = &parsed
	}
	return identity, boundary
}
