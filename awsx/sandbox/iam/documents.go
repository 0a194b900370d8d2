package iam

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/world"
)

// document checks an identity policy before it is kept as it was sent. IAM
// checks grammar only: an action or resource that does not exist is taken, which
// is why a slip in a policy shows when it is used and not when it is saved.
func document(text string) error {
	_, err := checked(text, policy.KindIdentity)
	return err
}

// trust checks a trust policy and binds its principals. It may name only
// principals that exist, so roles that trust each other are made one after the
// other.
func trust(st *world.State, text string) (string, error) {
	doc, err := checked(text, policy.KindTrust)
	if err != nil {
		return "", err
	}
	for _, s := range doc.Statements {
		for _, service := range s.Principal["Service"] {
			// Which services there are is not known here; what none can be called is.
			if !strings.HasSuffix(service, ".amazonaws.com") {
				return "", malformed(`Invalid principal in policy: "SERVICE":"` + service + `"`)
			}
		}
	}
	bound, err := st.Bind(text)
	var unknown *world.PrincipalError
	if errors.As(err, &unknown) {
		return "", malformed(fmt.Sprintf(`Invalid principal in policy: "AWS":"%s"`, unknown.Principal))
	}
	if err != nil {
		return "", malformed(err.Error())
	}
	return bound, nil
}

// checked reads a document as IAM does on saving. Where IAM's own sentence for a
// fault is not known, ours explains it.
func checked(text string, kind policy.Kind) (policy.Document, error) {
	doc, err := policy.Parse([]byte(text))
	if err != nil || len(doc.Statements) == 0 {
		return doc, malformed("Syntax errors in policy.")
	}
	words := identityWords
	if kind == policy.KindTrust {
		words = trustWords
	}
	seen := map[string]bool{}
	for _, s := range doc.Statements {
		said := words(s)
		switch {
		case said != "":
		case s.Sid != "" && seen[s.Sid]:
			said = "Statement IDs (SID) in a single policy must be unique."
		case !plainSid.MatchString(s.Sid):
			said = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
		}
		if said != "" {
			return doc, malformed(said)
		}
		seen[s.Sid] = true
	}
	if err := doc.Validate(kind); err != nil {
		return doc, malformed(err.Error())
	}
	return doc, nil
}

var plainSid = regexp.MustCompile(`^[0-9A-Za-z]*$`)

// identityWords is what IAM says of a statement of an identity policy, "" of one
// that it takes.
func identityWords(s policy.Statement) string {
	actions, resources := append(slices.Clone(s.Action), s.NotAction...), append(slices.Clone(s.Resource), s.NotResource...)
	switch {
	case s.Principal != nil || s.NotPrincipal != nil:
		return "Policy document should not specify a principal."
	case len(actions) == 0:
		return "Policy statement must contain actions."
	case len(resources) == 0:
		return "Policy statement must contain resources."
	}
	for _, a := range actions {
		if a != "*" && !strings.Contains(a, ":") {
			return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
		}
	}
	for _, r := range resources {
		if r != "*" && !strings.HasPrefix(r, "arn:") {
			return `Resource ` + r + ` must be in ARN format or "*".`
		}
	}
	return ""
}

// trustWords is the same for a trust policy.
func trustWords(s policy.Statement) string {
	switch {
	case s.Resource != nil || s.NotResource != nil:
		return "Has prohibited field Resource"
	case s.Principal == nil && s.NotPrincipal == nil:
		return "Missing required field Principal"
	}
	for _, a := range append(slices.Clone(s.Action), s.NotAction...) {
		if a != "*" && !strings.HasPrefix(strings.ToLower(a), "sts:") {
			return "AssumeRole policy may only specify STS AssumeRole actions."
		}
	}
	return ""
}
