package diagnose

import (
	"slices"
	"strings"

	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// rule recognises one error by the fixed words in it. Names, ARNs and ids vary
// and are never matched on.
type rule struct {
	// all must stand in the folded text, each in small letters; of a whole rule
	// they are the text.
	all     []string
	whole   bool
	layer   string
	refused string
	causes  []steps.Cause
}

func (r rule) matches(text string) bool {
	if r.whole {
		return slices.Contains(r.all, text)
	}
	for _, w := range r.all {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func cause(id string, summary, confirm, fix string) steps.Cause {
	c := steps.Cause{ID: id, Summary: steps.T(summary), Fix: steps.T(fix)}
	if confirm != "" {
		c.Confirm = steps.T(confirm)
	}
	return c
}

// run gives a cause a command that fixes it or shows what to write in its place,
// filled from the error. IAM replaces a policy of the name that is put: what is put
// here bears the purpose and a mark of its subject, so that it replaces itself alone.
func run(c steps.Cause, command string) steps.Cause {
	c.Command = command
	return c
}

// adds gives a cause the statements to put beside those that stand in a policy.
func adds(c steps.Cause, statements ...policy.Statement) steps.Cause {
	var lines []string
	for _, s := range statements {
		lines = append(lines, strings.Split(s.Pretty(), "\n")...)
	}
	c.Diff = "+ " + strings.Join(lines, "\n+ ")
	return c
}

// rules stand from the particular to the general: the first that matches wins.
// Wordings are those of real nodes and of field reports, or stand in the source
// of the engine and its plugins; what nobody has seen is not matched on.
var rules = slices.Concat(frontRules, roleRules, securityRules, keyRules, storeRules, snapshotRules, restoreRules, lastRules)

// general is what can be said by the kind of an error alone.
var general = map[failure.Kind]steps.Cause{
	failure.Unreachable: cause("unreachable", "This host does not reach the endpoint", "A domain inside a VPC answers only from there", "Run on a host inside, or say a tunnel or proxy to it in source.via or target.via"),
	failure.Timeout:     cause("no-answer", "No answer came in time; the work may go on", "", "Run again: what is running is gone on with"),
	failure.TLS:         cause("tls", "The certificate does not belong to the name that was called", "", "Keep the domain's real name, and say the tunnel's address in source.via or target.via"),
	failure.Signature:   cause("signature", "The signature is not what the service calculates", "Wrong secret key, wrong clock, or a proxy that changes the request", "Check them in this order"),
	failure.Expired:     cause("expired", "The credentials have expired", "", "Log in again; the run goes on"),
	failure.Credentials: cause("credentials", "There are no usable credentials", "", "Check the profile or the role"),
	failure.Throttled:   cause("throttled", "The service asks for fewer requests", "", "Try again in a moment"),
}

// Entry is one known error, for the documentation.
type Entry struct {
	Layer   string
	Refused string
	// Words are what the error is recognised by: all of them, or, as the Whole text,
	// any.
	Words  []string
	Whole  bool
	Causes []steps.Cause
}

// Catalogue lists the errors that are known by their words.
func Catalogue() []Entry {
	list := make([]Entry, 0, len(rules))
	for _, r := range rules {
		list = append(list, Entry{r.layer, r.refused, r.all, r.whole, Subject{}.filled(r.causes)})
	}
	return list
}
