package preflight_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/cluster"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
)

const (
	ownRole      = "arn:aws:iam::111111111111:role/snapferry-logs-prod-snapshot"
	ownRoleThere = "arn:aws:iam::222222222222:role/snapferry-logs-prod-snapshot"
)

// registration is the body of one.
func registration(role, more string) string {
	return `{"type":"s3","settings":{"bucket":"` + bucketName + `","region":"eu-west-1","base_path":"logs-prod",` + more + `"role_arn":"` + role + `"}}`
}

// asks sends something to a domain by hand, as the signer or, with a password, as
// the master, and gives what is answered.
func (w *world) asks(side steps.Side, asMaster bool, method, target, body string) (int, string) {
	w.Helper()
	f := w.facts(row{spec: usual})
	c, err := f.Signer(w.ctx, side)
	if asMaster {
		c, err = f.Mapper(w.ctx, side)
	}
	w.must(err)
	var raw []byte
	if body != "" {
		raw = []byte(body)
	}
	answer, err := c.Do(w.ctx, method, target, raw)
	w.must(err)
	return answer.Status, string(answer.Body)
}

// fails does what has to be refused and gives the words.
func (w *world) fails(side steps.Side, asMaster bool, method, target, body string) string {
	w.Helper()
	status, words := w.asks(side, asMaster, method, target, body)
	if status < 400 {
		w.Fatalf("%s %s: %d %s", method, target, status, words)
	}
	return words
}

// does does what must not be refused.
func (w *world) does(side steps.Side, asMaster bool, method, target, body string) {
	w.Helper()
	if status, words := w.asks(side, asMaster, method, target, body); status >= 300 {
		w.Fatalf("%s %s: %d %s", method, target, status, words)
	}
}

// admitted has the target's master let its signer do everything.
func (w *world) admitted() {
	w.Helper()
	w.mapping(steps.Target, usual, "all_access", "users", "arn:aws:iam::222222222222:user/admin")
}

// pains are how each card hurts somebody who walks the road by hand, and which
// other causes of the same words are seen not to be so.
var pains = map[string]struct {
	hurts func(*world) string
	not   []string
	what  string
}{
	"unmapped-signer": {func(w *world) string {
		return w.fails(steps.Source, false, "PUT", "/_snapshot/mig", registration(ownRole, ""))
	}, nil, "neither manage_snapshots nor all_access"},
	"pass-role-missing": {
		func(w *world) string {
			return w.fails(steps.Source, false, "PUT", "/_snapshot/mig", registration(ownRole, ""))
		},
		[]string{"pass-role-foreign", "passed-to-service"},
		"iam:PassRole on " + ownRole,
	},
	"trust-mismatch": {func(w *world) string {
		w.admitted()
		return w.fails(steps.Target, false, "PUT", "/_snapshot/mig", registration(ownRoleThere, `"readonly":true,`))
	}, []string{"role-name-case", "role-path"}, "aws:SourceAccount 111111111111"},
	"role-name-case": {
		func(w *world) string {
			return w.fails(steps.Source, false, "PUT", "/_snapshot/mig", registration(ownRole, ""))
		},
		[]string{"trust-mismatch", "role-path"},
		"IAM says arn:aws:iam::111111111111:role/Snapferry-Logs-Prod-Snapshot",
	},
	"bucket-policy-missing": {func(w *world) string {
		w.admitted()
		w.does(steps.Source, false, "PUT", "/_snapshot/mig", registration(ownRole, ""))
		return w.fails(steps.Target, false, "PUT", "/_snapshot/mig", registration(ownRoleThere, `"readonly":true,`))
	}, []string{"bucket-denies", "role-recreated", "bucket-of-another", "role-s3-rights"}, "no statement of the bucket policy"},
	"security-index-in-restore": {func(w *world) string {
		return w.fails(steps.Target, true, "POST", "/_snapshot/nightly/nightly-0001/_restore", `{}`)
	}, nil, "holds the security index"},
	"security-manager-missing": {func(w *world) string {
		return w.fails(steps.Source, false, "GET", "/_plugins/_security/api/rolesmapping", "")
	}, []string{"not-the-master"}, "has the roles all_access"},
	"key-not-shared": {func(w *world) string {
		w.admitted()
		w.does(steps.Source, false, "PUT", "/_snapshot/mig", registration(ownRole, ""))
		w.does(steps.Source, false, "PUT", "/_snapshot/mig/one", `{"indices":"products*","include_global_state":false}`)
		w.does(steps.Target, false, "PUT", "/_snapshot/mig", registration(ownRoleThere, `"readonly":true,`))
		return w.fails(steps.Target, false, "GET", "/_snapshot/mig/_all", "")
	}, []string{"aws-managed-key", "key-conditions", "key-elsewhere"}, "key policy"},
}

// TestConfirmRanksTheCardFirst: what somebody meets by hand, pasted, is explained
// by the card's cause once the world was looked at.
func TestConfirmRanksTheCardFirst(t *testing.T) {
	for _, f := range sandbox.Faults() {
		pain, known := pains[f.ID]
		if !known {
			t.Errorf("nobody is hurt by %s", f.ID)
			continue
		}
		t.Run(f.ID, func(t *testing.T) {
			w := openWorld(t, sandbox.Options{Faults: []string{f.ID}})
			words := pain.hurts(w)
			d := w.confirm(usual, words)
			if d.Unknown || len(d.Causes) == 0 || d.Causes[0].ID != f.ID || d.Causes[0].Verdict != steps.Confirmed || !strings.Contains(d.Causes[0].Confirm.String(), pain.what) {
				t.Errorf("%s\n%s", words, told(d))
			}
			for _, id := range pain.not {
				i := slices.IndexFunc(d.Causes, func(c steps.Cause) bool { return c.ID == id })
				if i < 0 || d.Causes[i].Verdict != steps.Refuted || d.Causes[i].Confirm.IsZero() {
					t.Errorf("%s is not seen not to be so\n%s", id, told(d))
				}
			}
		})
	}
}

func (w *world) confirm(answer func(*spec.Spec), words string) steps.Diagnosis {
	w.Helper()
	return preflight.Confirm(w.ctx, w.facts(row{spec: answer}), diagnose.Text(words), diagnose.Of(words))
}

func told(d steps.Diagnosis) string {
	var b strings.Builder
	for _, c := range d.Causes {
		b.WriteString("  " + c.ID + " [" + string(c.Verdict) + "] " + c.Confirm.String() + " / " + c.Fix.String() + "\n")
	}
	return b.String()
}

// is looks for one cause with its verdict.
func (w *world) is(answer func(*spec.Spec), words, cause string, verdict steps.Verdict, what string) {
	w.Helper()
	d := w.confirm(answer, words)
	i := slices.IndexFunc(d.Causes, func(c steps.Cause) bool { return c.ID == cause })
	if i < 0 || d.Causes[i].Verdict != verdict || verdict != "" && !strings.Contains(d.Causes[i].Confirm.String(), what) {
		w.Errorf("%s should be %q (%s) of %s\n%s", cause, verdict, what, words, told(d))
	}
}

// service is how STS refuses the service a role.
func assumed(role string) string {
	account := strings.Split(role, ":")[4]
	return "User: arn:aws:sts::671402871606:assumed-role/cp-sts-grant-role/swift-eu-west-1-prod-" + account + " is not authorized to perform: sts:AssumeRole on resource: " + role + " (Service: Sts, Status Code: 403, Request ID: x)"
}

func TestConfirmRoles(t *testing.T) {
	w := newWorld(t)
	arn := w.role(steps.Source, account.RoleSpec{Name: "Snap", Path: "/team/"})
	w.role(steps.Source, account.RoleSpec{Name: "denies", Trust: policyOf(trusted("es.amazonaws.com", ""), `{"Effect":"Deny","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}`)})
	none := func(*spec.Spec) {}
	at := func(role string) string { return assumed("arn:aws:iam::111111111111:role/" + role) }
	w.is(none, at("Snap"), "role-path", steps.Confirmed, "IAM says "+arn.String())
	w.is(none, at("team/Snap"), "role-path", steps.Refuted, "/team/")
	w.is(none, at("team/snap"), "role-name-case", steps.Confirmed, arn.String())
	w.is(none, at("team/Snap"), "role-young", steps.Confirmed, "made")
	w.is(none, at("team/Snap"), "trust-mismatch", steps.Refuted, "lets es.amazonaws.com")
	w.is(none, at("denies"), "trust-denies", steps.Confirmed, "denies it")
	w.is(none, at("denies"), "trust-mismatch", "", "")
	w.is(none, at("nobody"), "role-name-case", "", "")
	pass := func(caller, role string) string {
		return "User: " + caller + " is not authorized to perform: iam:PassRole on resource: " + role
	}
	const admin = "arn:aws:iam::111111111111:user/admin"
	w.is(none, pass(admin, arn.String()), "pass-role-missing", steps.Refuted, "let it pass")
	w.is(none, pass(admin, ownRoleThere), "pass-role-foreign", steps.Confirmed, "account 111111111111")
	w.is(none, pass(admin, strings.Replace(arn.String(), "Snap", "snap", 1)), "pass-role-spelling", steps.Confirmed, arn.String())
	w.is(none, pass(admin, arn.String()), "pass-role-spelling", steps.Refuted, "spelt as in the error")
	w.is(none, pass("arn:aws:iam::111111111111:user/else", arn.String()), "passed-to-service", "", "")
	person := w.person(steps.Source, account.RoleSpec{Name: "ops"}, strings.TrimSuffix(may("Allow", `"iam:PassRole"`, `"*"`), "}")+`,"Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}`)
	w.is(signing(steps.Source, person), pass("arn:aws:sts::111111111111:assumed-role/ops/me", arn.String()), "passed-to-service", steps.Confirmed, "iam:PassedToService")
}

func TestConfirmStores(t *testing.T) {
	w := newWorld(t)
	none := func(*spec.Spec) {}
	const denied = `{"error":{"type":"repository_verification_exception","reason":"[snapferry] path [mig] is not accessible on cluster-manager node","caused_by":{"type":"s3_exception","reason":"Access Denied (Service: S3, Status Code: 403, Request ID: x)"}},"status":500}`
	const gone = "The specified bucket does not exist (Service: S3, Status Code: 404)"
	w.is(none, gone, "bucket-missing", steps.Confirmed, "is there: false")
	w.bucket(steps.Source, "")
	reader := w.role(steps.Target, account.RoleSpec{Name: "reader"})
	w.must(w.account(steps.Source).PutBucketPolicy(w.ctx, bucketName, policyOf(granting(reader), denying("s3:*", `{"StringNotEquals":{"aws:SourceVpce":"vpce-1"},`+butAdmin+`}`))))
	guest := named(steps.Target, "reader")
	w.is(guest, gone, "bucket-missing", steps.Refuted, "is there: true")
	w.is(guest, denied, "bucket-denies", steps.Confirmed, "denies it")
	w.is(guest, denied, "role-recreated", steps.Refuted, "none")
	w.must(w.account(steps.Target).DeleteRole(w.ctx, "reader"))
	w.is(guest, denied, "role-recreated", steps.Confirmed, "AROA")
	w.is(guest, denied, "not-readonly", "", "")

	key := w.key(steps.Source)
	w.must(w.account(steps.Source).PutBucketEncryption(w.ctx, bucketName, account.Encryption{Algorithm: "aws:kms", KeyARN: key.String()}))
	reader = w.role(steps.Target, account.RoleSpec{Name: "reader"})
	w.lock(steps.Source, key, `{"Effect":"Allow","Principal":{"AWS":"`+reader.String()+`"},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}}`)
	refused := "User: arn:aws:sts::222222222222:assumed-role/reader/swift is not authorized to perform: kms:Decrypt on resource: " + key.String() + " because no resource-based policy allows the kms:Decrypt action"
	w.is(guest, refused, "key-conditions", steps.Confirmed, "kms:ViaService")
	w.is(guest, refused, "aws-managed-key", steps.Refuted, "Enabled")
}

func TestConfirmDomains(t *testing.T) {
	w := openWorld(t, kinds(sandbox.AccessIAMMaster, sandbox.AccessInternalMaster))
	master := internalMaster(steps.Target)
	person := w.person(steps.Source, account.RoleSpec{Name: "ops", Path: "/team/"}, may("Allow", `"es:*"`, `"*"`))
	sign := signing(steps.Source, person)
	unmapped := "no permissions for [cluster:admin/repository/put] and User [name=" + person.String() + ", backend_roles=[" + person.String() + "], requestedTenant=null]"
	w.is(sign, unmapped, "unmapped-signer", steps.Confirmed, "neither")
	w.is(sign, unmapped, "mapped-otherwise", steps.Refuted, "is mapped to none")
	for _, slip := range []string{"arn:aws:iam::111111111111:role/ops", "arn:aws:sts::111111111111:assumed-role/ops/me", "arn:aws:iam::111111111111:role/snap"} {
		w.mapping(steps.Source, func(*spec.Spec) {}, "manage_snapshots", "backend_roles", slip)
		w.is(sign, unmapped, "mapped-otherwise", steps.Confirmed, slip+" is mapped to manage_snapshots; the domain knows the signer as "+person.String())
	}
	api := "No permission to access REST API: User arn:aws:iam::222222222222:user/admin with Security roles [] does not have any role privileged for admin access. No ssl info found in request."
	w.is(func(*spec.Spec) {}, api, "not-the-master", steps.Confirmed, "the roles none")
	w.is(master, api, "not-the-master", steps.Refuted, "")
	w.is(master, api, "security-manager-missing", steps.Refuted, "may use the security API")
	w.is(master, "Unauthorized", "wrong-login", "", "")
	reading := "no permissions for [indices:data/read/search] and User [name=arn:aws:iam::222222222222:user/admin, backend_roles=[x], requestedTenant=null]"
	w.is(master, reading, "reading-missing", steps.Confirmed, "the roles none")
	w.is(master, strings.ReplaceAll(reading, "2222", "1111"), "reading-missing", steps.Refuted, "all_access")
	denies := w.person(steps.Source, account.RoleSpec{Name: "denied"}, may("Allow", `"es:*"`, `"*"`), may("Deny", `"es:ESHttpDelete"`, `"*"`))
	explicit := "User: arn:aws:sts::111111111111:assumed-role/denied/me is not authorized to perform: es:ESHttpDelete with an explicit deny in an identity-based policy"
	w.is(signing(steps.Source, denies), explicit, "denied-outright", steps.Confirmed, "es:ESHttpDelete")
	w.is(signing(steps.Source, denies), strings.Replace(explicit, "Delete", "Put", 1), "denied-outright", "", "")
	c, err := w.facts(row{spec: master}).Mapper(w.ctx, steps.Target)
	w.must(err)
	answer, err := c.Do(w.ctx, http.MethodPut, "/shop", []byte(`{}`))
	w.must(err)
	if answer.Status != 200 {
		t.Fatal(string(answer.Body))
	}
	w.is(master, "index_not_found_exception: no such index [movies]", "index-missing", steps.Confirmed, "movies among them: false")
	const taken = "[r:s/u] cannot restore index [shop] because an open index with same name already exists in the cluster"
	w.is(master, taken, "name-taken", steps.Confirmed, "shop among them: true")
	w.is(master, strings.Replace(taken, "shop", "movies", 1), "name-taken", steps.Refuted, "movies among them: false")
	w.is(master, "[my-repo] missing repository_missing_exception", "repository-missing", steps.Confirmed, "it has: none")
	const unpassed = "User: anonymous is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111111111111:role/snap"
	w.is(sign, unpassed, "unmapped-signer", "", "")
	anonymous := "User: anonymous is not authorized to perform: es:ESHttpPut"
	w.is(func(s *spec.Spec) { s.Source.Auth = spec.AuthUnsigned }, anonymous, "unsigned", steps.Confirmed, "unsigned")
	w.is(master, anonymous, "other-address", steps.Refuted, "no condition on addresses")
}

// TestConfirmSnapshots: names that are not where they were looked for.
func TestConfirmSnapshots(t *testing.T) {
	w := newWorld(t)
	w.repository("mig")
	w.must(w.cluster(steps.Source).CreateSnapshot(w.ctx, "snapferry", "there", cluster.SnapshotSpec{Indices: []string{"products-v1"}}))
	inOne := func(s *spec.Spec) { s.Shape = spec.ShapeSameDomain }
	w.is(inOne, "snapshot_missing_exception: [snapferry:none] is missing", "snapshot-missing", steps.Confirmed, "holds: there")
	w.is(inOne, "snapshot_missing_exception: [snapferry:there] is missing", "snapshot-missing", steps.Refuted, "it is there")
	w.is(inOne, "repository_missing_exception: [snapferry] missing", "repository-missing", steps.Refuted, "has it")
	w.is(inOne, "[snapferry:there] unsupported snapshot state [SUCCESS]", "snapshot-not-whole", "", "")
	w.is(inOne, "[snapferry:there/uuid] cannot restore index [a] since it wasn't fully snapshotted", "snapshot-partial", steps.Refuted, "SUCCESS")
	w.is(inOne, "cannot create snapshot in a readonly repository", "repository-readonly", steps.Refuted, `readonly is ""`)
	w.is(func(*spec.Spec) {}, "AccessControlListNotSupported: The bucket does not allow ACLs", "acl-sent", "", "")
	w.is(inOne, "AccessControlListNotSupported: The bucket does not allow ACLs", "acl-sent", steps.Refuted, `canned_acl is ""`)
	w.is(inOne, "snapshot_missing_exception: [snapferry:none] is missing", "other-folder", steps.Refuted, "s3://"+bucketName+"/mig")
	w.is(inOne, "no handler found for uri [/_plugins/_security/x] and method [GET]", "security-path", steps.Confirmed, "no fine-grained access control")
	session := "User: arn:aws:sts::111111111111:assumed-role/x/y is not authorized to perform: es:ESHttpPost because no resource-based policy allows the es:ESHttpPost action"
	w.is(inOne, session, "session-named", steps.Refuted, "no session is named")
	w.person(steps.Source, account.RoleSpec{Name: "x"})
	w.must(w.account(steps.Source).PutAccessPolicy(w.ctx, "logs-prod", policyOf(`{"Effect":"Allow","Principal":{"AWS":["arn:aws:sts::111111111111:assumed-role/x/z","arn:aws:iam::111111111111:user/admin"]},"Action":"es:*","Resource":"`+domainARN(steps.Source)+`/*"}`)))
	w.is(inOne, session, "session-named", steps.Confirmed, "assumed-role/x/z")
}
