package ask

import (
	"strconv"

	"snapferry/steps"
)

// The bases that are named by an answer of their own, and the one that is typed in.
const (
	baseProfile  = "profile"
	basePassword = "password"
	baseKeys     = "keys"
	baseNone     = "none"
)

// The slots of a side.
const (
	slotControl = "control"
	slotSigner  = "signer"
	slotMapper  = "mapper"
)

// bases are the sources of credentials, in the order most people have them.
func bases() []Option {
	return []Option{
		{baseProfile, steps.T("A profile of your AWS config"), steps.Text{}},
		{"environment", steps.T("The environment of this shell"), steps.T("AWS_ACCESS_KEY_ID and friends")},
		{"instance", steps.T("The instance role of this host"), steps.T("EC2")},
		{"task", steps.T("The task or pod role of this host"), steps.T("ECS, EKS")},
		{baseKeys, steps.T("Keys you type in"), steps.T("kept in memory only")},
		{baseNone, steps.T("Nobody here"), steps.T("somebody else does this part")},
	}
}

// identity asks whose credentials fill a slot; base is the question that begins.
func (w *walk) identity(side steps.Side, slot string, base Question) {
	k := Key(side) + "." + Key(slot)
	base.Key, base.Kind = k+".base", Choice
	if base.From.IsZero() {
		base.From = Request{Bases, side, slot}
	}
	said := w.ask(base)
	switch said {
	case baseProfile:
		w.ask(Question{
			Key: k + ".profile", Kind: Text, Needed: true, From: Request{Profiles, side, slot}, Example: "acme-prod",
			Title: steps.T("Profile"),
			Help: Help{
				What: steps.T("A named set of credentials in ~/.aws/config or ~/.aws/credentials: keys, SSO, a process or a web identity."),
				CLI:  "aws configure list-profiles",
			},
		})
	case baseKeys:
		w.keys(k)
	case basePassword:
		w.password(side, k)
		return
	case baseNone:
		return
	}
	// A chain alone, as files may have it, starts where the side's control starts.
	if said != "" || w.said(k+".chain") || slot == slotControl {
		w.chain(side, slot, k+".chain")
	}
}

func (w *walk) keys(k Key) {
	where := steps.T("In the console: IAM, Users, the user, Security credentials. Temporary keys stand on the access portal of IAM Identity Center, behind the name of the account.")
	w.ask(Question{
		Key: k + ".keys.id", Kind: Secret, Memory: true, Beside: k + ".base", Needed: true, Example: "AKIAIOSFODNN7EXAMPLE",
		Title: steps.T("Access key id"),
		Help:  Help{What: steps.T("The name of a pair of access keys. It is kept in memory, goes into no file, and is gone when the program ends."), Where: where, CLI: "aws iam list-access-keys"},
	})
	w.ask(Question{
		Key: k + ".keys.secret", Kind: Secret, Memory: true, Beside: k + ".base", Needed: true,
		Title: steps.T("Secret access key"),
		Help:  Help{What: steps.T("The other half of the pair, shown by AWS only once when it is made. It is kept in memory, goes into no file, and is gone when the program ends."), Where: where},
	})
	w.ask(Question{
		Key: k + ".keys.token", Kind: Secret, Memory: true, Beside: k + ".base",
		Title: steps.T("Session token, if there is one"),
		Help:  Help{What: steps.T("Temporary keys, whose id begins with ASIA, come with a token; lasting ones have none. It is kept in memory and goes into no file."), Where: where, CLI: "aws sts get-session-token"},
	})
}

// password asks for an internal user of the domain. It is proven at once, as the
// domain was named before.
func (w *walk) password(side steps.Side, k Key) {
	w.ask(Question{
		Key: k + ".user", Kind: Text, Needed: true, Example: "admin",
		Title: steps.T("Internal user of the %s domain", string(side)),
		Help: Help{
			What:  steps.T("A user the domain keeps itself, mostly the master user it was made with."),
			Where: steps.T("In the console: OpenSearch Service, the domain, Security configuration, Master user. The console shows the name and never the password."),
			CLI:   w.cli(side, "opensearch describe-domain --domain-name "+w.domainWord(side)+" --query DomainStatus.AdvancedSecurityOptions"),
		},
	})
	w.ask(Question{
		Key: k + ".password", Kind: Secret, Memory: true, Beside: k + ".base", Needed: true, From: Request{Known, side, slotMapper}, Proof: Request{Login, side, slotMapper},
		Title: steps.T("Its password"),
		Help:  Help{What: steps.T("It is tried at once, kept in memory, and never stored. Without a person it comes from SNAPFERRY_%s_MAPPER_PASSWORD or a file descriptor.", upper(side))},
	})
}

// chain asks for the roles to assume on the way, one after the other until one is
// left blank. What a role asks for is asked after it.
func (w *walk) chain(side steps.Side, slot string, k Key) {
	for n := 1; ; n++ {
		at := k + Key("."+strconv.Itoa(n))
		// What a file says of a link without its role must not be lost unseen.
		rest := w.said(at) || w.said(k+Key("."+strconv.Itoa(n+1)))
		q := Question{
			Key: at + ".role", Kind: Text, Needed: rest && w.a.said[at+".role"] == "", Example: "arn:aws:iam::111122223333:role/my-role", Proof: Request{Identity, side, slot},
			Title: steps.T("Role to assume with it, if any"), Unsaid: "none",
			Help: Help{
				What:  steps.T("The role you switch to from these credentials, as with a jump account. A profile that assumes a role by itself needs none here."),
				Where: steps.T("In the console: IAM, Roles, the role, ARN."),
				CLI:   w.cli(side, "iam list-roles --query Roles[].Arn"),
			},
		}
		if n > 1 {
			q.Title = steps.T("Role to assume from there, if any")
		}
		// Before the last role it is nobody yet, and where the account is asked next
		// that tells who it is.
		if w.a.said[at+".role"] != "" || slot == slotControl && w.numbered(side) {
			q.Proof = Request{}
		}
		if w.ask(q) == "" && !rest {
			return
		}
		w.ask(Question{
			Key: at + ".external_id", Kind: Text, Title: steps.T("External id, if its trust asks for one"), Unsaid: "none",
			Help: Help{What: steps.T("A word the role's owner agreed on with you."), Where: steps.T("In the console: IAM, Roles, the role, Trust relationships, sts:ExternalId."), CLI: w.cli(side, "iam get-role --role-name NAME")},
		})
		w.ask(Question{
			Key: at + ".mfa_serial", Kind: Text, Title: steps.T("MFA device, if its trust asks for one"), Unsaid: "none", Example: "arn:aws:iam::111122223333:mfa/me",
			Help: Help{What: steps.T("The ARN or serial of the device whose code is asked for when the role is assumed."), Where: steps.T("In the console: IAM, Users, you, Security credentials, Multi-factor authentication."), CLI: w.cli(side, "iam list-mfa-devices")},
		})
		w.ask(Question{
			Key: at + ".session_name", Kind: Text, Title: steps.T("Name of the session"), Unsaid: "chosen by the program", Example: "migration",
			Help: Help{What: steps.T("The name the session goes by in CloudTrail. Some trust policies demand your user name here.")},
		})
	}
}
