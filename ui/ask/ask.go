// Package ask holds the questions as data: pages in the order a person is led
// through them, each question with its words, its help, where its options come
// from, and what makes an answer of what was typed. The wizard, the line prompts
// and the answers file all lead through it to the same draft.
//
// It is pure. It fetches nothing (a Request says what to fetch), draws nothing,
// and parses nothing itself: package spec does, once for everybody.
package ask

import (
	"snapferry/steps"
	"snapferry/steps/spec"
)

// Key names a question: one of the answers file, or one of our own that no file
// has ("goal", what opens the rarer questions of a page, everything secret).
type Key = spec.Key

// Kind is how an answer is given.
type Kind string

// The kinds.
const (
	Text   Kind = "text"   // typed; options are suggestions
	Choice Kind = "choice" // one of the options and nothing else
	List   Kind = "list"   // typed, separated by commas
	YesNo  Kind = "yes/no" // "yes" or "no"
	Secret Kind = "secret" // typed unseen, kept in memory only
)

// The raw answers of a YesNo.
const (
	Yes = "yes"
	No  = "no"
)

// Option is an answer that can be chosen. A Value of "" leaves the answer out,
// which is a choice like others: "the same identity", "somebody names it".
type Option struct {
	Value  string
	Label  steps.Text
	Detail steps.Text
}

// Help is what "?" tells: what the field is, and where its value is found in the
// AWS console and by CLI. Where and CLI are zero for what only the person knows.
type Help struct {
	What  steps.Text
	Where steps.Text
	CLI   string
}

// Question is one question as it stands after the answers before it.
type Question struct {
	Key     Key
	Kind    Kind
	Title   steps.Text
	Help    Help
	Example string
	Options []Option
	// From says where further options and a default can be fetched.
	From Request
	// Proof says what can be proven once the answer is given: who somebody is,
	// what there is of that name.
	Proof Request
	// Default is the answer a blank one stands for; "" where blank leaves it out.
	Default string
	// Unsaid is what holds where it is left out, derived from the other answers.
	Unsaid string
	// Needed says that there is no going on without it.
	Needed bool
	// Live says that what is wrong with it can be told while it is typed: its rules
	// hold for every letter, and not for the whole alone.
	Live bool
	// Only is the one answer that agrees with what was fetched, "" where any may.
	Only string
	// Note is what was fetched about the question as a whole.
	Note steps.Text
	// Memory says that the answer is kept in memory and never enters the draft.
	Memory bool
	// Beside is the question that a secret belongs to. It is asked for whenever that
	// one is; with answers of a file, whoever needs the secret asks for it.
	Beside Key

	derive func(*spec.Spec) string
}

// Page is the questions that are asked together.
type Page struct {
	Name      string
	Title     steps.Text
	Why       steps.Text
	Questions []Question
}

// What names a thing that can be fetched for a question.
type What string

// What can be fetched. Runs and Bases are known at once; the others may take a
// while, fail, and be tried again.
const (
	Runs     What = "runs"     // unfinished runs of the run directory
	Bases    What = "bases"    // which sources of credentials this host has
	Profiles What = "profiles" // of the shared AWS config
	Regions  What = "regions"  // that this side's credentials speak of
	Identity What = "identity" // who a slot's credentials are, says STS
	Known    What = "known"    // whether an internal user's password is known already
	Login    What = "login"    // whether it is right
	Domains  What = "domains"  // of the side's account and region
	Hosts    What = "hosts"    // endpoints that are known without asking anybody
	Guard    What = "guard"    // how the side's domain is guarded
	Buckets  What = "buckets"  // of the side's account
	Crypto   What = "crypto"   // how the bucket is encrypted
	Indices  What = "indices"  // of the side's domain

	// These prove an answer: what there is of that name.
	Region    What = "region"    // whether AWS may have it
	Domain    What = "domain"    // the side's domain, and whether the way to it is possible
	Bucket    What = "bucket"    // whose the bucket is, and where
	Selection What = "selection" // what the patterns hit
)

// Request asks whoever has the world at hand for options. Slot is "control",
// "signer" or "mapper" where an identity is meant.
type Request struct {
	What What
	Side steps.Side
	Slot string
}

// IsZero says that nothing is to be fetched.
func (r Request) IsZero() bool { return r.What == "" }

// Words says what is being looked for, for the time it takes; zero where it is
// there at once.
func (r Request) Words() steps.Text {
	switch r.What {
	case Identity:
		return steps.T("Asking AWS whose credentials these are")
	case Login:
		return steps.T("Trying the password on the %s domain", string(r.Side))
	case Domains:
		return steps.T("Looking up the domains of the %s account", string(r.Side))
	case Domain:
		return steps.T("Asking about the %s domain", string(r.Side))
	case Guard:
		return steps.T("Looking how the %s domain is guarded", string(r.Side))
	case Buckets:
		return steps.T("Looking up the buckets of the %s account", string(r.Side))
	case Bucket:
		return steps.T("Asking whose bucket it is")
	case Crypto:
		return steps.T("Asking how the bucket is encrypted")
	case Indices, Selection:
		return steps.T("Looking up the indices of the %s domain", string(r.Side))
	}
	return steps.Text{}
}

// Offer is what was fetched for a question.
type Offer struct {
	Options []Option
	Default string
	Only    string
	Note    steps.Text
	// Known says, of a secret, where it is known from without being typed.
	Known string
	// Try says what patterns do to each index of the source, in the order of their
	// names; it asks nobody and is quick. nil where the indices are not known.
	Try func(patterns []string) []Hit
}

// With gives the question with what was fetched for it. An option that is there
// already gets the offer's detail; new ones come first, as they are names while
// the standing ones are ways round.
func (q Question) With(o Offer) Question {
	options := make([]Option, 0, len(q.Options)+len(o.Options))
	standing := map[string]int{}
	for i, have := range q.Options {
		standing[have.Value] = i
	}
	kept := append([]Option(nil), q.Options...)
	for _, new := range o.Options {
		if i, ok := standing[new.Value]; ok {
			kept[i].Detail = new.Detail
			continue
		}
		options = append(options, new)
	}
	q.Options = append(options, kept...)
	if o.Default != "" {
		q.Default = o.Default
	}
	if o.Known != "" {
		q.Needed, q.Unsaid = false, o.Known
	}
	q.Only, q.Note = o.Only, o.Note
	return q
}
