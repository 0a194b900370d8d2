package facts

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/awsx/session"
	"snapferry/steps"
)

// mostDescribed is how many domains of a listing are described: each takes two
// requests, and AWS throttles them together with those of the console.
const mostDescribed = 30

// describedAtOnce is how many of them are asked for at a time.
const describedAtOnce = 5

// healthLate is how much longer than for everything else a listing waits for health,
// unless Options say otherwise: it is good to know and not needed.
const healthLate = 2 * time.Second

// Listed is a domain as a listing has it.
type Listed struct {
	Name   awsid.DomainName
	Family awsid.Family
	// Domain describes it, nil where it may not be described, or there are too many.
	Domain *Domain
	// Health is green, yellow or red, "" where the service may not be asked, cannot
	// tell, or took too long.
	Health string
}

// Listing lists the domains of a side's account and region, with what tells them
// apart. One that may not be described, or not asked how it is, is listed all the same.
func (f *Facts) Listing(ctx context.Context, side steps.Side) ([]Listed, error) {
	list, err := f.Domains(ctx, side)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	acc, err := f.Control(ctx, side)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(list))
	for i, d := range list {
		out[i] = Listed{Name: d.Name, Family: d.Family}
	}
	most := min(len(list), mostDescribed)
	patient, stop := context.WithCancel(ctx)
	defer stop()
	told := eachAtOnce(most, func(i int) {
		if health, err := acc.DomainHealth(patient, out[i].Name); err == nil {
			out[i].Health = health
		}
	})
	eachAtOnce(most, func(i int) {
		if d, err := acc.Domain(ctx, out[i].Name); err == nil && d != nil {
			out[i].Domain = &Domain{Domain: *d, Described: true}
		}
	}).Wait()
	defer time.AfterFunc(f.opts.HealthLate, stop).Stop()
	told.Wait()
	return out, ctx.Err()
}

// eachAtOnce begins to do something for each of n, describedAtOnce at a time.
func eachAtOnce(n int, do func(int)) *sync.WaitGroup {
	var wg sync.WaitGroup
	turn := make(chan struct{}, describedAtOnce)
	for i := range n {
		wg.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			do(i)
		})
	}
	return &wg
}

// Unguarded says that a domain lets everybody in who can reach it: no fine-grained
// access control, and an access policy that allows anybody anything without a
// condition.
func (d *Domain) Unguarded() bool {
	if d.Security.Enabled || len(d.AccessPolicy) == 0 {
		return false
	}
	doc, err := policy.Parse(d.AccessPolicy)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(doc.Statements, func(s policy.Statement) bool {
		anybody := slices.Contains(s.Principal["AWS"], "*") || slices.Contains(s.Principal["*"], "*")
		return anybody && s.Effect == policy.EffectAllow && len(s.Condition) == 0 && slices.Contains(s.Action, "es:*")
	})
}

// BucketNames lists the buckets of a side's account in its region.
func (f *Facts) BucketNames(ctx context.Context, side steps.Side) ([]awsid.BucketName, error) {
	acc, err := f.Control(ctx, side)
	if err != nil {
		return nil, err
	}
	return acc.Buckets(ctx)
}

// Store is the bucket as far as it tells whether it can be used.
type Store struct {
	Name   awsid.BucketName
	Region awsid.Region
	// Ours says that the account has it that the answers name as its owner.
	Ours bool
}

// Store looks whose the bucket of the answers is; nil where nobody has it.
func (f *Facts) Store(ctx context.Context) (*Store, error) {
	b, err := f.Bucket(ctx)
	if err != nil || b == nil {
		return nil, err
	}
	return &Store{Name: b.Name, Region: b.Region, Ours: b.Owner == account.Ours}, nil
}

// Absent says that an error is of something that is not there.
func Absent(err error) bool { return failure.Is(err, failure.Missing) }

// LoginError is what an error says of credentials that could not be had, for a
// person; nil for any other error.
func LoginError(err error) *steps.Error {
	var own *session.Error
	if !errors.As(err, &own) || own.Fix.IsZero() {
		return nil
	}
	return &steps.Error{Summary: own.Summary, Fix: own.Fix, Cause: err}
}
