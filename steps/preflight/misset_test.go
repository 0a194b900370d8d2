package preflight_test

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// document is a policy of these statements.
func policyOf(statements ...string) account.Document {
	doc := `{"Version":"2012-10-17","Statement":[`
	for i, s := range statements {
		if i > 0 {
			doc += ","
		}
		doc += s
	}
	return account.Document(doc + `]}`)
}

// trusted lets a service assume a role, under a condition or "".
func trusted(service, condition string) string {
	if condition != "" {
		condition = `,"Condition":` + condition
	}
	return `{"Sid":"Trust","Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"` + condition + `}`
}

// may allows or denies actions on resources, each a JSON list or word.
func may(effect, actions, resources string) string {
	return `{"Effect":"` + effect + `","Action":` + actions + `,"Resource":` + resources + `}`
}

// source is the condition a careful trust has, for a domain of the default names.
func sourceIs(side steps.Side) string {
	id := string(answers().Side(side).Account)
	return `{"StringEquals":{"aws:SourceAccount":"` + id + `"},"ArnLike":{"aws:SourceArn":"arn:aws:es:eu-west-1:` + id + `:domain/logs-prod"}}`
}

// role makes a role with a trust and, where rights are given, an inline policy.
func (w *world) role(side steps.Side, r account.RoleSpec, rights ...string) awsid.ARN {
	w.Helper()
	if r.Trust == nil {
		r.Trust = policyOf(trusted("es.amazonaws.com", ""))
	}
	made, err := w.account(side).CreateRole(w.ctx, r)
	w.must(err)
	if len(rights) > 0 {
		w.must(w.account(side).PutRolePolicy(w.ctx, r.Name, "rights", policyOf(rights...)))
	}
	return made.ARN
}

// edge makes a managed policy, to be a boundary.
func (w *world) edge(side steps.Side, name string, statements ...string) awsid.ARN {
	w.Helper()
	made, err := w.iam(side).CreatePolicy(w.ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: aws.String(string(policyOf(statements...)))})
	w.must(err)
	arn, err := awsid.ParseARN(*made.Policy.Arn)
	w.must(err)
	return arn
}

func (w *world) iam(side steps.Side) *iam.Client {
	w.Helper()
	s, err := w.facts(row{}).Session(w.ctx, side, facts.Control)
	w.must(err)
	return iam.NewFromConfig(s.AWS())
}

// named answers with a role to be made, or mended by the plan.
func named(side steps.Side, name awsid.RoleName) func(*spec.Spec) {
	return func(s *spec.Spec) { s.Side(side).Role.Name = name }
}

// adopted answers with a role that is taken as it is.
func adopted(side steps.Side, arn awsid.ARN) func(*spec.Spec) {
	return func(s *spec.Spec) {
		s.Side(side).Role.ARN, s.Side(side).Role.Name = arn, awsid.RoleName(arn.Name())
	}
}

// signing has a role of the side sign, assumed by the side's administrator.
func signing(side steps.Side, arn awsid.ARN) func(*spec.Spec) {
	return func(s *spec.Spec) { s.Side(side).Signer.Chain = []spec.Link{{Role: arn}} }
}

// both answers one after the other.
func both(list ...func(*spec.Spec)) func(*spec.Spec) {
	return func(s *spec.Spec) {
		for _, do := range list {
			do(s)
		}
	}
}

// person is a role that the side's administrator may take on, to sign as.
func (w *world) person(side steps.Side, r account.RoleSpec, rights ...string) awsid.ARN {
	w.Helper()
	r.Trust = policyOf(`{"Effect":"Allow","Principal":{"AWS":"` + string(answers().Side(side).Account) + `"},"Action":"sts:AssumeRole"}`)
	return w.role(side, r, rights...)
}

func domainARN(side steps.Side) string {
	return "arn:aws:es:eu-west-1:" + string(answers().Side(side).Account) + ":domain/logs-prod"
}

// key makes a customer key, with the policy that lets its account's own policies
// decide, and beside it these statements.
func (w *world) key(side steps.Side, statements ...string) awsid.ARN {
	w.Helper()
	made, err := w.kms(side).CreateKey(w.ctx, &kms.CreateKeyInput{})
	w.must(err)
	arn, err := awsid.ParseARN(*made.KeyMetadata.Arn)
	w.must(err)
	w.lock(side, arn, statements...)
	return arn
}

// lock gives a key another policy.
func (w *world) lock(side steps.Side, key awsid.ARN, statements ...string) {
	w.Helper()
	account := `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + string(answers().Side(side).Account) + `:root"},"Action":"kms:*","Resource":"*"}`
	w.must(w.account(side).PutKeyPolicy(w.ctx, key.String(), policyOf(append([]string{account}, statements...)...)))
}

func (w *world) kms(side steps.Side) *kms.Client {
	w.Helper()
	s, err := w.facts(row{}).Session(w.ctx, side, facts.Control)
	w.must(err)
	return kms.NewFromConfig(s.AWS())
}

// bucket makes the migration's bucket, with a key or "" for S3's own.
func (w *world) bucket(side steps.Side, key string) {
	w.Helper()
	e := account.Encryption{Algorithm: "AES256"}
	if key != "" {
		e = account.Encryption{Algorithm: "aws:kms", KeyARN: key, BucketKey: true}
	}
	w.must(w.account(side).CreateBucket(w.ctx, account.BucketSpec{Name: bucketName, Region: sandbox.Region, Encryption: e}))
}
