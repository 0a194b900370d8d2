package cli

import (
	"snapferry/steps"
	"snapferry/steps/spec"
)

// masterKind is the kind of access whose master is an internal user.
const masterKind = "internal-master"

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
	kinds := a.sandboxAccess()
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		if kinds[string(side)] == masterKind {
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
