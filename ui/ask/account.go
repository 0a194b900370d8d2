package ask

import (
	"strings"

	"snapferry/steps"
	"snapferry/steps/spec"
)

func upper(side steps.Side) string { return strings.ToUpper(string(side)) }

// account asks who works on a side, and in which account. Inside one account the
// target is reached like the source unless somebody says otherwise; beside the
// originals it is the source.
func (w *walk) account(side steps.Side) {
	k := Key(side)
	if side == steps.Source {
		w.page("source-account", steps.T("Source account"), steps.T("Where the indices are, and whose credentials look and act there."))
	} else {
		w.page("target-account", steps.T("Target account"), steps.T("Where the indices go, and whose credentials look and act there."))
	}
	open := true
	switch {
	case side == steps.Source || w.shape() == spec.ShapeTwoAccounts:
	case w.shape() == spec.ShapeSameDomain:
		open = false
	default:
		open = w.opened(k+".more", steps.T("Other credentials for the target"), steps.T("credentials for the target that are not the source's"))
	}
	if open || w.said(k+".control") {
		w.control(side)
	}
	own := w.numbered(side)
	w.rare(own, w.region(side), w.number(side, own))
	if open || w.said(k+".signer") {
		w.signer(side)
	}
}

// numbered says whether a side's account has to be said: inside one account the
// target's is the source's.
func (w *walk) numbered(side steps.Side) bool {
	return side == steps.Source || w.shape() == spec.ShapeTwoAccounts
}

func (w *walk) control(side steps.Side) {
	q := Question{
		Title: steps.T("Credentials for the %s account", string(side)), Options: bases(), Unsaid: "the environment of this shell",
		Help: Help{
			What: steps.T("Whose rights read and change roles, the bucket and the domain's settings in this account. Without any, these parts stay unknown and are handed to somebody who has them."),
			CLI:  "aws configure list",
		},
	}
	if w.bastion() {
		q.Default = baseNone
	}
	w.identity(side, slotControl, q)
}

func (w *walk) region(side steps.Side) Question {
	q := Question{
		Key: Key(side) + ".region", Kind: Text, Example: "eu-west-1", From: Request{Regions, side, slotControl},
		Title: steps.T("Region of the %s domain", string(side)),
		Help: Help{
			What:  steps.T("The AWS region the domain is in, by its code."),
			Where: steps.T("In the console: at the top right, and in the address of the page."),
			CLI:   "aws configure get region",
		},
		derive: func(s *spec.Spec) string { return string(s.Side(side).Region) },
	}
	q.Needed = side == steps.Source && !w.hostTells(side)
	return w.questioned(q, side, slotControl)
}

// nobody says that no AWS API of a side is called from here, so that nothing of it can
// be looked up.
func (w *walk) nobody(side steps.Side) bool {
	if side == steps.Target && w.shape() != spec.ShapeTwoAccounts && !w.said("target.control") {
		side = steps.Source
	}
	return w.draft.Get(Key(side)+".control.base") == baseNone
}

// hostTells says whether the endpoint that was said is one of the service's own,
// which hold the region. It is asked for later, but a file may have it.
func (w *walk) hostTells(side steps.Side) bool {
	d := &spec.Draft{}
	if key := Key(side) + ".endpoint"; d.Set(key, w.a.said[key]) != nil {
		return false
	}
	s, _ := d.Partial(w.a.today)
	return s.Side(side).Region != ""
}

func (w *walk) number(side steps.Side, own bool) Question {
	from := Request{Identity, side, slotControl}
	if w.nobody(side) {
		from = Request{}
	}
	return Question{
		Key: Key(side) + ".account", Kind: Text, Example: "111122223333", Needed: own, From: from,
		Title: steps.T("Id of the %s account", string(side)),
		Help: Help{
			What:  steps.T("The 12 digits of the account the domain is in; hyphens may stay. It must be the account the credentials lead to."),
			Where: steps.T("In the console: behind your name at the top right."),
			CLI:   w.cli(side, "sts get-caller-identity --query Account"),
		},
		derive: func(s *spec.Spec) string { return string(s.Side(side).Account) },
	}
}

func (w *walk) signer(side steps.Side) {
	q := Question{
		Title:   steps.T("Who signs the calls to the %s domain", string(side)),
		Options: append([]Option{{"", steps.T("The same identity"), steps.Text{}}}, bases()...),
		Help:    Help{What: steps.T("The identity that asks the domain for the snapshot or the restore. It needs es:ESHttp* on the domain and iam:PassRole for the snapshot role; mostly it is the same as above.")},
	}
	if w.nobody(side) { // a run without a signer asks for nothing
		list := bases()
		q.Options, q.Needed, q.Default = list[:len(list)-1], true, "environment"
	}
	switch {
	case !w.bastion():
	case side == steps.Target && w.shape() == spec.ShapeTwoAccounts && w.a.said["source.signer.base"] == "instance":
		q.Default = baseProfile // the host's role is of one account only
	default:
		q.Default = "instance"
	}
	w.identity(side, slotSigner, q)
}
