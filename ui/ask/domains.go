package ask

import (
	"snapferry/steps"
	"snapferry/steps/spec"
)

func (w *walk) domains() {
	w.page("domains", steps.T("Domains"), steps.T("The OpenSearch or Elasticsearch domain to move from, and the one to move to, which has to be there already."))
	w.domain(steps.Source)
	w.domain(steps.Target)
	open := w.opened("domains.more", steps.T("More to set: roles, unsigned calls"), steps.T("the snapshot role's name, path, boundary and tags, and domains without IAM"))
	w.rare(open, w.auth(steps.Source))
	w.rare(open && w.shape() != spec.ShapeSameDomain, w.auth(steps.Target))
	w.snapshotRole(open, steps.Source)
	// Inside one account one role serves both domains.
	w.snapshotRole(open && w.shape() == spec.ShapeTwoAccounts, steps.Target)
}

// domainWord stands for a side's domain in a command line.
func (w *walk) domainWord(side steps.Side) string {
	if name := w.draft.Get(Key(side) + ".domain"); name != "" {
		return steps.ShellWord(name)
	}
	return "NAME"
}

// domain asks for one domain by its name or else its endpoint, and who may edit
// its role mappings. Beside the originals the target is the source, so that
// nothing is asked of it.
func (w *walk) domain(side steps.Side) {
	k := Key(side)
	own := side == steps.Source || w.shape() != spec.ShapeSameDomain
	name := Question{
		Key: k + ".domain", Kind: Text, Example: "logs-prod", Needed: own && w.a.said[k+".endpoint"] == "", From: Request{Domains, side, slotControl}, Proof: Request{Domain, side, slotControl},
		Title: steps.T("%s domain", title(side)),
		Help: Help{
			What:  steps.T("The domain's name in its account. Where the AWS API cannot be reached its endpoint does as well."),
			Where: steps.T("In the console: OpenSearch Service, Domains."),
			CLI:   w.cli(side, "opensearch list-domain-names"),
		},
		Options: []Option{{"", steps.T("By its endpoint"), steps.Text{}}},
	}
	if w.a.said[name.Key] == "" { // there is nothing to ask about
		name.Proof = Request{}
	}
	blind := w.bastion() || w.nobody(side)
	w.rare(own && !blind, name)
	byHost := blind || w.a.Answered(name.Key) && w.a.said[name.Key] == ""
	if own && byHost || w.a.said[k+".endpoint"] != "" || w.a.said[k+".via"] != "" {
		w.endpoint(side)
	}
	if own || w.said(k+".mapper") {
		w.mapper(side)
	}
}

func title(side steps.Side) string {
	if side == steps.Target {
		return "Target"
	}
	return "Source"
}

func (w *walk) endpoint(side steps.Side) {
	k := Key(side)
	var proof Request
	if w.a.said[k+".endpoint"] != "" {
		proof = Request{Domain, side, slotSigner}
	}
	host := w.ask(Question{
		Key: k + ".endpoint", Kind: Text, From: Request{Hosts, side, slotSigner}, Proof: proof, Example: "search-logs-abc123.eu-west-1.es.amazonaws.com", Needed: w.a.said[k+".domain"] == "" || w.nobody(side),
		Title: steps.T("Endpoint of the %s domain", string(side)),
		Help: Help{
			What:  steps.T("The domain's real host name, also where a tunnel is used: TLS and the signature need it."),
			Where: steps.T("In the console: OpenSearch Service, the domain, Domain endpoint."),
			CLI:   w.cli(side, "opensearch describe-domain --domain-name "+w.domainWord(side)+" --query DomainStatus.Endpoints"),
		},
	})
	if host == "" && w.a.said[k+".via"] == "" {
		return
	}
	w.ask(Question{
		Key: k + ".via", Kind: Text, Example: "127.0.0.1:9443", Unsaid: "directly",
		Title: steps.T("Way to it, if it cannot be reached directly"),
		Help:  Help{What: steps.T("A tunnel's end on this host as host:port, or a proxy as socks5://host:port or http://host:port. The real name is used all the same.")},
	})
}

func (w *walk) mapper(side steps.Side) {
	same := append([]Option{{"", steps.T("The same identity"), steps.T("also right without fine-grained access control")}}, bases()...)
	w.identity(side, slotMapper, Question{
		From:    Request{Guard, side, slotMapper},
		Title:   steps.T("Who may edit role mappings on the %s domain", string(side)),
		Options: append(same, Option{basePassword, steps.T("An internal user of the domain"), steps.T("its master user, with a password")}),
		Help: Help{
			What:  steps.T("On a domain with fine-grained access control somebody has to map the signer to manage_snapshots: an IAM master, or an internal user with a password."),
			Where: steps.T("In the console: OpenSearch Service, the domain, Security configuration, Master user."),
			CLI:   w.cli(side, "opensearch describe-domain --domain-name "+w.domainWord(side)+" --query DomainStatus.AdvancedSecurityOptions"),
		},
	})
}

func (w *walk) auth(side steps.Side) Question {
	return Question{
		Key: Key(side) + ".auth", Kind: Choice, Title: steps.T("How calls to the %s domain prove who they are", string(side)), Unsaid: string(spec.AuthSigned),
		Help: Help{What: steps.T("Calls are signed with IAM credentials. Unsigned is for a domain that is open to its network and knows no IAM.")},
		Options: []Option{
			{string(spec.AuthSigned), steps.T("Signed"), steps.T("the usual way")},
			{string(spec.AuthUnsigned), steps.T("Unsigned"), steps.T("a domain without IAM")},
		},
	}
}

// snapshotRole asks how the role is to be that the service assumes. One that is
// there is taken as it is.
func (w *walk) snapshotRole(open bool, side steps.Side) {
	list := w.role(side)
	w.rare(open, list[0])
	w.rare(open && w.a.said[list[0].Key] == "", list[1:]...)
}

func (w *walk) role(side steps.Side) []Question {
	k := Key(side) + ".role"
	where := steps.T("In the console: IAM, Roles.")
	list := w.cli(side, "iam list-roles --query Roles[].Arn")
	return []Question{
		{
			Key: k + ".arn", Kind: Text, Example: "arn:aws:iam::111122223333:role/my-role", Title: steps.T("ARN of a snapshot role that is there (%s)", string(side)), Unsaid: "one is made",
			Help: Help{What: steps.T("The role the service assumes to reach the bucket, letter by letter as IAM spells it. Leave it out to have one made."), Where: where, CLI: list},
		},
		{
			Key: k + ".name", Kind: Text, Live: true, Example: "my-snapshot-role", Title: steps.T("Name of the snapshot role to make (%s)", string(side)),
			Help:   Help{What: steps.T("The name of the role the service assumes to reach the bucket. One is derived from the domain."), Where: where, CLI: list},
			derive: func(s *spec.Spec) string { return string(s.Side(side).Role.Name) },
		},
		{
			Key: k + ".path", Kind: Text, Live: true, Example: "/service/", Title: steps.T("Its path"), Unsaid: "/",
			Help: Help{What: steps.T("Some organisations let roles be made below one path only."), Where: where, CLI: list},
		},
		{
			Key: k + ".boundary", Kind: Text, Example: "arn:aws:iam::111122223333:policy/my-boundary", Title: steps.T("Its permissions boundary"), Unsaid: "none",
			Help: Help{What: steps.T("Some organisations let roles be made only with a boundary."), Where: steps.T("In the console: IAM, Policies, the policy, ARN."), CLI: w.cli(side, "iam list-policies --scope Local --query Policies[].Arn")},
		},
		{
			Key: k + tagsSuffix, Kind: List, Example: "team=search, stage=prod", Title: steps.T("Its tags"), Unsaid: "none but ours",
			Help: Help{What: steps.T("Tags the role must carry, as name=value, separated by commas.")},
		},
	}
}
