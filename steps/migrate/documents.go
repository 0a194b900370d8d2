package migrate

import (
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// policyVersion is the language version every document of ours states.
const policyVersion = "2012-10-17"

// servicePrincipal is the only documented principal that assumes snapshot roles
// (AWS developer guide, creating index snapshots).
const servicePrincipal = "es.amazonaws.com"

// Sids of our statements. A merge replaces ours and leaves all others. In a
// document that several migrations write into, route.sid adds whose it is; in
// inline policies of our own, the policy's name says it.
const (
	sidTrust    = "SnapferryTrust"
	sidList     = "SnapferryList"
	sidObjects  = "SnapferryObjects"
	sidKey      = "SnapferryKey"
	sidPassRole = "SnapferryPassRole"
	sidDomain   = "SnapferryDomain"
	sidTLSOnly  = "SnapferryTLSOnly"

	sidShareBucket  = "SnapferryShareBucket"
	sidShareObjects = "SnapferryShareObjects"
	sidShareKey     = "SnapferryShareKey"
)

// trust lets the service assume the role for these domains only. The conditions
// are the documented defence against a confused deputy; domains with software
// before R20211203 send no such keys.
func trust(sid string, account awsid.AccountID, domains []string, conditions bool) policy.Statement {
	s := policy.Statement{
		Sid: sid, Effect: policy.EffectAllow,
		Principal: policy.Principals{"Service": {servicePrincipal}},
		Action:    []string{"sts:AssumeRole"},
	}
	if !conditions {
		return s
	}
	s.Condition = policy.Conditions{"StringEquals": {"aws:SourceAccount": {string(account)}}}
	if len(domains) > 0 {
		s.Condition["ArnLike"] = map[string][]string{"aws:SourceArn": domains}
	}
	return s
}

// use is what a snapshot role does with the bucket: it reads, and the source's
// writes, too, which in a bucket of another account means to hand every object
// over to its owner.
type use struct{ writes, handsOver bool }

// use of a side's role.
func (r *route) use(side steps.Side) use {
	return use{writes: r.spec.RoleWrites(side), handsOver: r.spec.RoleHandsOver(side)}
}

// listing are the rights on the bucket itself. Who only reads has no uploads to see.
func (u use) listing() []string {
	list := []string{"s3:ListBucket", "s3:GetBucketLocation"}
	if u.writes {
		list = append(list, "s3:ListBucketMultipartUploads")
	}
	return list
}

// objects are the rights on what is in the bucket, all of it. They are never
// narrowed to the base path: newer engines write shard data outside it (seen on a
// real OpenSearch 3.4.0 node).
func (u use) objects() []string {
	list := []string{"s3:GetObject"}
	if u.writes {
		// Abort and ListParts clear up after a broken multipart upload.
		list = append(list, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
	}
	if u.handsOver {
		list = append(list, "s3:PutObjectAcl")
	}
	return list
}

// onKey are the rights on the bucket's key. Writing needs Decrypt, too, for what
// is sent in parts.
func (u use) onKey() []string {
	if u.writes {
		return []string{"kms:Decrypt", "kms:GenerateDataKey"}
	}
	return []string{"kms:Decrypt"}
}

// roleRights is what a snapshot role needs.
func roleRights(p awsid.Partition, b awsid.BucketName, key awsid.ARN, u use) policy.Document {
	bucket := awsid.BucketARN(p, b).String()
	d := policy.Document{Version: policyVersion, Statements: []policy.Statement{
		{Sid: sidList, Effect: policy.EffectAllow, Action: u.listing(), Resource: []string{bucket}},
		{Sid: sidObjects, Effect: policy.EffectAllow, Action: u.objects(), Resource: []string{bucket + "/*"}},
	}}
	if !key.IsZero() {
		d.Statements = append(d.Statements, policy.Statement{Sid: sidKey, Effect: policy.EffectAllow, Action: u.onKey(), Resource: []string{key.String()}})
	}
	return d
}

// bucketShare lets exactly one role of another account do the same, as its own
// account's word is not enough there.
func (r *route) bucketShare(role awsid.ARN, u use) []policy.Statement {
	b := r.spec.Bucket
	bucket := awsid.BucketARN(r.partition(b.Owner), b.Name).String()
	return []policy.Statement{
		{Sid: r.sid(sidShareBucket), Effect: policy.EffectAllow, Principal: policy.AWS(role.String()), Action: u.listing(), Resource: []string{bucket}},
		{Sid: r.sid(sidShareObjects), Effect: policy.EffectAllow, Principal: policy.AWS(role.String()), Action: u.objects(), Resource: []string{bucket + "/*"}},
	}
}

// keyShare is the key's half of it. In a key's policy the resource is the key. The
// role reaches it through S3 in the bucket's region alone (KMS developer guide,
// kms:ViaService); how that is spelt in China is not documented there.
func (r *route) keyShare(role awsid.ARN, u use) policy.Statement {
	s := policy.Statement{Sid: r.sid(sidShareKey), Effect: policy.EffectAllow, Principal: policy.AWS(role.String()), Action: u.onKey(), Resource: []string{"*"}}
	if b := r.spec.Bucket; b.Region.Partition() != "aws-cn" {
		s.Condition = policy.Conditions{"StringEquals": {"kms:ViaService": {"s3." + string(b.Region) + ".amazonaws.com"}}}
	}
	return s
}

// signerRights is what the signer needs: to pass exactly that role, and to call
// the domains. The resource ends in /* because the bare domain ARN is for the
// control plane.
func signerRights(role awsid.ARN, domains []string) []policy.Statement {
	var list []policy.Statement
	if !role.IsZero() {
		list = append(list, policy.Statement{Sid: sidPassRole, Effect: policy.EffectAllow, Action: []string{"iam:PassRole"}, Resource: []string{role.String()}})
	}
	var below []string
	for _, d := range domains {
		below = append(below, d+"/*")
	}
	if len(below) > 0 {
		list = append(list, policy.Statement{
			Sid: sidDomain, Effect: policy.EffectAllow,
			Action:   httpActions,
			Resource: below,
		})
	}
	return list
}

// tlsOnly refuses every request to the bucket that is not encrypted in transit.
func tlsOnly(p awsid.Partition, b awsid.BucketName) policy.Statement {
	bucket := awsid.BucketARN(p, b).String()
	return policy.Statement{
		Sid: sidTLSOnly, Effect: policy.EffectDeny,
		Principal: policy.Principals{"*": {"*"}},
		Action:    []string{"s3:*"},
		Resource:  []string{bucket, bucket + "/*"},
		Condition: policy.Conditions{"Bool": {"aws:SecureTransport": {"false"}}},
	}
}
