package offer

import (
	"context"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
)

// domains lists those of the account and region, with what tells them apart. Of a
// target it is said at once where the source's version has no way to it.
func domains(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	list, err := f.Listing(ctx, r.Side)
	if nobody(err) {
		return ask.Offer{}, nil
	}
	if err != nil {
		return ask.Offer{}, err
	}
	if len(list) == 0 {
		return ask.Offer{Note: steps.T("This account has no domain in %s. If it is the wrong region, go back and correct it.", string(f.Spec().Side(r.Side).Region))}, nil
	}
	var from awsid.EngineVersion
	if r.Side == steps.Target {
		if source, err := f.Domain(ctx, steps.Source); err == nil {
			from = source.Version
		}
	}
	var o ask.Offer
	for _, l := range list {
		option := ask.Option{Value: string(l.Name), Detail: steps.T("%s%s", string(l.Family), colour(l.Health))}
		if l.Domain != nil {
			option.Detail = traits(l.Domain, l.Health)
			if cause, _ := preflight.Path(from, l.Domain.Version); from.Family != "" && !cause.IsZero() {
				option.Detail = steps.T("no way to it: %s; %s", cause, option.Detail)
			}
		}
		o.Options = append(o.Options, option)
	}
	return o, ctx.Err()
}

// traits tell a domain from another: what runs there, how it is, how large it is, how
// it is reached and who decides there. What may make somebody choose another stands
// first, as rows are cut at their end.
func traits(d *facts.Domain, h string) steps.Text {
	network, guarded := steps.T("public"), steps.T("access policy alone")
	if d.VPC != nil {
		network = steps.T("in a VPC")
	}
	switch {
	case d.Security.Enabled:
		guarded = steps.T("fine-grained access")
	case d.Unguarded():
		guarded = steps.T("open to all who reach it")
	}
	state := colour(h)
	if d.Processing || d.Upgrading {
		state = steps.T("%s, being changed now", state)
	}
	if d.Nodes.Type == "" {
		return steps.T("%s%s, %s, %s", d.Version.String(), state, network, guarded)
	}
	return steps.T("%s%s, %d x %s%s, %s, %s", d.Version.String(), state, d.Nodes.Count, strings.TrimSuffix(d.Nodes.Type, ".search"), disk(d), network, guarded)
}

// colour says how a domain is, with what a colour other than green means.
func colour(h string) steps.Text {
	switch h {
	case "green":
		return steps.T(", green")
	case "yellow":
		return steps.T(", yellow (copies missing)")
	case "red":
		return steps.T(", red (data missing)")
	}
	return steps.Text{}
}

// disk is the room of all nodes together, where they have volumes.
func disk(d *facts.Domain) steps.Text {
	if !d.Volume.EBS || d.Volume.SizeGiB == 0 {
		return steps.Text{}
	}
	const gib = 1 << 30
	return steps.T(", room for %s", steps.Size(int64(d.Volume.SizeGiB)*int64(max(1, d.Nodes.Count))*gib))
}

// domain says what the side's domain is, once it is named, and whether the way
// to it from the source's version is possible.
func domain(ctx context.Context, f *facts.Facts, r ask.Request) (ask.Offer, error) {
	d, err := f.Domain(ctx, r.Side)
	if nobody(err) {
		return ask.Offer{}, nil
	}
	if facts.Absent(err) {
		s := f.Spec().Side(r.Side)
		return ask.Offer{}, &steps.Error{
			Summary: steps.T("There is no domain %s in this account in %s", string(s.Domain), string(s.Region)),
			Fix:     steps.T("Correct the name, or go back to account and region"), Cause: err,
		}
	}
	if err != nil {
		return ask.Offer{}, err
	}
	h := health(ctx, f, r.Side)
	what := traits(&d, h)
	if !d.Described {
		what = steps.T("%s%s", d.Version.String(), colour(h))
	}
	o := ask.Offer{Note: steps.T("The %s domain is %s.", string(r.Side), what)}
	if r.Side == steps.Target {
		return o, versions(ctx, f)
	}
	return o, nil
}

// health is the domain's colour, where it tells: before the signer is mapped it
// may not.
func health(ctx context.Context, f *facts.Facts, side steps.Side) string {
	h, err := f.Health(ctx, side)
	if err != nil {
		return ""
	}
	return h.Status
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
