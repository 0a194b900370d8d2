package policy

import (
	"slices"
	"strconv"
	"strings"
)

// asked is a request made ready for matching: condition keys in small letters,
// with those that follow from the caller and the resource filled in.
type asked struct {
	Request
	keys    map[string][]string
	unknown []glob
	// variables says that the document at hand is of a version that has them.
	variables bool
	// bounded says that the caller has a permissions boundary.
	bounded bool
}

// Keys that AWS sets without being asked, or that hang on what one request does
// not show (organisations, tags). Where nobody told their value it is unknown,
// not absent: a TLS-only, an address or an organisation condition must not pass
// because somebody forgot to say.
var (
	alwaysThere = []string{
		"aws:currenttime", "aws:epochtime", "aws:securetransport", "aws:sourceip", "aws:useragent", "aws:requestedregion",
		"aws:resourceorgid", "aws:resourceorgpaths", "aws:resourcetag/*",
	}
	// ofPrincipals come with every user, role and session.
	ofPrincipals = []string{"aws:principalorgid", "aws:principalorgpaths", "aws:principaltag/*"}
	// ofSessions come with temporary credentials.
	ofSessions = []string{"aws:tokenissuetime", "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:sourceidentity", "aws:federatedprovider"}
	// ofServices come with calls that AWS services make.
	ofServices = []string{"aws:sourceorgid", "aws:sourceorgpaths", "aws:principalservicenameslist", viaService}
	// byService are the keys of one service's own requests.
	byService = map[string][]string{
		"s3":  {"s3:authtype", "s3:signatureversion", "s3:signatureage", "s3:tlsversion", "s3:existingobjecttag/*", "s3:buckettag/*"},
		"kms": {"kms:resourcealiases"},
		"iam": {"iam:resourcetag/*"},
	}
)

// OfNetwork are the keys of a request that comes through a VPC endpoint and of no other.
// Which way a caller's own requests take is not known to who judges them; the service's
// come from its own network (IAM User Guide, properties of the network).
var OfNetwork = []string{"aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp", "aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"}

// viaService says that a service passes a caller's request on with the caller's
// rights (forward access sessions). It is in every request (IAM User Guide).
const viaService = "aws:viaawsservice"

func newAsked(r Request) *asked {
	a := &asked{Request: r, keys: map[string][]string{}}
	if w := &a.Who; w.Session == "" && strings.Contains(w.ARN, ":assumed-role/") {
		// All that STS tells of a session; the role's own ARN is not known then.
		w.ARN, w.Session = "", w.ARN
	}
	if a.ResourceAccount == "" {
		if parts := strings.SplitN(r.Resource, ":", 6); len(parts) == 6 && isAccount(parts[4]) {
			a.ResourceAccount = parts[4]
		}
	}
	for key, values := range r.Context {
		if len(values) > 0 {
			a.keys[strings.ToLower(key)] = values
		}
	}
	for _, key := range r.ContextUnknown {
		a.notKnown(key)
	}
	a.derive()
	if !r.Complete {
		a.notTold()
	}
	return a
}

// notTold puts down what must be in the request, or may be, and was not given.
func (a *asked) notTold() {
	service, _, _ := strings.Cut(strings.ToLower(a.Action), ":")
	lists := [][]string{alwaysThere, byService[service]}
	switch {
	case a.Who.Service != "":
		lists = append(lists, ofServices)
	case a.Who.Anonymous:
	case a.Who.isRole():
		lists = append(lists, ofPrincipals, ofSessions)
	default:
		lists = append(lists, ofPrincipals)
	}
	for _, key := range slices.Concat(lists...) {
		a.notKnown(key)
	}
}

func (a *asked) notKnown(key string) {
	g, _ := (&asked{}).compile(strings.ToLower(key), true)
	a.unknown = append(a.unknown, g)
}

// lookup gives the values of a condition key and whether it is in the request.
func (a *asked) lookup(key string) ([]string, truth) {
	key = strings.ToLower(key)
	if values, ok := a.keys[key]; ok {
		return values, yes
	}
	for _, u := range a.unknown {
		if u.match(key) {
			return nil, unsure
		}
	}
	return nil, no
}

// derive fills in the global keys that Who and the resource determine (IAM User
// Guide, "Principal key values"), unless the caller of the evaluator gave them.
func (a *asked) derive() {
	w := a.Who
	set := func(key, value string, known bool) {
		_, given := a.keys[key]
		switch {
		case given:
		case !known:
			a.notKnown(key)
		case value != "":
			a.keys[key] = []string{value}
		}
	}
	set("aws:resourceaccount", a.ResourceAccount, a.ResourceAccount != "")
	set("s3:resourceaccount", a.ResourceAccount, a.ResourceAccount != "")
	set("aws:principalisawsservice", strconv.FormatBool(w.Service != ""), true)
	set("aws:principaltype", w.kind(), true)
	if _, told := a.lookup(viaService); w.Service == "" && told == no {
		set(viaService, "false", true)
	}
	if w.Service != "" || w.Anonymous {
		set("aws:principalservicename", w.Service, true)
		return
	}
	set("aws:principalarn", w.ARN, w.ARN != "")
	set("aws:principalaccount", w.Account, w.Account != "")
	set("kms:calleraccount", w.Account, w.Account != "")
	set("aws:username", w.userName(), w.ARN != "" || w.isRole())
	set("aws:userid", w.userID(), w.UniqueID != "")
}

// kind is the value of aws:PrincipalType.
func (w Who) kind() string {
	switch {
	case w.Anonymous:
		return "Anonymous"
	case w.Service != "":
		return ""
	case w.isRole():
		return "AssumedRole"
	case w.isRoot():
		return "Account"
	}
	return "User"
}

func (w Who) isRole() bool { return w.Session != "" || strings.Contains(w.ARN, ":role/") }
func (w Who) isRoot() bool { return strings.HasSuffix(w.ARN, ":root") }

// userName is the friendly name of a user; roles and the root user have none.
func (w Who) userName() string {
	if w.isRole() || w.isRoot() {
		return ""
	}
	return w.ARN[strings.LastIndexByte(w.ARN, '/')+1:]
}

// userID is the unique id, for a session with the session's name.
func (w Who) userID() string {
	if w.Session == "" || strings.Contains(w.UniqueID, ":") {
		return w.UniqueID
	}
	return w.UniqueID + ":" + w.Session[strings.LastIndexByte(w.Session, '/')+1:]
}
