package s3

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
)

// canonicalID is the id S3 shows for an account in place of its number.
func canonicalID(account awsid.AccountID) string {
	sum := sha256.Sum256([]byte("canonical user of " + string(account)))
	return hex.EncodeToString(sum[:])
}

// resource is the ARN the operation is about.
func (c *call) resource() string {
	if c.op.on == onObject {
		return objectARN(c.at.bucket, c.at.key)
	}
	return bucketARN(c.at.bucket)
}

func bucketARN(bucket string) string {
	return awsid.BucketARN(awsid.PartitionAWS, awsid.BucketName(bucket)).String()
}

func objectARN(bucket, key string) string { return bucketARN(bucket) + "/" + key }

// headerKeys are the request headers that policies may speak of, as s3:NAME.
var headerKeys = []string{
	"x-amz-acl", "x-amz-content-sha256", "x-amz-copy-source", "x-amz-metadata-directive", "x-amz-object-ownership",
	"x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-storage-class",
	"x-amz-grant-read", "x-amz-grant-write", "x-amz-grant-read-acp", "x-amz-grant-write-acp", "x-amz-grant-full-control",
	"if-match", "if-none-match",
}

// context gathers the condition keys that only S3 knows.
func (c *call) context() map[string][]string {
	secure, kind := "false", "REST-HEADER"
	if c.secure() {
		secure = "true"
	}
	if c.r.URL.Query().Has("X-Amz-Signature") {
		kind = "REST-QUERY-STRING"
	}
	ctx := map[string][]string{
		"aws:SecureTransport": {secure},
		"aws:SourceIp":        {c.sourceIP()},
		"s3:authType":         {kind},
	}
	set := func(key, value string) {
		if value != "" {
			ctx[key] = []string{value}
		}
	}
	if !c.who.Anonymous {
		set("s3:signatureversion", "AWS4-HMAC-SHA256")
	}
	set("aws:RequestedRegion", string(c.cfg.Region))
	set("aws:UserAgent", c.r.UserAgent())
	set("aws:Referer", c.r.Referer())
	for _, name := range headerKeys {
		set("s3:"+name, c.r.Header.Get(name))
	}
	return ctx
}

// may asks the gate for the operation's caller, with extra condition keys.
func (c *call) may(action, resource string, extra map[string][]string) error {
	ctx := c.context()
	maps.Copy(ctx, extra)
	return c.s.may(c.who, c.cfg, action, resource, ctx)
}

// may asks the gate. The error is the refusal in S3's words: with the reason
// for the owner's account, without it for everybody else.
func (s *Service) may(who access.Caller, cfg BucketConfig, action, resource string, ctx map[string][]string) error {
	q := access.Question{Caller: who, Action: action, Resource: resource, Owner: cfg.Owner, Context: ctx}
	if cfg.Owner != "" {
		ctx["s3:ResourceAccount"] = []string{string(cfg.Owner)}
	}
	if cfg.Policy != "" {
		doc, err := policy.Parse([]byte(cfg.Policy))
		if err != nil {
			return err // it was checked when it was saved
		}
		// A restricted public policy stays in force for the owner alone.
		if !cfg.restricts(doc) || who.Account == cfg.Owner {
			q.ResourcePolicy = &doc
		}
	}
	d := s.Gate.Decide(q)
	if d.Allowed() {
		return nil
	}
	return accessDenied(q.Words(d))
}

func (c BucketConfig) restricts(doc policy.Document) bool {
	return c.PublicAccess != nil && c.PublicAccess.RestrictPublicBuckets && public(doc)
}

// narrowing are the condition keys that tie a statement to known parties. A
// wildcard principal bound by one of them to fixed values is not public.
var narrowing = []string{
	"aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceaccount", "aws:sourceowner", "aws:userid", "aws:principalarn",
	"aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceip", "aws:sourceorgid", "s3:dataaccesspointaccount", "s3:dataaccesspointarn", "s3:x-amz-server-side-encryption-aws-kms-key-id",
}

// public says that a policy gives something to everybody, by the rule S3 uses
// for blocking: a wildcard principal that no condition ties to fixed values.
func public(doc policy.Document) bool {
	for _, s := range doc.Statements {
		if s.Effect == policy.EffectAllow && (everybody(s.Principal) || len(s.NotPrincipal) > 0) && !narrowed(s.Condition) {
			return true
		}
	}
	return false
}

// everybody looks for the wildcard as the whole principal; inside an ARN it is no
// wildcard, and refused when the policy is saved.
func everybody(p policy.Principals) bool {
	for _, kind := range []string{"*", "AWS"} {
		for _, v := range p[kind] {
			if v == "*" {
				return true
			}
		}
	}
	return false
}

// narrowed passes over negated operators and those that let an absent key pass: they
// exclude somebody, and leave everybody else in.
func narrowed(c policy.Conditions) bool {
	for operator, keys := range c {
		low := strings.ToLower(operator)
		if strings.Contains(low, "not") || strings.Contains(low, "null") || strings.HasSuffix(low, "ifexists") {
			continue
		}
		for key, values := range keys {
			if fixed(strings.ToLower(key), values) {
				return true
			}
		}
	}
	return false
}

func fixed(key string, values []string) bool {
	known := false
	for _, n := range narrowing {
		known = known || key == n
	}
	for _, v := range values {
		// An ARN pattern is fixed by the account in it, so only one that leaves
		// the account open is a wildcard; everything else must be spelt out.
		if v == "0.0.0.0/0" || v == "::/0" || strings.ContainsAny(v, "*?") && !namesAccount(v) {
			return false
		}
	}
	return known && len(values) > 0
}

func namesAccount(pattern string) bool {
	parts := strings.SplitN(pattern, ":", 6)
	return len(parts) == 6 && parts[4] != "" && !strings.ContainsAny(parts[4], "*?")
}
