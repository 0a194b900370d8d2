package kms

import (
	"maps"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/world"
)

// Keys is KMS as other services reach it, with the rights of whoever asked them.
type Keys struct {
	World *world.World
	Gate  access.Gate
}

// Wish is one use of a key by a service on somebody's behalf.
type Wish struct {
	Caller access.Caller
	// Service is the one that asks, e.g. "s3"; Region is where it does.
	Service string
	Region  awsid.Region
	// Action is what it needs: kms:GenerateDataKey or kms:Decrypt.
	Action string
	// Key is an id, an alias or an ARN; "" means the key that AWS manages for the
	// service in the caller's account. Ids and aliases are looked for in the
	// caller's account too, whoever owns what is encrypted [S3, "Using SSE-KMS
	// encryption for cross-account operations"].
	Key string
	// Context goes into the encryption.
	Context map[string]string
	// Facts are the condition keys of the request to the service.
	Facts map[string][]string
}

// Use says whether the caller may use the key through the service, and which key
// that is. Refusals are *wire.Fault in the words of KMS.
func (k Keys) Use(w Wish) (arn string, err error) {
	s := &service{k.World, k.Gate, w.Region}
	c := call{s, w.Caller, w.Action, maps.Clone(w.Facts)}
	if c.facts == nil {
		c.facts = map[string][]string{}
	}
	c.facts["kms:ViaService"] = []string{w.Service + "." + string(w.Region) + ".amazonaws.com"}
	c.facts["aws:ViaAWSService"] = []string{"true"}
	ref := w.Key
	if ref == "" {
		ref = awsAlias + w.Service
	}
	found, err := c.use(ref, w.Context)
	return found.ARN().String(), err
}
