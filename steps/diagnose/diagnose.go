// Package diagnose turns an error into what a person needs: the layer that
// refused, the causes ranked by likelihood, how to confirm each, and the way out.
//
// It works on text and values alone, offline. It does not know how the error was
// met, and it never says it knows a cause that no rule names.
package diagnose

import (
	"errors"
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
	text := fold(f)
	for _, r := range rules {
		if r.matches(text) {
			d.Layer, d.Refused = r.layer, r.refused
			d.Causes = append(d.Causes, r.causes...)
			return d
		}
	}
	if general, ok := general[f.Kind]; ok {
		d.Causes = []steps.Cause{general}
		return d
	}
	d.Unknown = true
	return d
}

// words are the innermost ones: the outermost type is only the symptom.
func words(f *failure.Failure) string {
	if f.Message != "" {
		return f.Message
	}
	return f.Error()
}

// fold joins everything an error says into one text to match on: line breaks
// out, small letters, all causes of the chain.
func fold(f *failure.Failure) string {
	parts := []string{f.Code, f.Message, string(f.Body)}
	for _, c := range f.Chain {
		parts = append(parts, c.Type, c.Reason)
	}
	return strings.ToLower(strings.Join(strings.Fields(strings.Join(parts, " ")), " "))
}

// byKind is the layer of what no rule names.
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
