package migrate

import (
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
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

// roleRights is what a snapshot role needs on the whole bucket. Grants are never
// narrowed to the base path: newer engines write shard data outside it (seen on
// a real OpenSearch 3.4.0 node).
func roleRights(p awsid.Partition, b awsid.BucketName, key awsid.ARN, writes bool) policy.Document {
	bucket := awsid.BucketARN(p, b).String()
	objects, onKey := []string{"s3:GetObject"}, []string{"kms:Decrypt"}
	if writes {
		// Abort and ListParts clear up after a broken multipart upload.
		objects = append(objects, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
		onKey = append(onKey, "kms:GenerateDataKey")
	}
	d := policy.Document{Version: policyVersion, Statements: []policy.Statement{
		{Sid: sidList, Effect: policy.EffectAllow, Action: []string{"s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"}, Resource: []string{bucket}},
		{Sid: sidObjects, Effect: policy.EffectAllow, Action: objects, Resource: []string{bucket + "/*"}},
	}}
	if !key.IsZero() {
		d.Statements = append(d.Statements, policy.Statement{Sid: sidKey, Effect: policy.EffectAllow, Action: onKey, Resource: []string{key.String()}})
	}
	return d
}

// signerRights is what the signer needs: to pass exactly that role, and to call
// the domains. The resource ends in /* because the bare domain ARN is for the
// control plane.
func signerRights(role awsid.ARN, domains []string) []policy.Statement {
	list := []policy.Statement{{Sid: sidPassRole, Effect: policy.EffectAllow, Action: []string{"iam:PassRole"}, Resource: []string{role.String()}}}
	var below []string
	for _, d := range domains {
		below = append(below, d+"/*")
	}
	if len(below) > 0 {
		list = append(list, policy.Statement{
			Sid: sidDomain, Effect: policy.EffectAllow,
			Action:   []string{"es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpDelete"},
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
