// Package kms is KMS of the embedded AWS: symmetric keys, their aliases and
// policies, and what other services ask of a key on a caller's behalf.
//
// It knows keys and judges them by key policy and identity policies together.
// What is encrypted, and where that lies, is the affair of whoever asks.
package kms

import (
	"maps"
	"net/http"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/sigv4"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// tolerance of clocks, as KMS's refusals state it.
const tolerance = 15 * time.Minute

// service is KMS as one region's endpoint answers it.
type service struct {
	world  *world.World
	gate   access.Gate
	region awsid.Region
}

// New makes the service of one region.
func New(w *world.World, gate access.Gate, region awsid.Region) http.Handler {
	s := &service{w, gate, region}
	ops := map[string]wire.TargetOperation{}
	for _, part := range []map[string]wire.TargetOperation{s.keyOperations(), s.aliasOperations(), s.policyOperations(), s.tagOperations(), s.cryptOperations()} {
		maps.Copy(ops, part)
	}
	return wire.Target{
		Verifier: sigv4.Verifier{Service: "kms", Region: region, Tolerance: tolerance, Now: w.Now, Lookup: gate.Key},
		Prefix:   "TrentService.", Operations: ops,
	}
}

// call is one request as the operations see it.
type call struct {
	*service
	caller access.Caller
	// action is the IAM action, e.g. kms:DescribeKey.
	action string
	// facts are the condition keys known so far.
	facts map[string][]string
}

func (s *service) call(in *wire.TargetInput) call {
	return call{s, in.Caller, "kms:" + in.Action, maps.Clone(in.Facts)}
}

// operation makes an operation of a typed input.
func operation[T any](s *service, mutates bool, run func(call, T) (any, error)) wire.TargetOperation {
	return wire.TargetOperation{Mutates: mutates, Run: func(in *wire.TargetInput) (any, error) {
		var body T
		if err := in.Into(&body); err != nil {
			return nil, err
		}
		return run(s.call(in), body)
	}}
}

// allow asks for an action that is about no key.
func (c call) allow(resource string) error {
	q := access.Question{Caller: c.caller, Action: c.action, Resource: resource, Owner: c.caller.Account, Context: c.facts}
	if d := c.gate.Decide(q); !d.Allowed() {
		return denied(q.Words(d))
	}
	return nil
}

// mayUse asks key policy and caller's policies about a key. A key of another
// account that does not exist is refused as one that keeps the caller out.
func (c call) mayUse(k world.KMSKey) error {
	doc, err := policy.Parse([]byte(k.Policy))
	if err != nil {
		doc = policy.Document{} // of a state file edited by hand: lets nobody in
	}
	q := access.Question{
		Caller: c.caller, Action: c.action, Resource: k.ARN().String(), Owner: k.Account, ResourcePolicy: &doc, Context: c.context(k),
	}
	d := c.gate.Decide(q)
	if d.Allowed() {
		return nil
	}
	words := q.Words(d)
	if c.action == "kms:Decrypt" {
		// The ciphertext says which key it needs; KMS does not tell it to
		// whoever may not use it.
		words = strings.Replace(words, " on resource: "+q.Resource, " on the resource associated with this ciphertext", 1)
	}
	return denied(words)
}

// context is what key policies may ask about.
func (c call) context(k world.KMSKey) map[string][]string {
	ctx := maps.Clone(c.facts)
	ctx["kms:CallerAccount"] = []string{string(c.caller.Account)}
	ctx["kms:KeySpec"], ctx["kms:KeyUsage"], ctx["kms:KeyOrigin"] = []string{keySpec}, []string{keyUsage}, []string{keyOrigin}
	for name, v := range k.Tags {
		ctx["aws:ResourceTag/"+name] = []string{v}
	}
	c.world.Read(func(s *world.State) {
		for _, a := range s.KMSAliases {
			if a.Account == k.Account && a.Region == k.Region && a.Key == k.ID {
				ctx["kms:ResourceAliases"] = append(ctx["kms:ResourceAliases"], a.Name)
			}
		}
	})
	return ctx
}

// encryptionContext adds the pairs that go into an encryption unencrypted, by
// which a policy can tie a key to one use.
func encryptionContext(ctx map[string][]string, pairs map[string]string) {
	for k, v := range pairs {
		ctx["kms:EncryptionContext:"+k] = []string{v}
		ctx["kms:EncryptionContextKeys"] = append(ctx["kms:EncryptionContextKeys"], k)
	}
}

// write runs f with a key as it is at that moment.
func (c call) write(k world.KMSKey, f func(*world.State, *world.KMSKey) error) error {
	return c.world.Write(func(s *world.State) error {
		live := s.KMSKey(k.Account, k.Region, k.ID, c.world.Now())
		if live == nil {
			return noKey(k.ARN().String())
		}
		return f(s, live)
	})
}
