package offer

import (
	"context"
	"errors"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/facts"
	"snapferry/ui/ask"
)

// control are the looks that ask AWS itself and no domain, by the service they ask.
var control = map[ask.What]string{ask.Identity: "STS", ask.Domains: "OpenSearch Service", ask.Buckets: "S3", ask.Bucket: "S3", ask.Crypto: "S3"}

// unreached says of a look that AWS itself cannot be reached, and how to go on all the
// same; nil where that is not it. What diagnose says of a network is said of a
// domain's, which may have a tunnel.
func unreached(region awsid.Region, r ask.Request, err error) *steps.Error {
	service := control[r.What]
	if service == "" {
		return nil
	}
	words := steps.T("nothing came back within %d s", int(within.Seconds()))
	if !errors.Is(err, context.DeadlineExceeded) {
		d := diagnose.Error(err)
		if last := innermost(err); d.Layer != network && strings.Contains(err.Error(), "operation error STS") { // of a role on the way
			d = diagnose.Error(last)
		}
		if d.Layer != network {
			return nil
		}
		words = d.Summary
	}
	at := steps.T("%s", service)
	if region != "" {
		at = steps.T("%s in %s", service, string(region))
	}
	fix := goOn(r)
	switch {
	case strings.Contains(err.Error(), "proxyconnect"):
		fix = steps.T("See whether the proxy of HTTPS_PROXY is right; or %s", fix)
	case region != "" && !region.Known(): // which is then the likelier cause
		return &steps.Error{
			Summary: steps.T("Nobody answers for AWS in %s, and no region of that name is known here (%s): %s", string(region), service, words),
			Fix:     steps.T("Go back to the region (shift+tab, < in line prompts) and correct it: near it are %s. If AWS has made it since, %s", ask.Near(region), fix), Cause: err,
		}
	}
	return &steps.Error{Summary: steps.T("AWS cannot be reached from here (%s): %s", at, words), Fix: fix, Cause: err}
}

// network is the layer of what nobody answered, as diagnose names it.
const network = "network"

// innermost is what an error was made of first.
func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}

// goOn is how a question is answered without AWS.
func goOn(r ask.Request) steps.Text {
	switch {
	case r.What == ask.Identity && r.Slot == string(facts.Control):
		return steps.T("go on and type the account's id; or answer \"Nobody here\" for these credentials: then the domain alone is asked, by its endpoint")
	case r.What == ask.Domains:
		return steps.T("go on and type the domain's endpoint; with \"Nobody here\" for the credentials of this account it alone is asked")
	case r.What == ask.Buckets:
		return steps.T("go on and type the name; somebody who reaches AWS makes or shares the bucket")
	}
	return steps.T("go on: the checks look at it again, and say what of it is known")
}
