// Package iam is IAM of the embedded AWS: users, access keys, roles, managed
// and inline policies, and the policy simulator, over the query protocol.
//
// It keeps IAM's own rules (names, conflicts, grammar of documents) and asks
// the gate whether the caller may do what he asks. It does not know who assumes
// a role or what a policy is used for.
package iam

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/sigv4"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

const (
	namespace = "https://iam.amazonaws.com/doc/2010-05-08/"
	version   = "2010-05-08"
	// region is the one IAM signs for: it is global and lives in us-east-1.
	region = "us-east-1"
	// tolerance of clocks, as IAM's refusals state it.
	tolerance = 15 * time.Minute
)

type service struct {
	world *world.World
	gate  access.Gate
}

// New makes the service over a world.
func New(w *world.World, gate access.Gate) http.Handler {
	s := &service{w, gate}
	ops := map[string]wire.Operation{}
	for _, part := range []map[string]wire.Operation{
		s.roleOperations(), s.userOperations(), s.groupOperations(), s.keyOperations(), s.policyOperations(), s.versionOperations(),
		s.grantOperations(roleHolder), s.grantOperations(userHolder), s.labelOperations(),
		{"SimulatePrincipalPolicy": {Run: s.simulate}},
	} {
		maps.Copy(ops, part)
	}
	return wire.Query{
		Verifier:  sigv4.Verifier{Service: "iam", Region: region, Tolerance: tolerance, Now: w.Now, Lookup: gate.Key},
		Namespace: namespace, Version: version, Operations: ops,
	}
}

// allow asks whether the caller may do the action of the request on an entity
// of his own account. shown is the entity as IAM's refusals name it: often
// "role NAME" in place of the ARN.
func (s *service) allow(in *wire.Input, resource, shown string, extra map[string][]string) error {
	q := access.Question{
		Caller: in.Caller, Action: "iam:" + in.Action, Resource: resource,
		Owner: in.Caller.Account, Context: maps.Clone(in.Facts),
	}
	maps.Copy(q.Context, extra)
	maps.Copy(q.Context, wished(in))
	d := s.gate.Decide(q)
	if d.Allowed() {
		return nil
	}
	q.Resource = shown
	return wire.NewFault(http.StatusForbidden, "AccessDenied", q.Words(d))
}

// wished are the condition keys that say what a request would set.
func wished(in *wire.Input) map[string][]string {
	out := map[string][]string{}
	if p := in.Get("PolicyArn"); p != "" {
		out["iam:PolicyARN"] = []string{p}
	}
	if b := in.Get("PermissionsBoundary"); b != "" {
		out["iam:PermissionsBoundary"] = []string{b}
	}
	tags := in.Pairs("Tags", "Key", "Value")
	for k, v := range tags {
		out["aws:RequestTag/"+k] = []string{v}
	}
	if keys := append(slices.Sorted(maps.Keys(tags)), in.Members("TagKeys")...); len(keys) > 0 {
		out["aws:TagKeys"] = keys
	}
	return out
}

// read runs f with the caller's account.
func (s *service) read(in *wire.Input, f func(*world.State, *world.Account) error) error {
	err := error(noAccount())
	s.world.Read(func(st *world.State) {
		if a := st.Accounts[in.Caller.Account]; a != nil {
			err = f(st, a)
		}
	})
	return err
}

// write runs f with the caller's account and keeps what it changed.
func (s *service) write(in *wire.Input, f func(*world.State, *world.Account) error) error {
	return s.world.Write(func(st *world.State) error {
		if a := st.Accounts[in.Caller.Account]; a != nil {
			return f(st, a)
		}
		return noAccount()
	})
}

// noAccount cannot happen to a caller whose key was found; a state file edited by
// hand may still lead here.
func noAccount() *wire.Fault {
	return wire.NewFault(http.StatusForbidden, "AccessDenied", "the account does not exist")
}

// entityARN is an ARN in the caller's account; rest is like "role/NAME".
func entityARN(in *wire.Input, rest string) string {
	return awsid.ARN{Partition: awsid.PartitionAWS, Service: "iam", Account: in.Caller.Account, Resource: rest}.String()
}
