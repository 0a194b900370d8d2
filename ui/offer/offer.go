// Package offer looks up what the questions of package ask can be answered with,
// and what there is to say about an answer: whose credentials these are, which
// domains there are, what patterns hit.
//
// It looks through facts alone and changes nothing. It does not know how a
// question is shown, nor judge what preflight judges.
package offer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/facts"
	"snapferry/ui/ask"
)

// within bounds one look. Forms wait for it with somebody in front of them; what
// is not there by then can be typed.
const within = 20 * time.Second

// loginWithin bounds how long it may take to get credentials, as somebody may have
// to find a device and type its code.
const loginWithin = 5 * time.Minute

// Look answers a request through f, whose answers may be partial. Its errors are
// *steps.Error, for a person. What is known without asking anybody (runs, bases,
// profiles, regions, known passwords) is not its business and an empty offer.
func Look(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	look := map[ask.What]func(context.Context, *facts.Facts, ask.Request) (ask.Offer, error){
		ask.Identity: identity, ask.Login: login, ask.Domains: domains, ask.Domain: domain, ask.Guard: guard,
		ask.Buckets: buckets, ask.Bucket: bucket, ask.Crypto: encryption, ask.Indices: indices, ask.Selection: selection,
	}[r.What]
	if look == nil {
		return ask.Offer{}, nil
	}
	if err := signIn(ctx, f, r); err != nil {
		return ask.Offer{}, told(f, r, err)
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	o, err := look(ctx, f, r)
	return o, told(f, r, err)
}

// signIn gets the credentials of a look beforehand, so that the time a person
// takes to type a code is not held against the network. What else goes wrong with
// them shows when they are used.
func signIn(ctx context.Context, f *facts.Facts, r ask.Request) error {
	s, err := f.Session(ctx, r.Side, facts.Role(r.Slot))
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, loginWithin)
	defer cancel()
	_, err = s.Credentials().Retrieve(ctx)
	return err
}

// told makes of what went wrong an error for a person.
func told(f *facts.Facts, r ask.Request, err error) error {
	var own *steps.Error
	if err == nil || errors.Is(err, context.Canceled) || errors.As(err, &own) {
		return err
	}
	if e := unreached(f.Spec().Side(r.Side).Region, r, err); e != nil {
		return e
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &steps.Error{
			Summary: steps.T("Nothing came back within %d s", int(within.Seconds())),
			Fix:     steps.T("Look again, or type the answer; preflight looks at it in any case"), Cause: err,
		}
	}
	if e := facts.LoginError(err); e != nil {
		return e
	}
	d := diagnose.Error(err)
	e := &steps.Error{Summary: d.Summary, Cause: err}
	if len(d.Causes) > 0 {
		e.Fix = d.Causes[0].Fix
	}
	if slices.ContainsFunc(d.Causes, func(c steps.Cause) bool { return c.ID == "unmapped-signer" }) {
		e.Fix = steps.T("Go on: the checks look at it again, and say who can map the signer; in the full screen f there has the plan do it, where it can")
	}
	return e
}

// nobody says that an answer leaves a part to somebody else, or is not there yet:
// then there is nothing to look with, which is no error of the look.
func nobody(err error) bool {
	var e *steps.Error
	if errors.As(err, &e) && strings.HasSuffix(e.Field, ".profile") { // it was named, and is not there
		return false
	}
	return errors.Is(err, facts.ErrNobody) || errors.Is(err, facts.ErrNotSaid)
}
