package engine

import (
	"slices"
	"strings"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// granting are the kinds that IAM, STS, S3 and KMS, and the domains' front, see some
// time after they were written. What a domain keeps itself it sees at once.
var granting = []steps.Kind{
	steps.KindBucket, steps.KindBucketPolicy, steps.KindRole, steps.KindSignerGrant, steps.KindAccessPolicy, steps.KindKeyPolicy,
}

// absences are words of AWS for a thing that is not there, also as the engine hands
// them on, with the kinds whose making they may lag behind.
var absences = []struct {
	word  string
	kinds []steps.Kind
}{
	{"NoSuchBucket", []steps.Kind{steps.KindBucket}},
	{"no_such_bucket", []steps.Kind{steps.KindBucket}},
	{"bucket does not exist", []steps.Kind{steps.KindBucket}},
	{"NoSuchEntity", []steps.Kind{steps.KindRole, steps.KindSignerGrant}},
}

// lagging says that a refusal may come from what this run changed a moment ago and
// is not seen everywhere. The security plugin's word holds at once, an explicit
// denial is nothing that is still to come, and what the run did not make it need
// not wait for.
func (r *Runner) lagging(f *failure.Failure) bool {
	kinds := granting
	switch {
	case f.Front == failure.FrontSecurity, f.Has("security_exception"), strings.Contains(f.Message, "explicit deny"), refusedLook(f):
		return false
	case f.Kind == failure.Denied:
	case namesNobody(f):
		kinds = []steps.Kind{steps.KindRole}
	case f.Kind == failure.Missing:
		said := []string{f.Code, f.Message}
		for _, c := range f.Chain {
			said = append(said, c.Type, c.Reason)
		}
		i := -1
		for n, a := range absences {
			if slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, a.word) }) {
				i = n
				break
			}
		}
		if i < 0 && f.Front == failure.FrontEngine {
			return false // its own things: an index, a repository, a snapshot
		}
		if i >= 0 {
			kinds = absences[i].kinds
		}
	default:
		return false
	}
	return r.justChanged(kinds)
}

// looks begin the names of AWS's calls that change nothing.
var looks = []string{"Get", "List", "Describe", "Head"}

// refusedLook says that AWS refused a look of our own at a thing. What a run grants is for
// others: for the service to use bucket and key, and for the signer to pass a role and to
// reach its domain. So no change of ours gives the right to look, nor takes it away, and
// waiting gives none either. What a domain refuses, or AWS the engine, is another matter.
func refusedLook(f *failure.Failure) bool {
	call := f.Operation[strings.LastIndexByte(f.Operation, ' ')+1:]
	return f.Kind == failure.Denied && f.Front == failure.FrontAWS && slices.ContainsFunc(looks, func(l string) bool { return strings.HasPrefix(call, l) })
}

// namesNobody says that a policy names somebody who is not there, or not seen yet:
// S3 and KMS refuse to save one before the role it is for is made.
func namesNobody(f *failure.Failure) bool {
	return f.Kind == failure.Invalid && strings.Contains(f.Message, "nvalid principal")
}

// justChanged looks at the journal rather than at this start alone: a role made
// just before a kill is as young after it.
func (r *Runner) justChanged(kinds []steps.Kind) bool {
	now := r.o.Clock.Now()
	return slices.ContainsFunc(r.State().Changes, func(c steps.ChangeState) bool {
		return !c.Made.IsZero() && now.Sub(c.Made) < r.o.Settle && slices.Contains(kinds, c.Change.Ref.Kind)
	})
}
