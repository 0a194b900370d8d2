package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/offer"
)

// offer looks up what a question can be answered with: what this host knows by
// itself here, everything else through facts, with the answers so far.
func (p *place) offer(ctx context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
	// A look that was given up may still be on its way out when the next one begins.
	p.looks.Lock()
	defer p.looks.Unlock()
	return p.look(ctx, a, r)
}

// look is offer for whoever has the place to himself.
func (p *place) look(ctx context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
	switch r.What {
	case ask.Runs:
		return p.runOffer(), nil
	case ask.Bases:
		return p.baseOffer(ctx, a, r)
	case ask.Profiles:
		return p.profileOffer(ctx, r)
	case ask.Regions:
		return p.regionOffer(ctx, a, r)
	case ask.Region:
		if e := ask.Doubt(a.RegionAt(r)); e != nil {
			return ask.Offer{}, e
		}
		return ask.Offer{}, nil
	case ask.Hosts:
		return p.hostOffer(ctx, a, r)
	case ask.Known:
		return p.knownOffer(ctx, a, r)
	}
	if err := p.view(ctx, a); err != nil {
		return ask.Offer{}, atQuestion(err)
	}
	o, err := offer.Look(ctx, p.facts, r)
	if r.What == ask.Guard { // the same question also has the ways to credentials
		bases, baseErr := p.baseOffer(ctx, a, r)
		o.Options, err = bases.Options, errors.Join(err, baseErr)
	}
	return o, err
}

// view opens facts for the answers so far, anew only where they have changed: what
// was learned with others may not be so with these.
func (p *place) view(ctx context.Context, a *ask.Answers) error {
	s, _ := a.Draft().Partial(p.began()) // what is wrong is told at its question
	if p.facts != nil && reflect.DeepEqual(s, p.spec) && p.unseen == a.Unseen() {
		return nil
	}
	p.spec, p.unseen = s, a.Unseen()
	p.looking = true
	defer func() { p.looking = false }()
	f, err := p.connect(ctx)
	if err != nil {
		return err
	}
	p.facts = f
	return nil
}

// atQuestion is why there is no looking with these answers, where they are given one
// after the other: the first of them that is wrong, and that there is a way back to it.
func atQuestion(err error) error {
	var many answersError
	if !errors.As(err, &many) {
		return err
	}
	first := *many[0]
	if strings.HasSuffix(first.Field, ".region") {
		first.Fix = steps.T("Go back to the region (shift+tab, < in line prompts) and correct it. %s", first.Fix)
	}
	return &first
}

// runOffer are the ways a run in the directory opens.
func (p *place) runOffer() ask.Offer {
	s, err := p.state()
	if err != nil || s.RunID == "" {
		return ask.Offer{Note: p.foundAnswers()}
	}
	report := ask.Option{Value: ask.GoalReport, Label: steps.T("Look at run %s", s.RunID), Detail: steps.T("what it did, and what it proved")}
	if s.Done != nil && s.Done.OK {
		return ask.Offer{Options: []ask.Option{report}}
	}
	resume := ask.Option{Value: ask.GoalResume, Label: steps.T("Go on with run %s", s.RunID), Detail: steps.T("begun %s", s.Started.Local().Format("2006-01-02 15:04"))}
	if onlyPlanned(s) {
		resume.Label = steps.T("Go on with the plan of run %s", s.RunID)
		resume.Detail = steps.T("it waits to be approved; nothing was changed")
		return ask.Offer{Default: ask.GoalResume, Options: []ask.Option{resume, report}}
	}
	for _, st := range s.Steps {
		if st.Status != steps.StatusDone && st.Status != steps.StatusExisted && st.Status != steps.StatusSkipped {
			resume.Detail = steps.T("begun %s, stopped at %s", s.Started.Local().Format("2006-01-02 15:04"), string(st.ID))
			break
		}
	}
	return ask.Offer{Default: ask.GoalResume, Options: []ask.Option{resume, report}}
}

// foundAnswers says that the questions are filled in with answers of a file.
func (p *place) foundAnswers() steps.Text {
	path := p.file
	if path == "" {
		path = filepath.Join(p.dir, answersName)
	}
	if _, err := os.Stat(path); err != nil {
		return steps.Text{}
	}
	return steps.T("Answers were found in %s: the questions are filled in with them.", path)
}

// baseOffer tells which sources of credentials there are here. Whether the host is
// an instance with a role shows only when it is asked.
func (p *place) baseOffer(ctx context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
	list, err := p.profiles(ctx)
	if err != nil {
		return ask.Offer{}, err
	}
	detail := func(base string, there bool, yes, no steps.Text) ask.Option {
		if there {
			no = yes
		}
		return ask.Option{Value: base, Detail: no}
	}
	keys := p.Env("AWS_ACCESS_KEY_ID") != ""
	task := p.Env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != "" || p.Env("AWS_CONTAINER_CREDENTIALS_FULL_URI") != ""
	o := ask.Offer{Options: []ask.Option{
		detail("profile", len(list) > 0, steps.T("%d found", len(list)), steps.T("none found")),
		detail("environment", keys, steps.T("AWS_ACCESS_KEY_ID is set"), steps.T("AWS_ACCESS_KEY_ID is not set")),
		detail("task", task, steps.T("ECS, EKS: this is one"), steps.T("ECS, EKS: this is none")),
	}}
	bastion := a.Get(ask.Goal) == ask.GoalBastion
	switch {
	case r.Slot == "signer" && bastion && !p.sandboxed():
		o.Default = hostSigner(a, r.Side, keys, task, len(list) > 0)
		return o, nil
	case r.Slot != "control" || bastion:
		// The others are the same identity unless somebody says otherwise, and on a bastion
		// AWS itself is mostly out of reach.
		return o, nil
	}
	switch {
	case keys:
		o.Default = "environment"
	case len(list) > 0:
		o.Default = "profile"
	case task:
		o.Default = "task"
	default:
		o.Default = "keys"
		o.Note = steps.T("No credentials were found on this host, unless it is an EC2 instance with a role. Log in first (aws sso login, aws configure), or type keys in.")
	}
	return o, nil
}

// hostSigner is who signs on a bastion: what the host itself has, mostly its instance's
// role. That is of one account only, so that the other side's has to come from elsewhere.
func hostSigner(a *ask.Answers, side steps.Side, keys, task, profiles bool) string {
	taken := ""
	if shape := a.Get("shape"); side == steps.Target && (shape == "" || shape == string(spec.ShapeTwoAccounts)) {
		taken = a.Get("source.signer.base")
	}
	switch {
	case task && taken != "task" && taken != "instance":
		return "task"
	case keys && taken != "environment":
		return "environment"
	case taken != "task" && taken != "instance":
		return "instance"
	case profiles:
		return "profile"
	}
	return "keys"
}

// hostOffer are the endpoints that this host knows: the sandbox's. A real domain's has
// to be said, where nobody here may ask for it.
func (p *place) hostOffer(ctx context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
	if !p.sandboxed() {
		return ask.Offer{}, nil
	}
	info, err := p.runningSandbox(ctx)
	if err != nil {
		return ask.Offer{}, err
	}
	usual := string(r.Side)
	if r.Side == steps.Target && a.Get("shape") == string(spec.ShapeSameAccount) {
		usual = nextDomain
	}
	var o ask.Offer
	for _, d := range info.Domains {
		o.Options = append(o.Options, ask.Option{Value: d.Endpoint, Detail: steps.T("%s of %s", string(d.Name), d.Account.Grouped())})
		if d.Label == usual {
			o.Default = d.Endpoint
		}
	}
	return o, nil
}

// profiles are those of the shared files; the sandbox has its own.
func (p *place) profiles(ctx context.Context) ([]profile, error) {
	if !p.sandboxed() {
		return p.hostProfiles(ctx)
	}
	info, err := p.runningSandbox(ctx)
	if err != nil {
		return nil, err
	}
	var list []profile
	for _, a := range info.Accounts {
		list = append(list, profile{Name: a.Label, Account: a.ID, Region: info.Domains[0].Region})
	}
	return list, nil
}

func (p *place) profileOffer(ctx context.Context, r ask.Request) (ask.Offer, error) {
	list, err := p.profiles(ctx)
	if err != nil {
		return ask.Offer{}, err
	}
	var o ask.Offer
	for _, profile := range list {
		var detail steps.Text
		switch {
		case profile.Account != "" && profile.Region != "":
			detail = steps.T("%s, %s", profile.Account.Grouped(), string(profile.Region))
		case profile.Account != "":
			detail = steps.T("%s", profile.Account.Grouped())
		default:
			detail = steps.T("%s", string(profile.Region))
		}
		o.Options = append(o.Options, ask.Option{Value: profile.Name, Detail: detail})
		usual := profile.Name == p.Env("AWS_PROFILE") || p.sandboxed() && profile.Name == string(r.Side)
		if usual {
			o.Default = profile.Name
		}
	}
	return o, nil
}

// regionOffer is the region of the profile, else of the environment. The sandbox has
// but one.
func (p *place) regionOffer(ctx context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
	name := a.Get(spec.Key(r.Side) + ".control.profile")
	list, err := p.profiles(ctx)
	if err != nil {
		return ask.Offer{}, err
	}
	for _, profile := range list {
		if p.sandboxed() {
			return ask.Offer{Default: string(profile.Region), Only: string(profile.Region)}, nil
		}
		if profile.Name == name && profile.Region != "" {
			return ask.Offer{Default: string(profile.Region)}, nil
		}
	}
	for _, v := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if region := p.Env(v); region != "" {
			return ask.Offer{Default: region}, nil
		}
	}
	return ask.Offer{}, nil
}

// knownOffer says where an internal user's password is known from already.
func (p *place) knownOffer(ctx context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
	switch {
	case p.passwordFD[r.Side] != 0:
		return ask.Offer{Known: "from its file descriptor"}, nil
	case p.Env(passwordName(r.Side)) != "":
		return ask.Offer{Known: "from the environment"}, nil
	case !p.sandboxed():
		return ask.Offer{}, nil
	}
	info, err := p.runningSandbox(ctx)
	if err != nil {
		return ask.Offer{}, err
	}
	p.spec, _ = a.Draft().Partial(p.began())
	if made := p.madePasswords(info)[r.Side]; !made.IsZero() {
		return ask.Offer{Known: "the one the sandbox made"}, nil
	}
	return ask.Offer{}, nil
}
