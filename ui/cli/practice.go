package cli

import (
	"snapferry/steps"
	"snapferry/steps/spec"
)

// masterKind is the kind of access whose master is an internal user.
const masterKind = "internal-master"

// nextDomain is the label of the sandbox's other domain in the source's account.
const nextDomain = "next"

// practice is the migration the sandbox is made for: everything from logs-prod of
// one account to logs-prod of another, through a bucket with a customer key, in
// the way the domains' kinds of access want it.
func (a *app) practice() *spec.Draft {
	d := &spec.Draft{}
	answers := [][2]string{
		{"source.account", "111111111111"},
		{"source.region", "eu-west-1"},
		{"source.domain", "logs-prod"},
		{"source.control.base", "profile"},
		{"source.control.profile", "source"},
		{"target.account", "222222222222"},
		{"target.domain", "logs-prod"},
		{"target.control.base", "profile"},
		{"target.control.profile", "target"},
		{"bucket.name", "acme-os-migration"},
		{"bucket.kms_key", practiceKey},
		{"move.indices", "*"},
	}
	return a.withMasters(d, answers, "source", "target")
}

// practiceInside is what a bastion in the source's account can be for: from one domain of
// the account to the other, with what the host has, which is its role. Who signs, and the
// endpoints, are then offered.
func (a *app) practiceInside() *spec.Draft {
	return a.withMasters(&spec.Draft{}, [][2]string{
		{"shape", string(spec.ShapeSameAccount)},
		{"source.account", "111111111111"},
		{"source.region", "eu-west-1"},
		{"bucket.name", "acme-os-migration"},
		{"move.indices", "*"},
	}, "source", nextDomain)
}

// practiceNext is the way from one domain of the source's account to the other.
func (a *app) practiceNext() *spec.Draft {
	return a.withMasters(&spec.Draft{}, append(practiceOwn(), [2]string{"target.domain", "logs-next"}), "source", nextDomain)
}

// practiceBeside restores beside the originals, under other names.
func (a *app) practiceBeside() *spec.Draft {
	// A stream under another name wants a template for that, which nobody has made.
	renamed := [][2]string{{"move.indices", "*, -traces-checkout"}, {"move.rename_pattern", "^(.+)$"}, {"move.rename_replacement", "restored-$1"}}
	return a.withMasters(&spec.Draft{}, append(practiceOwn(), renamed...), "source", "")
}

// practiceOwn is what both moves inside the source's account begin with.
func practiceOwn() [][2]string {
	return [][2]string{
		{"source.account", "111111111111"},
		{"source.region", "eu-west-1"},
		{"source.domain", "logs-prod"},
		{"source.control.base", "profile"},
		{"source.control.profile", "source"},
		{"bucket.name", "acme-os-migration"},
		{"bucket.kms_key", practiceKey},
		{"move.indices", "*"},
	}
}

// withMasters puts answers into a draft, with the masters of the two domains by their labels
// where these are users of their own.
func (a *app) withMasters(d *spec.Draft, answers [][2]string, source, target string) *spec.Draft {
	kinds := a.sandboxAccess()
	for side, label := range map[steps.Side]string{steps.Source: source, steps.Target: target} {
		if kinds[label] == masterKind {
			answers = append(answers, [2]string{string(side) + ".mapper.base", basePassword}, [2]string{string(side) + ".mapper.user", practiceMaster})
		}
	}
	for _, said := range answers {
		if err := d.Set(spec.Key(said[0]), said[1]); err != nil {
			panic("cli: the sandbox's own answers: " + err.Error())
		}
	}
	return d
}
