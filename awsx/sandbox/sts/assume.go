package sts

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// Lengths of sessions in seconds. A role assumed by a role's session lasts an
// hour at most, whatever the role permits.
const (
	shortest = 900
	usual    = 3600
	longest  = 43200
	chained  = 3600
)

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// wish is what an AssumeRole asks for.
type wish struct {
	role, name, external, identity string
	seconds                        int
	policies                       []string
}

// assumeRole judges first and writes then; what the role is is looked at again
// when the session is made, since it may have changed between.
func (s *service) assumeRole(in *wire.Input) (any, error) {
	ask, err := s.read(in)
	if err != nil {
		return nil, err
	}
	if in.Caller.Principal.Resource == "root" {
		return nil, denied("Roles may not be assumed by root accounts.")
	}
	if err := s.judge(in, ask); err != nil {
		return nil, err
	}
	var session *world.Session
	var user awsid.ARN
	err = s.world.Write(func(st *world.State) error {
		account, role := st.RoleByARN(ask.role)
		if role == nil {
			return refused(in, ask)
		}
		if ask.seconds > role.MaxSession {
			return invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
		}
		session = st.NewSession(account, role, ask.name, s.world.Now(), time.Duration(ask.seconds)*time.Second, ask.policies)
		user = access.SessionCaller(account, role, ask.name, session.Key).Session
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer(session, user, ask), nil
}

// read checks what the API's model demands, before anybody's rights are asked.
func (s *service) read(in *wire.Input) (wish, error) {
	ask := wish{
		role: in.Get("RoleArn"), name: in.Get("RoleSessionName"), external: in.Get("ExternalId"),
		identity: in.Get("SourceIdentity"), seconds: usual,
	}
	if !sessionName.MatchString(ask.name) {
		return ask, invalid(`1 validation error detected: Value '%s' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`, ask.name)
	}
	if _, err := awsid.ParseARN(ask.role); err != nil {
		return ask, invalid("%s is invalid", ask.role)
	}
	if text := in.Get("DurationSeconds"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < shortest || n > longest {
			return ask, invalid("1 validation error detected: Value '%s' at 'durationSeconds' failed to satisfy constraint: Member must have value between %d and %d", text, shortest, longest)
		}
		ask.seconds = n
	}
	if in.Caller.Principal.Type() == "role" && ask.seconds > chained {
		return ask, invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	}
	return ask, s.sessionPolicies(in, &ask)
}

// sessionPolicies reads the policies that narrow the session: one given whole,
// and managed ones by their ARN.
func (s *service) sessionPolicies(in *wire.Input, ask *wish) error {
	if text := in.Get("Policy"); text != "" {
		d, err := policy.Parse([]byte(text))
		if err == nil {
			err = d.Validate(policy.KindIdentity)
		}
		if err != nil {
			return wire.NewFault(http.StatusBadRequest, "MalformedPolicyDocument", err.Error())
		}
		ask.policies = append(ask.policies, text)
	}
	var missing error
	s.world.Read(func(st *world.State) {
		for i := 1; in.Params.Has(fmt.Sprintf("PolicyArns.member.%d.arn", i)); i++ {
			arn := in.Get(fmt.Sprintf("PolicyArns.member.%d.arn", i))
			doc, ok := st.ManagedDocument(arn)
			if !ok {
				missing = invalid("PolicyArn %s does not exist or is not attachable.", arn)
				return
			}
			ask.policies = append(ask.policies, doc)
		}
	})
	return missing
}

// judge asks both sides: the trust policy of the role, and where that does not
// name the caller himself, the caller's own policies.
func (s *service) judge(in *wire.Input, ask wish) error {
	q := access.Question{Caller: in.Caller, Action: "sts:AssumeRole", Resource: ask.role, Context: maps.Clone(in.Facts)}
	q.Context["sts:RoleSessionName"] = []string{ask.name}
	if ask.external != "" {
		q.Context["sts:ExternalId"] = []string{ask.external}
	}
	if ask.identity != "" {
		q.Context["sts:SourceIdentity"] = []string{ask.identity}
	}
	var trust string
	s.world.Read(func(st *world.State) {
		if account, role := st.RoleByARN(ask.role); role != nil {
			q.Owner, trust = account.ID, role.Trust
			for k, v := range role.Tags {
				q.Context["aws:ResourceTag/"+k], q.Context["iam:ResourceTag/"+k] = []string{v}, []string{v}
			}
		}
	})
	if trust == "" {
		// A role that does not exist and one that does not trust look the same.
		return refused(in, ask)
	}
	doc, err := policy.Parse([]byte(trust))
	if err != nil {
		return refused(in, ask)
	}
	q.ResourcePolicy = &doc
	d := s.gate.Decide(q)
	switch {
	case d.Allowed():
		return nil
	case d.Layer == policy.LayerTrust || d.Layer == policy.LayerResource:
		return refused(in, ask)
	}
	return denied(q.Words(d))
}

// answer is the result as the API shows it.
func answer(session *world.Session, user awsid.ARN, ask wish) any {
	type credentials struct{ AccessKeyId, SecretAccessKey, SessionToken, Expiration string }
	type assumed struct{ AssumedRoleId, Arn string }
	var out struct {
		Credentials     credentials
		AssumedRoleUser assumed
		SourceIdentity  string `xml:",omitempty"`
	}
	out.Credentials = credentials{session.Key, session.Secret, session.Token, session.Expires.UTC().Format("2006-01-02T15:04:05Z")}
	out.AssumedRoleUser = assumed{session.RoleID + ":" + session.Name, user.String()}
	out.SourceIdentity = ask.identity
	return out
}

// denied is a refusal by policy.
func denied(text string) error { return wire.NewFault(http.StatusForbidden, "AccessDenied", text) }

// refused is STS's sentence where the role's side says no: it gives no reason.
func refused(in *wire.Input, ask wish) error {
	return denied("User: " + in.Caller.Name() + " is not authorized to perform: sts:AssumeRole on resource: " + ask.role)
}

// invalid is a parameter that the API or the role does not permit.
func invalid(format string, args ...any) error {
	return wire.NewFault(http.StatusBadRequest, "ValidationError", fmt.Sprintf(format, args...))
}
