package ask

import (
	"cmp"
	"maps"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps/spec"
)

// aside is what was answered for one shape while another holds.
type aside struct {
	said    map[Key]string
	secrets map[Key]awsid.Secret
	begun   map[Key]Unentered
}

// ofShape says that an answer is one to where the indices go: of one shape it is wrong
// in another, where it may not even be asked for.
func ofShape(k Key) bool {
	return strings.HasPrefix(string(k), "target.") || strings.HasPrefix(string(k), "move.rename") || k == "bucket.owner"
}

// trade lays what was answered for one shape aside and takes up what was answered for
// another before: whoever comes back to a shape finds it as it was left.
func (a *Answers) trade(from, to string) {
	if from = cmp.Or(from, string(spec.ShapeTwoAccounts)); from == to {
		return
	}
	asides := maps.Clone(a.asides)
	if asides == nil {
		asides = map[string]aside{}
	}
	asides[from] = aside{split(a.said), split(a.secrets), split(a.begun)}
	maps.Copy(a.said, asides[to].said)
	maps.Copy(a.secrets, asides[to].secrets)
	maps.Copy(a.begun, asides[to].begun)
	a.unseen++ // other secrets, as far as there are any
	a.asides = asides
}

// split takes out of m what is of a shape, and gives it.
func split[V any](m map[Key]V) map[Key]V {
	out := map[Key]V{}
	for k, v := range m {
		if ofShape(k) {
			out[k] = v
		}
	}
	maps.DeleteFunc(m, func(k Key, _ V) bool { return ofShape(k) })
	return out
}
