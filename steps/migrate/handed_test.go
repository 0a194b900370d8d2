package migrate

import (
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// bastion is a host on which nobody may call the AWS APIs.
func bastion(r *road) func(*spec.Spec) {
	return func(s *spec.Spec) {
		for _, side := range []steps.Side{steps.Source, steps.Target} {
			s.Side(side).Control.Base, s.Side(side).Endpoint = "none", r.cluster(side).Host()
		}
	}
}

// instructed are the instructions that were given, by the kind of thing.
func (r *road) instructed() map[steps.Kind]steps.Instruction {
	given := map[steps.Kind]steps.Instruction{}
	for _, rec := range r.tape.records {
		w, ok := rec.Event.(steps.Waiting)
		if !ok || w.Instruction == nil {
			continue
		}
		for _, sp := range r.runner.State().Plan.Steps {
			for _, c := range sp.Changes {
				// One instruction tells all that somebody has to do for a step.
				if strings.Contains(w.Instruction.What.String(), c.Summary.String()) {
					given[c.Ref.Kind] = *w.Instruction
				}
			}
		}
	}
	return given
}

// TestNobodyCallsTheAPIs: what the control identity would do is told, as commands,
// and the run goes on with what the domain alone can do.
func TestNobodyCallsTheAPIs(t *testing.T) {
	admin := newRoad(t, options{})
	admin.upTo(StepSourceSigner) // somebody has done it all, as he was told
	r := admin.beside(t, "run-2", bastion(admin))
	r.must(r.run())
	given := r.instructed()
	for kind, words := range map[steps.Kind]string{
		steps.KindBucket:       "s3api create-bucket",
		steps.KindBucketPolicy: "# Add these statements",
		steps.KindRole:         "iam create-role",
		steps.KindSignerGrant:  "iam put-user-policy",
	} {
		if do, ok := given[kind]; !ok || !strings.Contains(do.CLI, words) {
			t.Errorf("%s: %+v", kind, do)
		}
	}
	if len(given) != 4 {
		t.Errorf("%d instructions: %v", len(given), given)
	}
	for _, c := range r.runner.State().Takebacks(steps.Undo) {
		if c.Change.Unread {
			t.Errorf("%s is taken for ours", c.Change.ID)
		}
	}
}

// TestReservedSigner: the policies of a permission set's role are its owner's to
// change; the run is told when they are enough.
func TestReservedSigner(t *testing.T) {
	r := newRoad(t, options{})
	poorSigner(r)
	s, err := r.facts.Session(r.ctx, steps.Source, facts.Signer)
	r.must(err)
	creds, err := s.Credentials().Retrieve(r.ctx)
	r.must(err)
	r.keys = map[facts.Slot]session.Keys{{Side: steps.Source, Role: facts.Signer}: {
		AccessKeyID: creds.AccessKeyID, Secret: session.NewSecret(creds.SecretAccessKey), Token: session.NewSecret(creds.SessionToken),
	}}
	r.spec.Source.Signer, r.dir = spec.Identity{Base: "keys"}, t.TempDir()
	r.start()
	reserved := "role/aws-reserved/sso.amazonaws.com/signer"
	r.between = r.rewriting(func(req *http.Request) bool { return strings.HasPrefix(req.URL.Host, "iam.") },
		"role/signer", reserved, "<Path>/</Path>", "<Path>/aws-reserved/sso.amazonaws.com/</Path>")
	changes, err := r.planned(StepSourceSigner)
	r.must(err)
	c := changes[0]
	if !c.Unread || c.Verb != steps.Create || !strings.Contains(c.Ref.Name, reserved) {
		t.Fatalf("%+v", c)
	}
	witness := r.step(StepSourceSigner).(engine.Witness)
	for _, want := range []bool{false, true} {
		r.facts.DropAll()
		if got, err := witness.Witnessed(r.ctx, r.runner.World(), c); got != want || err != nil {
			t.Errorf("enough is %v, wants %v: %v", got, want, err)
		}
		r.must(r.account(steps.Source).PutRolePolicy(r.ctx, "signer", "AwsSSOInlinePolicy", account.Document(c.After)))
	}
	changes, err = r.planned(StepSourceSigner)
	r.must(err)
	r.wants(changes, "exists signer-grant")
}

// TestAccessPolicyInTheWay: a signer's own rights do inside one account; one that
// is denied stops the plan, one of another account is let in by name.
func TestAccessPolicyInTheWay(t *testing.T) {
	domain := "arn:aws:es:eu-west-1:111111111111:domain/logs-prod"
	doc := func(effect, principal, action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"` + effect + `","Principal":{"AWS":"` + principal + `"},"Action":"` + action + `","Resource":"` + domain + `/*"}]}`
	}
	near, far := "arn:aws:iam::111111111111:user/ann", "arn:aws:iam::333333333333:role/jump"
	for name, c := range map[string]struct {
		policy, who string
		closed      bool
		words       string
	}{
		"open":                      {doc("Allow", "*", "es:*"), near, false, ""},
		"names somebody else":       {doc("Allow", "arn:aws:iam::111111111111:user/bob", "es:*"), near, false, ""},
		"denies writing":            {doc("Deny", near, "es:ESHttpPut"), near, false, `denies es:ESHttpPut on ` + domain + ` to ` + near + ` (statement "Theirs")`},
		"denies others":             {doc("Deny", "arn:aws:iam::111111111111:user/bob", "es:*"), near, false, ""},
		"denies but by an endpoint": {strings.Replace(doc("Deny", near, "es:*"), `/*"}`, `/*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}`, 1), near, false, ""},
		"another account":           {doc("Allow", "111111111111", "es:*"), far, true, ""},
		"another account, named":    {doc("Allow", far, "es:ESHttp*"), far, false, ""},
		"another account, may read": {doc("Allow", far, "es:ESHttpGet"), far, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := &road{T: t}
			parsed, err := policy.Parse([]byte(c.policy))
			r.must(err)
			who, err := awsid.ParseARN(c.who)
			r.must(err)
			on, err := awsid.ParseARN(domain)
			r.must(err)
			own := policy.Document{Version: policyVersion, Statements: signerRights(awsid.ARN{}, []string{domain})}
			closed, err := signerStep{}.closed(policy.Stack{Identity: []policy.Document{own}, Resource: &parsed, Kind: policy.KindDomainAccess}, who, on)
			if c.words != "" {
				r.says(err, "", c.words)
				return
			}
			if r.must(err); closed != c.closed {
				t.Errorf("closed is %v", closed)
			}
		})
	}
}
