// Package diagnose turns an error into what a person needs: the layer that
// refused, the causes ranked by likelihood, how to confirm each, and the way out.
//
// It works on text and values alone, offline. It does not know how the error was
// met, and it never says it knows a cause that no rule names.
package diagnose

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// The layers, as the product's schema names them.
const (
	layerNetwork    = "network"
	layerTLS        = "tls"
	layerSignature  = "signature"
	layerCreds      = "credentials"
	layerAccess     = "access-policy"
	layerPassRole   = "pass-role"
	layerAssume     = "assume-role"
	layerFGAC       = "fgac"
	layerProtected  = "protected"
	layerS3         = "s3"
	layerKMS        = "kms"
	layerIAM        = "iam"
	layerRepository = "repository"
	layerSnapshot   = "snapshot"
	layerRestore    = "restore"
	layerCapacity   = "capacity"
	layerVersion    = "version"
	layerService    = "service"
	layerClient     = "client"
)

// Error diagnoses an error value.
func Error(err error) steps.Diagnosis {
	var own *steps.Error
	if errors.As(err, &own) {
		return ofOwn(own)
	}
	return ofFailure(failure.Of(err))
}

// ofOwn is an error we made ourselves: it knows its way out already. What caused
// it may know the layer.
func ofOwn(e *steps.Error) steps.Diagnosis {
	d := steps.Diagnosis{Layer: layerClient, Summary: e.Summary}
	if e.Cause != nil {
		inner := ofFailure(failure.Of(e.Cause))
		d.Layer, d.Causes, d.Body = inner.Layer, inner.Causes, inner.Body
	}
	d.Causes = append([]steps.Cause{{ID: "as-said", Summary: e.Summary, Fix: e.Fix}}, d.Causes...)
	return d
}

func ofFailure(f *failure.Failure) steps.Diagnosis {
	d := steps.Diagnosis{Layer: byKind(f), Summary: steps.T("%s", words(f)), Body: strings.TrimSpace(string(f.Body))}
	if i := known(f); i >= 0 {
		r, about := rules[i], of(f)
		d.Layer, d.Refused, d.Causes = r.layer, r.refused, about.told(about.filled(r.causes))
		return d
	}
	if d.Causes = balancer(f); d.Causes != nil {
		return d
	}
	if general, ok := general[f.Kind]; ok {
		d.Causes = []steps.Cause{general}
		return d
	}
	d.Unknown = true
	if d.Layer == layerService || d.Layer == layerClient {
		d.Layer = "" // that is where what nobody knows is put, and nobody's finding
	}
	return d
}

// balancer is what can be said of an answer that comes from before the engine,
// empty or HTML: the status, or the page's title, is all it has.
func balancer(f *failure.Failure) []steps.Cause {
	status := f.Message
	if f.Status != 0 {
		status = strconv.Itoa(f.Status)
	}
	switch {
	case f.Front != failure.FrontBalancer:
	case strings.HasPrefix(status, "504"):
		return noAnswer
	case strings.HasPrefix(status, "502"), strings.HasPrefix(status, "503"):
		return unstable
	}
	return nil
}

// known is the number of the rule that knows a failure, -1 for none. It looks
// from the innermost cause outwards: the outermost type is only the symptom. A
// rule that needs words of several links is found last.
func known(f *failure.Failure) int {
	texts := []string{folded(f.Message)}
	if len(f.Chain) > 0 {
		texts = nil
	}
	for _, c := range slices.Backward(f.Chain) {
		texts = append(texts, folded(c.Type, c.Reason))
	}
	for _, text := range append(texts, fold(f)) {
		if i := slices.IndexFunc(rules, func(r rule) bool { return r.matches(text) }); i >= 0 {
			return i
		}
	}
	return -1
}

// words are the innermost ones: the outermost type is only the symptom.
func words(f *failure.Failure) string {
	if f.Message != "" {
		return f.Message
	}
	return f.Error()
}

// fold joins everything an error says into one text to match on.
func fold(f *failure.Failure) string {
	parts := []string{f.Code, f.Message, string(f.Body)}
	for _, c := range f.Chain {
		parts = append(parts, c.Type, c.Reason)
	}
	return folded(parts...)
}

// folded is text to match on: line breaks out, small letters.
func folded(parts ...string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.Join(parts, " ")), " "))
}

// byKind is the layer of what no rule names, as far as its kind tells.
func byKind(f *failure.Failure) string {
	switch f.Kind {
	case failure.Unreachable, failure.Timeout:
		return layerNetwork
	case failure.TLS:
		return layerTLS
	case failure.Signature:
		return layerSignature
	case failure.Expired, failure.Credentials:
		return layerCreds
	case failure.Invalid:
		return layerClient
	}
	if f.Kind == failure.Denied && f.Front == failure.FrontEngine {
		return layerFGAC
	}
	if f.Kind == failure.Denied && f.Front == failure.FrontAWS {
		return layerIAM
	}
	return layerService
}
