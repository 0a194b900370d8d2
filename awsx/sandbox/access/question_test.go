package access_test

import (
	"testing"

	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/world"
)

func document(t *testing.T, text string) *policy.Document {
	t.Helper()
	d, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func shared(principal string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`
}

func TestAcrossAccountsBothMustAllow(t *testing.T) {
	f := fixture.New(t)
	get := fixture.Allow("s3:GetObject", "*")
	with, _ := f.User(fixture.Target, "with", get)
	without, _ := f.User(fixture.Target, "without")
	for name, tc := range map[string]struct {
		key, resource string
		want          policy.Verdict
		layer         policy.Layer
	}{
		"both":           {with, shared(`{"AWS":"222222222222"}`), policy.Allow, ""},
		"identity only":  {with, "", policy.Implicit, policy.LayerResource},
		"resource only":  {without, shared(`{"AWS":"222222222222"}`), policy.Implicit, policy.LayerIdentity},
		"other account":  {with, shared(`{"AWS":"333333333333"}`), policy.Implicit, policy.LayerResource},
		"user by ARN":    {with, shared(`{"AWS":"arn:aws:iam::222222222222:user/with"}`), policy.Allow, ""},
		"other user":     {with, shared(`{"AWS":"arn:aws:iam::222222222222:user/other"}`), policy.Implicit, policy.LayerResource},
		"everybody, too": {without, shared(`"*"`), policy.Implicit, policy.LayerIdentity},
	} {
		t.Run(name, func(t *testing.T) {
			q := access.Question{Caller: f.Caller(tc.key), Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Owner: fixture.Source}
			if tc.resource != "" {
				q.ResourcePolicy = document(t, tc.resource)
			}
			d := f.Gate.Decide(q)
			if d.Verdict != tc.want || tc.layer != "" && d.Layer != tc.layer {
				t.Errorf("%s by %q", d.Verdict, d.Layer)
			}
		})
	}
}

func TestBoundPrincipalIsTheOneThatWasMeant(t *testing.T) {
	f := fixture.New(t)
	trust := fixture.Trusting("AWS", "111111111111", "")
	arn := f.Role(fixture.Source, "/", "snap", trust)
	var bound string
	var caller access.Caller
	read := func() {
		f.World.Read(func(s *world.State) {
			a, r := s.RoleByARN(arn)
			caller = access.SessionCaller(a, r, "me", "")
			if bound == "" {
				bound, _ = s.Bind(shared(`{"AWS":"` + arn + `"}`))
			}
		})
	}
	ask := func() bool {
		return f.Gate.Decide(access.Question{Caller: caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Owner: fixture.Source, ResourcePolicy: document(t, bound)}).Allowed()
	}
	if read(); !ask() {
		t.Error("the role named in the policy is refused")
	}
	f.Role(fixture.Source, "/", "snap", trust)
	if read(); ask() {
		t.Error("a role made again under the name is taken for the old one")
	}
}

func TestGlobalKeys(t *testing.T) {
	f := fixture.New(t)
	key, _ := f.User(fixture.Source, "ann")
	user := f.Caller(key)
	f.Role(fixture.Source, "/team/", "snap", fixture.Trusting("AWS", "111111111111", ""))
	f.Write(func(s *world.State) {
		s.Accounts[fixture.Source].Role("snap").Tags = map[string]string{"team": "ops"}
	})
	s := session(f)
	role, _, err := f.Gate.Key(s.Key, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	anonymous := access.Caller{Anonymous: true}
	for name, tc := range map[string]struct {
		caller    access.Caller
		condition string
		want      bool
	}{
		"name of a user":       {user, `{"StringEquals":{"aws:username":"ann"}}`, true},
		"a role has no name":   {role, `{"Null":{"aws:username":"true"}}`, true},
		"account":              {user, `{"StringEquals":{"aws:PrincipalAccount":"111111111111"}}`, true},
		"principal of session": {role, `{"ArnEquals":{"aws:PrincipalArn":"` + snapRole + `"}}`, true},
		"userid of session":    {role, `{"StringLike":{"aws:userid":"AROA*:me"}}`, true},
		"tag":                  {role, `{"StringEquals":{"aws:PrincipalTag/team":"ops"}}`, true},
		"other tag":            {role, `{"StringEquals":{"aws:PrincipalTag/team":"dev"}}`, false},
		"TLS by default":       {user, `{"Bool":{"aws:SecureTransport":"true"}}`, true},
		"time":                 {user, `{"DateGreaterThan":{"aws:CurrentTime":"2026-11-22T09:59:00Z"},"DateLessThan":{"aws:CurrentTime":"2026-11-22T10:01:00Z"}}`, true},
		"loopback":             {user, `{"IpAddress":{"aws:SourceIp":"127.0.0.0/8"}}`, true},
		"owner":                {user, `{"StringEquals":{"aws:ResourceAccount":"111111111111"}}`, true},
		"type of anonymous":    {anonymous, `{"StringEquals":{"aws:PrincipalType":"Anonymous"}}`, true},
		"anonymous is nobody":  {anonymous, `{"Null":{"aws:PrincipalAccount":"true"}}`, true},
		"given by the service": {user, `{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			q := access.Question{
				Caller: tc.caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Owner: fixture.Source,
				Context:        map[string][]string{"aws:RequestedRegion": {"eu-west-1"}},
				ResourcePolicy: document(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":`+tc.condition+`}]}`),
			}
			if got := f.Gate.Decide(q).Allowed(); got != tc.want {
				t.Errorf("allowed %v", got)
			}
			if len(q.Context) != 1 {
				t.Error("the question's own context was written to")
			}
		})
	}
}

func TestServiceTrust(t *testing.T) {
	f := fixture.New(t)
	const arn = "arn:aws:iam::111111111111:role/snap"
	sent := map[string][]string{"aws:SourceAccount": {"111111111111"}, "aws:SourceArn": {"arn:aws:es:eu-west-1:111111111111:domain/logs"}}
	for name, tc := range map[string]struct {
		trust string
		want  bool
	}{
		"service":        {fixture.Trusting("Service", "es.amazonaws.com", ""), true},
		"other service":  {fixture.Trusting("Service", "ec2.amazonaws.com", ""), false},
		"account":        {fixture.Trusting("AWS", "111111111111", ""), false},
		"source account": {fixture.Trusting("Service", "es.amazonaws.com", `{"StringEquals":{"aws:SourceAccount":"111111111111"}}`), true},
		"other account":  {fixture.Trusting("Service", "es.amazonaws.com", `{"StringEquals":{"aws:SourceAccount":"222222222222"}}`), false},
		"source domain":  {fixture.Trusting("Service", "es.amazonaws.com", `{"ArnLike":{"aws:SourceArn":"arn:aws:es:*:111111111111:domain/*"}}`), true},
		"service flag":   {fixture.Trusting("Service", "es.amazonaws.com", `{"Bool":{"aws:PrincipalIsAWSService":"true"}}`), true},
		"damaged":        {"{", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := f.Gate.ServiceMayAssume("es.amazonaws.com", tc.trust, arn, fixture.Source, sent).Allowed(); got != tc.want {
				t.Errorf("allowed %v", got)
			}
		})
	}
}

func TestWords(t *testing.T) {
	f := fixture.New(t)
	key, _ := f.User(fixture.Source, "ann")
	for want, q := range map[string]access.Question{
		"User: arn:aws:iam::111111111111:user/ann is not authorized to perform: iam:GetRole on resource: role x because no identity-based policy allows the iam:GetRole action": {Caller: f.Caller(key), Action: "iam:GetRole", Resource: "role x", Owner: fixture.Source},
		"User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action":                                            {Caller: access.Caller{Anonymous: true}, Action: "es:ESHttpGet", Resource: "arn:aws:es:eu-west-1:111111111111:domain/logs/", Owner: fixture.Source},
	} {
		if got := q.Words(f.Gate.Decide(q)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
