package spec

import (
	"strconv"
	"strings"
)

// Key names one answer by its place in the answers file: "target.account",
// "source.control.chain.1.role", "source.role.tags.team". Links of a chain count
// from 1; what follows "tags." is the tag's key as it is.
type Key string

// Form is how an answer is written in the answers file.
type Form string

// The forms. The raw text of a list separates its items by commas.
const (
	Group  Form = "group"
	Scalar Form = "value"
	List   Form = "list"
	Chain  Form = "chain"
	Tags   Form = "tags"
)

// Question is one node of the tree of answers, in the order of the file. Help is
// the comment the file gives it; it is English because the file is.
type Question struct {
	Name   string
	Form   Form
	Help   string
	Fields []Question
}

// bases are where the credentials of an identity can come from.
const bases = "profile, environment, instance, task, keys (typed in, never stored) or none (somebody else does this part)"

// identityFields are asked for control and signer alike.
var identityFields = []Question{
	{Name: "base", Form: Scalar, Help: bases},
	{Name: "profile", Form: Scalar, Help: "a profile of the shared AWS config"},
	chainField,
}

// mapperFields are those of an identity, and those of a domain's internal user.
var mapperFields = []Question{
	{Name: "base", Form: Scalar, Help: bases + "; password for an internal user of the domain"},
	{Name: "profile", Form: Scalar, Help: "a profile of the shared AWS config"},
	{Name: "user", Form: Scalar, Help: "the internal user's name; the password is asked for, or taken from SNAPFERRY_SOURCE_MAPPER_PASSWORD or SNAPFERRY_TARGET_MAPPER_PASSWORD, and never stored"},
	chainField,
}

var chainField = Question{
	Name: "chain", Form: Chain, Help: "roles to assume on the way, in order", Fields: []Question{
		{Name: "role", Form: Scalar, Help: "the ARN of the role to assume"},
		{Name: "external_id", Form: Scalar, Help: "the external id its trust asks for"},
		{Name: "session_name", Form: Scalar, Help: "the name the session goes by in logs"},
		{Name: "mfa_serial", Form: Scalar, Help: "ARN or serial of the MFA device; its code is asked for"},
	},
}

// sideFields are asked for source and target alike.
var sideFields = []Question{
	{Name: "account", Form: Scalar, Help: "the 12 digits"},
	{Name: "region", Form: Scalar, Help: "the domain's region; the target's is the source's unless said"},
	{Name: "domain", Form: Scalar, Help: "the domain's name; not needed where the endpoint is given"},
	{Name: "endpoint", Form: Scalar, Help: "the domain's real host name, where it cannot be looked up"},
	{Name: "via", Form: Scalar, Help: "the way to the endpoint: 127.0.0.1:9443 (a tunnel), socks5://host:port or http://host:port"},
	{Name: "auth", Form: Scalar, Help: "signed, or unsigned for a domain without IAM; signed unless said"},
	{Name: "control", Form: Group, Help: "who calls the AWS APIs", Fields: identityFields},
	{Name: "signer", Form: Group, Help: "who signs the calls to the domain, if somebody else", Fields: identityFields},
	{Name: "mapper", Form: Group, Help: "who may edit role mappings, if somebody else", Fields: mapperFields},
	{Name: "role", Form: Group, Help: "the snapshot role the service assumes: made by name, or adopted by ARN", Fields: []Question{
		{Name: "name", Form: Scalar, Help: "the name of the role to make; snapferry-DOMAIN-snapshot unless said. A role of that name that is there gets what it lacks, by a merge that the plan shows"},
		{Name: "path", Form: Scalar, Help: "its path, such as /service/"},
		{Name: "arn", Form: Scalar, Help: "the ARN of a role that is there, letter by letter as IAM spells it; nothing in it is changed"},
		{Name: "boundary", Form: Scalar, Help: "ARN of the permissions boundary it must carry"},
		{Name: "tags", Form: Tags, Help: "tags it must carry, by name"},
	}},
}

// questions is the whole tree. Its order is the order of the file and of the
// messages about it.
var questions = []Question{
	{Name: "shape", Form: Scalar, Help: "two-accounts (known by the accounts), same-account, or same-domain for a restore beside the originals"},
	{Name: "source", Form: Group, Help: "Where the indices are.", Fields: sideFields},
	{Name: "target", Form: Group, Help: "Where they go.", Fields: sideFields},
	{Name: "bucket", Form: Group, Help: "The bucket the snapshot goes through.", Fields: []Question{
		{Name: "name", Form: Scalar, Help: "its name; made if nobody has it, adopted if it is yours"},
		{Name: "owner", Form: Scalar, Help: "source or target: whose account owns it; the source's unless said"},
		{Name: "region", Form: Scalar, Help: "the source's unless said; the engine wants the domain's own"},
		{Name: "base_path", Form: Scalar, Help: "the repository's folder; / is the bucket's root; snapferry/ and the source domain's name unless said"},
		{Name: "kms_key", Form: Scalar, Help: "full ARN of the customer key of its default encryption"},
	}},
	{Name: "move", Form: Group, Help: "What moves, and under which names.", Fields: []Question{
		{Name: "indices", Form: List, Help: "names and patterns, in order; a leading hyphen takes out again; all indices unless said"},
		{Name: "rename_pattern", Form: Scalar, Help: "a regular expression over index names"},
		{Name: "rename_replacement", Form: Scalar, Help: "what takes its place; $1 is the first group"},
		{Name: "replicas", Form: Scalar, Help: "copies beside the first on the target; left out, each index keeps what it had, as far as there are nodes for it"},
		{Name: "aliases", Form: Scalar, Help: "keep, or leave to bring indices back without their aliases"},
		{Name: "snapshot", Form: Scalar, Help: "the snapshot's name; snapferry and the day unless said"},
		{Name: "repository", Form: Scalar, Help: "the repository's name on the domains; snapferry unless said"},
		{Name: "proof", Form: Scalar, Help: "how documents are compared by content: sample, all, or counts for not at all; sample unless said"},
		{Name: "overwrite", Form: List, Help: "indices of the target that may be deleted and replaced, by their full names"},
	}},
}

// Questions is the tree of answers, in the order of the file.
func Questions() []Question { return questions }

// maxLinks bounds a chain of roles far above what anybody has.
const maxLinks = 99

// find gives the question a key answers. The keys of groups, chains and tags
// themselves answer nothing.
func find(key Key) (Question, bool) {
	fields := questions
	rest := string(key)
	for {
		name, more, nested := strings.Cut(rest, ".")
		q, ok := child(fields, name)
		if !ok {
			return Question{}, false
		}
		switch {
		case q.Form == Tags:
			return q, nested && more != ""
		case q.Form == Chain:
			number, field, _ := strings.Cut(more, ".")
			if n, err := strconv.Atoi(number); err != nil || n < 1 || n > maxLinks || strconv.Itoa(n) != number {
				return Question{}, false
			}
			rest, fields = field, q.Fields
		case q.Form == Group:
			rest, fields = more, q.Fields
		default:
			return q, !nested
		}
	}
}

// child finds a question among its siblings by name.
func child(fields []Question, name string) (Question, bool) {
	for _, q := range fields {
		if q.Name == name {
			return q, true
		}
	}
	return Question{}, false
}

// join is the key of a name below another key; "" is the top.
func join(parent Key, name string) Key {
	if parent == "" {
		return Key(name)
	}
	return parent + "." + Key(name)
}
