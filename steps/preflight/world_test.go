package preflight_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
)

const bucketName = "acme-os-migration"

// between stands between the product and the sandbox. It gives nil, nil for what
// it lets pass; pass asks the sandbox.
type between func(req *http.Request, pass func() *http.Response) (*http.Response, error)

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// world is a sandbox that is mis-set by tests.
type world struct {
	*testing.T
	ctx context.Context
	box *sandbox.Sandbox
}

// newWorld has domains whose access policies alone decide who may call them.
func newWorld(t *testing.T) *world {
	return openWorld(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "target": sandbox.AccessPolicy}})
}

func openWorld(t *testing.T, o sandbox.Options) *world {
	t.Helper()
	o.Dir, o.Pace = t.TempDir(), sandbox.PaceInstant
	box, err := sandbox.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close(context.Background()) })
	return &world{t, t.Context(), box}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// answers are those of a move between the sandbox's two accounts, all well.
func answers() *spec.Spec {
	return &spec.Spec{
		Shape:  spec.ShapeTwoAccounts,
		Source: spec.SideSpec{Account: sandbox.SourceAccount, Region: sandbox.Region, Domain: "logs-prod", Auth: spec.AuthSigned, Role: spec.RoleSpec{Name: "snap"}},
		Target: spec.SideSpec{Account: sandbox.TargetAccount, Region: sandbox.Region, Domain: "logs-prod", Auth: spec.AuthSigned, Role: spec.RoleSpec{Name: "snap"}},
		Bucket: spec.BucketSpec{Name: bucketName, Owner: steps.Source, Region: sandbox.Region, BasePath: "mig"},
		Move:   spec.MoveSpec{Patterns: []string{"metrics-*"}, Repository: "snapferry", Snapshot: "s-1"},
	}
}

// facts opens a view of the world as a row sees it.
func (w *world) facts(r row) *facts.Facts {
	w.Helper()
	s := answers()
	if r.spec != nil {
		r.spec(s)
	}
	trip := func(req *http.Request) (*http.Response, error) {
		pass := func() *http.Response {
			answer, err := w.box.Transport().RoundTrip(req)
			w.must(err)
			return answer
		}
		if r.between != nil {
			if answer, err := r.between(req, pass); answer != nil || err != nil {
				return answer, err
			}
		}
		return pass(), nil
	}
	o := facts.Options{
		Passwords: w.passwords(r.password),
		Spec:      s, Run: r.run, Sandbox: map[string]session.Keys{}, Session: session.Options{Isolated: true},
		Network: network.New(network.Options{Isolated: true, RoundTripper: transport(trip)}),
	}
	if r.skew != 0 {
		o.Now = func() time.Time { return time.Now().Add(r.skew) }
	}
	for _, a := range w.box.Info().Accounts {
		o.Sandbox[a.Label] = session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
	}
	f, err := facts.Open(w.ctx, o)
	w.must(err)
	return f
}

// passwords are those of the internal masters, or another one for all of them.
func (w *world) passwords(other string) map[steps.Side]session.Secret {
	list := map[steps.Side]session.Secret{}
	for _, d := range w.box.Info().Domains {
		if d.MasterPassword != "" && other != silent {
			list[steps.Side(d.Label)] = session.NewSecret(cmp.Or(other, d.MasterPassword))
		}
	}
	return list
}

// silent is a password that nobody says.
const silent = "-"

func (w *world) account(side steps.Side) *account.Account {
	w.Helper()
	a, err := w.facts(row{}).Control(w.ctx, side)
	w.must(err)
	return a
}

func (w *world) cluster(side steps.Side) *cluster.Cluster {
	w.Helper()
	c, err := w.facts(row{}).Signer(w.ctx, side)
	w.must(err)
	return c
}

// call makes a call to a domain that has to succeed.
func (w *world) call(side steps.Side, method, target, body string) {
	w.Helper()
	answer, err := w.cluster(side).Do(w.ctx, method, target, []byte(body))
	w.must(err)
	if answer.Status >= 300 {
		w.Fatalf("%s %s: %d %s", method, target, answer.Status, answer.Body)
	}
}

func (w *world) endpoint(label string) string {
	for _, d := range w.box.Info().Domains {
		if d.Label == label {
			return d.Endpoint
		}
	}
	w.Fatalf("no domain %s", label)
	return ""
}

// powerless makes a role of an account that may do nothing at all.
func (w *world) powerless(side steps.Side) awsid.ARN {
	w.Helper()
	id := answers().Side(side).Account
	made, err := w.account(side).CreateRole(w.ctx, account.RoleSpec{Name: "powerless", Trust: account.Document(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + string(id) + `:root"},"Action":"sts:AssumeRole"}]}`)})
	w.must(err)
	return made.ARN
}

// repository registers the repository on the source, for a bucket of ours.
func (w *world) repository(base string) {
	w.Helper()
	a := w.account(steps.Source)
	w.must(a.CreateBucket(w.ctx, account.BucketSpec{Name: bucketName, Region: sandbox.Region}))
	made, err := a.CreateRole(w.ctx, account.RoleSpec{Name: "registrar", Trust: account.Document(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	w.must(err)
	w.must(a.PutRolePolicy(w.ctx, "registrar", "s3", account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)))
	w.must(w.cluster(steps.Source).PutRepository(w.ctx, cluster.Repository{Name: "snapferry", Type: "s3", Settings: map[string]string{
		"bucket": bucketName, "base_path": base, "region": string(sandbox.Region), "role_arn": made.ARN.String(),
	}}))
}

// root is the path of GET / alone.
const root = "/$"

// meant says whether a request's host begins with host and its path with path.
func meant(req *http.Request, host, path string) bool {
	if path == root {
		return strings.HasPrefix(req.URL.Host, host) && req.URL.Path == "/"
	}
	return strings.HasPrefix(req.URL.Host, host) && strings.HasPrefix(req.URL.Path, path)
}

// says answers in place of the sandbox.
func says(host, path string, status int, body string) between {
	return func(req *http.Request, _ func() *http.Response) (*http.Response, error) {
		if !meant(req, host, path) {
			return nil, nil
		}
		return &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}, "Date": {time.Now().UTC().Format(http.TimeFormat)}},
			Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
		}, nil
	}
}

// edits changes words of what the sandbox answers.
func edits(host, path string, oldNew ...string) between {
	return func(req *http.Request, pass func() *http.Response) (*http.Response, error) {
		if !meant(req, host, path) {
			return nil, nil
		}
		answer := pass()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			return nil, err
		}
		changed := []byte(strings.NewReplacer(oldNew...).Replace(string(body)))
		if bytes.Equal(body, changed) {
			return nil, errors.New("nothing to edit in the answer to " + path)
		}
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
		answer.Header.Del("Content-Length")
		return answer, nil
	}
}

// refuses answers one action of a service that is asked by forms (IAM, STS).
func refuses(host, action string, body string) between {
	return func(req *http.Request, _ func() *http.Response) (*http.Response, error) {
		if !strings.HasPrefix(req.URL.Host, host) || req.Body == nil {
			return nil, nil
		}
		asked, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(asked))
		if !strings.Contains("&"+string(asked)+"&", "&Action="+action+"&") {
			return nil, nil
		}
		return says(host, "/", http.StatusForbidden, body)(req, nil)
	}
}

// without answers 403 to requests of a host that have a parameter (S3's settings).
func without(host, parameter string) between {
	return func(req *http.Request, _ func() *http.Response) (*http.Response, error) {
		if !strings.HasPrefix(req.URL.Host, host) || !req.URL.Query().Has(parameter) {
			return nil, nil
		}
		return says(host, "/", http.StatusForbidden, `<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`)(req, nil)
	}
}

// targets answers 400 AccessDenied to one operation of a service that is asked by
// JSON (KMS).
func targets(host, operation string) between {
	return func(req *http.Request, _ func() *http.Response) (*http.Response, error) {
		if !strings.HasPrefix(req.URL.Host, host) || !strings.HasSuffix(req.Header.Get("X-Amz-Target"), "."+operation) {
			return nil, nil
		}
		return says(host, "/", http.StatusBadRequest, `{"__type":"AccessDeniedException","Message":"User: x is not authorized to perform: kms:`+operation+`"}`)(req, nil)
	}
}

// undated takes the date off every answer of a host.
func undated(host string) between {
	return func(req *http.Request, pass func() *http.Response) (*http.Response, error) {
		if req.URL.Host != host {
			return nil, nil
		}
		answer := pass()
		answer.Header.Del("Date")
		return answer, nil
	}
}

// breaks ends every call to a host with an error of the connection.
func breaks(host string, err error) between {
	return func(req *http.Request, _ func() *http.Response) (*http.Response, error) {
		if strings.HasPrefix(req.URL.Host, host) {
			return nil, err
		}
		return nil, nil
	}
}

// all lets several stand between; the first that answers is heard.
func all(list ...between) between {
	return func(req *http.Request, pass func() *http.Response) (*http.Response, error) {
		for _, b := range list {
			if answer, err := b(req, pass); answer != nil || err != nil {
				return answer, err
			}
		}
		return nil, nil
	}
}

// row is one state of the world and what a check has to say of it. The words are
// parts of what has to be said.
type row struct {
	name    string
	check   steps.CheckID
	run     string // of the run directory
	spec    func(*spec.Spec)
	between between
	skew    time.Duration
	// password is what is said in place of the internal masters' own.
	password string

	want                                        steps.Outcome
	subject, cause, fix, evidence, because, cmd string
	// step is the step that puts it right, diff a part of what it would change.
	step steps.StepID
	diff string
}

// check gives the findings of one check.
func (w *world) check(r row, id steps.CheckID) []steps.Finding {
	w.Helper()
	f := w.facts(r)
	for _, c := range preflight.Catalogue(f.Spec()) {
		if c.Info().ID == id {
			return preflight.Run(w.ctx, f, []preflight.Check{c})
		}
	}
	w.Fatalf("no check %s", id)
	return nil
}

// run judges every row with a view of its own.
func (w *world) run(rows []row) {
	w.Helper()
	for _, r := range rows {
		f := w.facts(r)
		i := slices.IndexFunc(preflight.Catalogue(f.Spec()), func(c preflight.Check) bool { return c.Info().ID == r.check })
		if i < 0 {
			w.Errorf("%s: no check %s", r.name, r.check)
			continue
		}
		check := preflight.Catalogue(f.Spec())[i]
		found := preflight.Run(w.ctx, f, []preflight.Check{check})
		sound(w.T, r.name, check.Info(), found)
		w.says(r, found)
	}
}

// says looks for the finding a row waits for; of several, one will do.
func (w *world) says(r row, found []steps.Finding) {
	w.Helper()
	for _, f := range found {
		if f.Outcome == r.want && strings.Contains(f.Subject, r.subject) && strings.Contains(f.Cause.String(), r.cause) &&
			strings.Contains(f.Fix.Text.String(), r.fix) && strings.Contains(evidence(f), r.evidence) &&
			string(f.BecauseOf) == r.because && strings.Contains(f.Fix.Command, r.cmd) && (r.step == "" || f.Fix.Step == r.step) && strings.Contains(f.Fix.Diff, r.diff) {
			return
		}
	}
	w.Errorf("%s: %s should be %s (subject %q, cause %q, fix %q, evidence %q, because %q, step %q, diff %q), but", r.name, r.check, r.want, r.subject, r.cause, r.fix, r.evidence, r.because, r.step, r.diff)
	for _, f := range found {
		w.Logf("  %s of %q: %s; evidence %s; fix %s %q %s; because %q, step %q", f.Outcome, f.Subject, f.Cause, evidence(f), f.Fix.Text, f.Fix.Command, f.Fix.Diff, f.BecauseOf, f.Fix.Step)
	}
}

func evidence(f steps.Finding) string {
	var list []string
	for _, e := range f.Evidence {
		list = append(list, e.String())
	}
	return strings.Join(list, "\n")
}

// sound is what holds of every finding of every check.
func sound(t *testing.T, name string, info preflight.CheckInfo, found []steps.Finding) {
	t.Helper()
	if len(found) == 0 {
		t.Errorf("%s: %s said nothing", name, info.ID)
	}
	for _, f := range found {
		said := f.Summary.String() + f.Cause.String() + evidence(f) + f.Fix.Text.String() + f.Fix.Command + f.Subject
		switch {
		case strings.Contains(said, "%!"):
			t.Errorf("%s: %s is rendered badly: %s", name, info.ID, said)
		case f.ID != info.ID || f.Family != info.Family || f.Summary.String() != info.Statement.String():
			t.Errorf("%s: %s gave a finding of another check: %+v", name, info.ID, f)
		case f.Outcome == steps.Pass && evidence(f) == "":
			t.Errorf("%s: %s passes without evidence", name, info.ID)
		case f.Outcome != steps.Pass && f.Cause.IsZero():
			t.Errorf("%s: %s is %s without a cause", name, info.ID, f.Outcome)
		case (f.Outcome == steps.Block || f.Outcome == steps.Warn) && f.Fix.Text.IsZero():
			t.Errorf("%s: %s is %s with no way out", name, info.ID, f.Outcome)
		case f.Outcome == steps.Skipped && f.BecauseOf == "":
			t.Errorf("%s: %s is skipped because of nothing", name, info.ID)
		}
	}
}
