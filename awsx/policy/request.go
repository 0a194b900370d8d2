package policy

import "snapferry/awsx/text"

// Verdict is what a decision comes to.
type Verdict string

// The verdicts. Implicit means that nothing allowed and nothing denied.
const (
	Allow    Verdict = "allow"
	Deny     Verdict = "deny"
	Implicit Verdict = "implicit-deny"
	Unknown  Verdict = "unknown"
)

// Layer names the kind of document that decided.
type Layer string

// The layers, named as AWS names them in its refusals.
const (
	LayerIdentity Layer = "identity-based policy"
	LayerResource Layer = "resource-based policy"
	LayerBoundary Layer = "permissions boundary"
	LayerSession  Layer = "session policy"
	LayerTrust    Layer = "role trust policy"
)

// Who is the principal of a request as policies name it.
type Who struct {
	// Account is the principal's account, "" for anonymous and services.
	Account string
	// ARN is the user or role ARN (with path), "" where it is not known; Session
	// the sts assumed-role ARN of a role session, "" for users. A session's ARN
	// in ARN alone is taken as a Session.
	ARN     string
	Session string
	// UniqueID is AROA… or AIDA…, which a stored policy shows in place of a
	// principal that was deleted and made again. A role's may carry its session
	// name after a colon, as STS reports it.
	UniqueID string
	// Service is the principal of an AWS service, e.g. es.amazonaws.com.
	Service string
	// Anonymous is an unsigned caller.
	Anonymous bool
}

// Request is one thing somebody wants to do.
type Request struct {
	Who      Who
	Action   string
	Resource string
	// ResourceAccount owns the resource, "" when unknown; it is then taken from
	// the ARN where that names one.
	ResourceAccount string
	// Context holds condition keys in any letter case; a key that is absent is
	// known to be absent, one listed in ContextUnknown could not be learned.
	// Keys that follow from Who and the resource (aws:PrincipalArn,
	// aws:PrincipalAccount, aws:userid, aws:username, aws:ResourceAccount, …)
	// need not be given; nor aws:ViaAWSService where the caller calls by itself. Keys that AWS sets by itself (time, address, transport,
	// user agent, region, organisation, tags of caller and resource, what comes
	// with a session) are unknown, not absent, unless given.
	Context map[string][]string
	// ContextUnknown may hold wildcards: "*" says that every key not given is
	// unknown, "aws:PrincipalTag/*" that the caller's tags are.
	ContextUnknown []string
	// Complete says that Context holds all there is: a service that decides about
	// a request made to it knows what it set, and what is not there is absent.
	Complete bool
}

// Decision is a verdict with its reasons.
type Decision struct {
	Verdict Verdict
	// Layer is where the decision fell: the denying or allowing layer, for
	// Implicit the layer that would have had to allow, for Unknown the first one
	// that could not be told.
	Layer Layer
	// Sid and Index name the deciding statement; Index is -1 where none did. Doc
	// counts the documents of the layer.
	Sid        string
	Doc, Index int
	// Lacking lists, for Implicit, all layers that would have had to allow and do
	// not, Layer first: across accounts there may be several.
	Lacking []Layer
	// Why lists, per statement looked at, what kept it from matching, in order;
	// and what could not be looked at.
	Why []Reason
}

// Reason is why one statement did not apply (or did), or, with Index -1, why a
// layer as a whole cannot be judged.
type Reason struct {
	Layer      Layer
	Sid        string
	Doc, Index int
	Effect     Effect
	// Matched says that it applies; Unsure that it cannot be told. Both false
	// is a certain no.
	Matched, Unsure bool
	// Element and Detail are those of the miss that decided: the first certain
	// no, else the first in doubt.
	Element Element
	Detail  text.Text
	// All are the elements that do not match or are in doubt, in the order of the
	// constants.
	All []Miss
	// Misses counts the elements that are a certain no, one of an altogether
	// other service twice: a statement with one miss nearly applied.
	Misses int
}

// Element is a part of a statement, or what else kept from judging.
type Element string

// The elements, in the order they are looked at.
const (
	ElementPrincipal Element = "Principal"
	ElementAction    Element = "Action"
	ElementResource  Element = "Resource"
	ElementCondition Element = "Condition"
	// ElementStatement is an element that is not known here.
	ElementStatement Element = "Statement"
	// ElementDocument is a layer whose documents could not be read.
	ElementDocument Element = "Document"
	// ElementOwner is a resource of which nobody told whose it is.
	ElementOwner Element = "Owner"
)

// Miss is one element that does not match.
type Miss struct {
	Element Element
	// Unsure says that it cannot be told; else it is a certain no.
	Unsure bool
	// Want is what the element would have to hold: the caller, the action, the
	// resource, or for a condition its key.
	Want string
	// Detail is the values compared, in plain words.
	Detail text.Text
}

// Allowed is true for Allow alone.
func (d Decision) Allowed() bool { return d.Verdict == Allow }
