package offer

import (
	"context"
	"strings"
	"sync"

	"snapferry/awsx/account"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
)

// mostDescribed is how many domains of a listing are described: each takes a
// request, and AWS throttles them together with those of the console.
const mostDescribed = 30

// atOnce is how many of them are asked for at a time.
const atOnce = 5

// domains lists those of the account and region, with what tells them apart.
func domains(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	list, err := f.Domains(ctx, r.Side)
	if nobody(err) {
		return ask.Offer{}, nil
	}
	if err != nil {
		return ask.Offer{}, err
	}
	side := f.Spec().Side(r.Side)
	if len(list) == 0 {
		return ask.Offer{Note: steps.T("This account has no domain in %s.", string(side.Region))}, nil
	}
	o := ask.Offer{Options: make([]ask.Option, len(list))}
	acc, err := f.Control(ctx, r.Side)
	if err != nil {
		return ask.Offer{}, err
	}
	var wg sync.WaitGroup
	turn := make(chan struct{}, atOnce)
	for i, d := range list {
		o.Options[i] = ask.Option{Value: string(d.Name), Detail: steps.T("%s", string(d.Family))}
		if i >= mostDescribed {
			continue
		}
		wg.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			// One that may not be described is listed all the same.
			if d, err := acc.Domain(ctx, d.Name); err == nil && d != nil {
				o.Options[i].Detail = traits(d)
			}
		})
	}
	wg.Wait()
	return o, ctx.Err()
}

// traits tell a domain from another: what runs there, how large it is, how it is
// reached and who decides there.
func traits(d *account.Domain) steps.Text {
	network, guarded := steps.T("public"), steps.T("access policy alone")
	if d.VPC != nil {
		network = steps.T("in a VPC")
	}
	if d.Security.Enabled {
		guarded = steps.T("fine-grained access")
	}
	if d.Nodes.Type == "" {
		return steps.T("%s, %s, %s", d.Version.String(), network, guarded)
	}
	return steps.T("%s, %d x %s, %s, %s", d.Version.String(), d.Nodes.Count, strings.TrimSuffix(d.Nodes.Type, ".search"), network, guarded)
}

// domain says what the side's domain is, once it is named, and whether the way
// to it from the source's version is possible.
func domain(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	d, err := f.Domain(ctx, r.Side)
	if nobody(err) {
		return ask.Offer{}, nil
	}
	if failure.Is(err, failure.Missing) {
		s := f.Spec().Side(r.Side)
		return ask.Offer{}, &steps.Error{
			Summary: steps.T("There is no domain %s in this account in %s", string(s.Domain), string(s.Region)),
			Fix:     steps.T("Correct the name, or go back to account and region"), Cause: err,
		}
	}
	if err != nil {
		return ask.Offer{}, err
	}
	what := traits(&d.Domain)
	if !d.Described {
		what = steps.T("%s", d.Version.String())
	}
	o := ask.Offer{Note: steps.T("The %s domain is %s%s.", string(r.Side), what, health(ctx, f, r.Side))}
	if r.Side == steps.Target {
		return o, versions(ctx, f)
	}
	return o, nil
}

// health is the domain's colour, where it tells: before the signer is mapped it
// may not.
func health(ctx context.Context, f *facts.Facts, side steps.Side) steps.Text {
	h, err := f.Health(ctx, side)
	if err != nil {
		return steps.Text{}
	}
	return steps.T(", %s", h.Status)
}

// versions lets preflight judge the pair of versions, as soon as there is one.
func versions(ctx context.Context, f *facts.Facts) error {
	var path []preflight.Check
	for _, c := range preflight.Catalogue(f.Spec()) {
		if c.Info().ID == "version-path" {
			path = append(path, c)
		}
	}
	for _, found := range preflight.Run(ctx, f, path) {
		if found.Outcome == steps.Block {
			return &steps.Error{Summary: found.Cause, Fix: found.Fix.Text}
		}
	}
	return nil
}

// guard says who decides on the side's domain, and who would therefore map roles.
func guard(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	access, err := f.Access(ctx, r.Side)
	switch {
	case err != nil: // the question can be answered without
		return ask.Offer{}, nil
	case !access.Guarded:
		return ask.Offer{Note: steps.T("It has no fine-grained access control: nobody has to map anything.")}, nil
	case access.Internal:
		return ask.Offer{Default: "password", Note: steps.T("It has fine-grained access control with users of its own, so its master is mostly one of them.")}, nil
	}
	return ask.Offer{Note: steps.T("It has fine-grained access control without users of its own: its master is an IAM identity.")}, nil
}

// login tries the password of a side's internal user, and says what the user may
// do there.
func login(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	user := f.Spec().Side(r.Side).Mapper
	if user.Base != "password" || user.User == "" {
		return ask.Offer{}, nil
	}
	p, err := f.Permissions(ctx, r.Side)
	if nobody(err) {
		return ask.Offer{}, nil
	}
	if err != nil {
		return ask.Offer{}, err
	}
	if !p.May("PUT", "ROLESMAPPING") {
		return ask.Offer{}, mayNotMap(user)
	}
	return ask.Offer{Note: steps.T("The domain knows %s, who may map roles there.", user.User)}, nil
}

func mayNotMap(user spec.Identity) error {
	return &steps.Error{
		Summary: steps.T("The password is right, but %s may not map roles", user.User),
		Fix:     steps.T("Name the domain's master user, or one it has given the role security_manager"),
	}
}
