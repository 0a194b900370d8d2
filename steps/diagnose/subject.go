package diagnose

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// Subject is what an error speaks of, as far as its words tell; "" where they do
// not. It says whoever looks at the world what to look at, and fills the
// commands of fixes. Values hold only characters that AWS or the engine permits
// in them, so that they may stand on a command line between single quotes.
type Subject struct {
	// Caller is who was refused: an ARN, anonymous, or as the engine knows it.
	Caller string
	// Account is the customer's: that of the role, else of the caller.
	Account string
	// Role is the ARN of the snapshot role as the registration spelt it.
	Role string
	Key  string
	// Resource is what of S3 the call was about.
	Resource string
	// Region is where the bucket is or the service works.
	Region string
	// Action is the refused one of IAM, Permission that of the engine, without
	// its brackets: "" for empty ones, too.
	Action, Permission string
	// SecurityRoles are the roles the security plugin found for the caller; nil
	// where it does not say.
	SecurityRoles []string
	Repository    string
	Snapshot      string
	Index         string
}

const arn = `arn:aws[a-z-]*:`

var (
	ofCaller     = regexp.MustCompile(`User: (` + arn + `[\w+=,.@:/-]+|anonymous)`)
	ofUser       = regexp.MustCompile(`(?:User \[name=|REST API: User )([\w+=.@:/-]+)`)
	ofAction     = regexp.MustCompile(`to perform: ([a-z0-9-]+:\w+)`)
	ofRole       = regexp.MustCompile(arn + `iam::\d{12}:role/[\w+=,.@/-]+`)
	ofResource   = regexp.MustCompile(`on resource: "?(` + arn + `s3:::[\w.*/-]+)`)
	ofKey        = regexp.MustCompile(arn + `kms:[a-z0-9-]+:\d{12}:(?:key|alias)/[\w/-]+`)
	ofService    = regexp.MustCompile(`assumed-role/cp-sts-grant-role/swift-([a-z0-9-]+)-[a-z]+-(\d{12})\b`)
	ofBucket     = regexp.MustCompile(`(?i)bucket is in this region: ([a-z0-9-]+)`)
	ofPermission = regexp.MustCompile(`no permissions for \[([\w:*/, -]*)\]`)
	ofRoles      = regexp.MustCompile(`with Security roles \[([\w*., -]*)\]`)
	ofRepository = regexp.MustCompile(`\[([\w.-]+)(?::([\w.-]+))?(?:/[\w-]+)?\] (?:path \[|missing|is missing|snapshot does not exist|cannot |Invalid snapshot|the snapshot |a snapshot |Indices don|failed to)`)
	ofIndex      = regexp.MustCompile(`(?:no such index|cannot restore index|create index) \[([\w.-]+)\]`)
)

// Of reads the subject out of an error's words.
func Of(words string) Subject {
	words = strings.Join(strings.Fields(words), " ")
	first := func(re *regexp.Regexp) string {
		if m := re.FindStringSubmatch(words); m != nil {
			return m[len(m)-1]
		}
		return ""
	}
	s := Subject{
		Caller: first(ofCaller), Action: first(ofAction), Permission: first(ofPermission),
		Role: strings.TrimRight(ofRole.FindString(after(words, "on resource: ")), ",."), Key: ofKey.FindString(words),
		Region: first(ofBucket), Index: first(ofIndex), Resource: first(ofResource),
	}
	if m := ofRoles.FindStringSubmatch(words); m != nil {
		s.SecurityRoles = split(m[1])
	}
	if name := first(ofUser); s.Caller == "" {
		s.Caller = name
	}
	if m := ofService.FindStringSubmatch(words); m != nil {
		s.Region, s.Account = m[1], m[2]
	}
	s.Account = cmp.Or(s.Account, account(s.Role), account(s.Caller))
	if m := ofRepository.FindStringSubmatch(words); m != nil {
		s.Repository, s.Snapshot = m[1], m[2]
	}
	return s
}

// of is the subject of a failure, all of whose links may tell something.
func of(f *failure.Failure) Subject {
	parts := []string{f.Message}
	for _, c := range f.Chain {
		parts = append(parts, c.Reason)
	}
	return Of(strings.Join(append(parts, string(f.Body)), " ; "))
}

// filled puts the subject into the causes' commands, diffs and words.
func (s Subject) filled(causes []steps.Cause) []steps.Cause {
	out := slices.Clone(causes)
	for i, c := range out {
		out[i].Command, out[i].Diff = s.fill(c.Command), s.fill(c.Diff)
		out[i].Summary.Args = slices.Clone(c.Summary.Args)
		for j, arg := range c.Summary.Args {
			if token, ok := arg.(string); ok {
				out[i].Summary.Args[j] = s.fill(token)
			}
		}
	}
	return out
}

// signs are causes that the error's own words speak for; they come first.
var signs = map[string]func(Subject) bool{
	"pass-role-foreign": func(s Subject) bool {
		return s.Role != "" && account(s.Caller) != "" && account(s.Caller) != account(s.Role)
	},
	"mapped-otherwise": func(s Subject) bool { return strings.Contains(s.Caller, ":assumed-role/") },
	"not-the-master":   func(s Subject) bool { return s.SecurityRoles != nil && len(s.SecurityRoles) == 0 },
	"caller-lacks":     Subject.byPerson,
	"key-elsewhere":    func(s Subject) bool { return strings.Contains(s.Key, ":alias/") },
}

// ofSnapshotRole are causes that only a call of the snapshot role can have, and
// roleActions what that role calls S3 for.
var (
	ofSnapshotRole = []string{"role-s3-rights", "bucket-policy-missing", "not-readonly", "role-recreated", "key-disguised"}
	roleActions    = []string{"s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"}
)

// byPerson says that no service made a call to S3: a user is no role, and the
// service makes neither buckets nor policies.
func (s Subject) byPerson() bool {
	return strings.HasPrefix(s.Action, "s3:") && (strings.Contains(s.Caller, ":user/") || !slices.Contains(roleActions, s.Action))
}

// told ranks causes by what the error's words speak for, and leaves out what they
// speak against, unless that is all there is.
func (s Subject) told(causes []steps.Cause) []steps.Cause {
	if s.byPerson() {
		others := slices.DeleteFunc(slices.Clone(causes), func(c steps.Cause) bool { return slices.Contains(ofSnapshotRole, c.ID) })
		if len(others) > 0 {
			causes = others
		}
	}
	rank := func(c steps.Cause) int {
		if sign := signs[c.ID]; sign != nil && sign(s) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(causes, func(a, b steps.Cause) int { return rank(a) - rank(b) })
	return causes
}

// account is the number in an ARN.
func account(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 5 {
		return parts[4]
	}
	return ""
}

// after is what follows the first occurrence of mark.
func after(s, mark string) string {
	_, rest, _ := strings.Cut(s, mark)
	return rest
}

// split is never nil.
func split(list string) []string {
	return append([]string{}, strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })...)
}

// principal is the caller as policies name it: a session by its role, whose path
// it does not show.
func (s Subject) principal() string {
	before, rest, ok := strings.Cut(s.Caller, ":assumed-role/")
	if !ok {
		return s.Caller
	}
	name, _, _ := strings.Cut(rest, "/")
	return strings.Replace(before, ":sts:", ":iam:", 1) + ":role/" + name
}

// keyAction is what the key's policy has to allow beside decrypting, where something was
// to be written.
func (s Subject) keyAction() string {
	if strings.HasPrefix(s.Action, "kms:GenerateDataKey") || s.Action == "kms:Encrypt" {
		return "kms:GenerateDataKey"
	}
	return ""
}

// place gives what follows the kind in an ARN, "" without one.
func place(arn string) string {
	_, rest, _ := strings.Cut(arn, "/")
	return rest[strings.LastIndexByte(rest, '/')+1:]
}

// fill puts the subject into a command. What the error does not tell stands
// there as a word in capitals.
func (s Subject) fill(template string) string {
	kind, list := "role", "backend_roles"
	if strings.Contains(s.Caller, ":user/") {
		kind, list = "user", "users"
	}
	caller := s.principal()
	if s.Caller == "anonymous" {
		caller = ""
	}
	for _, t := range []struct{ token, value, unknown string }{
		{"{role}", s.Role, "ROLE-ARN"},
		{"{role-name}", place(s.Role), "ROLE-NAME"},
		{"{role-mark}", policy.Mark(s.Role), "ROLE-NAME"},
		{"{key-mark}", policy.Mark(s.Key), "KEY-ID"},
		{"{right-mark}", policy.Mark(s.Action, s.Resource), "NAME"},
		{"{key-action}", s.keyAction(), "kms:DescribeKey"},
		{"{caller}", caller, "CALLER-ARN"},
		{"{caller-kind}", kind, ""},
		{"{caller-name}", place(caller), "CALLER-NAME"},
		{"{caller-short}", caller[strings.LastIndexByte(caller, ':')+1:], "The caller"},
		{"{action}", s.Action, "ACTION"},
		{"{resource}", s.Resource, "RESOURCE-ARN"},
		{"{mapping-list}", list, ""},
		{"{account}", s.Account, "ACCOUNT"},
		{"{key}", s.Key, "KEY-ARN"},
		{"{region}", s.Region, "REGION"},
		{"{repository}", s.Repository, "REPOSITORY"},
		{"{snapshot}", s.Snapshot, "SNAPSHOT"},
		{"{index}", s.Index, "INDEX"},
	} {
		if t.value == "" {
			t.value = t.unknown
		}
		template = strings.ReplaceAll(template, t.token, t.value)
	}
	return template
}
