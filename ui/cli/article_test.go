//go:build long || judges

package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

// The articles are field reports of people who moved domains by hand. Here each
// is one run of the program, in a world like its author's: what he had made
// beforehand is made by an administrator, what he answered is in testdata/articles.

// article is one of these worlds.
type article struct {
	*testing.T
	dir  string
	box  *sandbox.Sandbox
	info sandbox.Info
	// run is the run directory.
	run string
	// env is what the program finds in its environment.
	env map[string]string
}

func newArticle(t *testing.T, o sandbox.Options) *article {
	t.Helper()
	a := &article{T: t, dir: t.TempDir()}
	a.anew("run")
	o.Dir, o.Pace = filepath.Join(a.dir, "box"), sandbox.PaceInstant
	var err error
	a.box, err = sandbox.Open(context.Background(), o)
	a.must(err)
	t.Cleanup(func() { a.must(a.box.Close(context.Background())) })
	a.info = a.box.Info()
	return a
}

// anew gives the starts that follow a run directory of their own.
func (a *article) anew(run string) { a.run = filepath.Join(a.dir, run) }

func (a *article) must(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// start runs the program with the answers of a file of testdata/articles, in
// which {LABEL} stands for a domain's endpoint, and with what is replaced in it.
func (a *article) start(answers string, replace []string, args ...string) start {
	a.Helper()
	var out bytes.Buffer
	code, errOut := a.startTo(&out, answers, replace, args...)
	return start{code, out.String(), errOut}
}

// startTo is start with its output to a writer.
func (a *article) startTo(out io.Writer, answers string, replace []string, args ...string) (code int, errOut string) {
	return a.startWith("", out, answers, replace, args...)
}

// explained is what explain says of an error, first without and then with a look
// at the world of the answers.
func (a *article) explained(body, answers string, replace ...string) (offline, confirmed string) {
	a.Helper()
	var out [2]bytes.Buffer
	for i, args := range [][]string{{"explain"}, {"explain", "--confirm"}} {
		if code, errOut := a.startWith(body, &out[i], answers, replace, args...); code != term.ExitDone {
			a.Fatalf("exit code %d\n%s\n%s", code, out[i].String(), errOut)
		}
	}
	return out[0].String(), out[1].String()
}

func (a *article) startWith(in string, out io.Writer, answers string, replace []string, args ...string) (code int, errOut string) {
	a.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "articles", answers+".yaml"))
	a.must(err)
	for _, d := range a.info.Domains {
		replace = append(replace, "{"+d.Label+"}", d.Endpoint)
	}
	file := filepath.Join(a.dir, answers+".yaml")
	a.must(os.WriteFile(file, []byte(strings.NewReplacer(replace...).Replace(string(text))), 0o600))
	var errs bytes.Buffer
	args = append(args, "--sandbox="+a.info.Dir, "--file", file, "--dir", a.run)
	code = Run(context.Background(), args, Process{Streams: term.Pipes(strings.NewReader(in), out, &errs, func(name string) string { return a.env[name] })})
	return code, errs.String()
}

// domain is one by its label, account the administrator of one.
func (a *article) domain(label string) sandbox.DomainInfo {
	return a.info.Domains[slices.IndexFunc(a.info.Domains, func(d sandbox.DomainInfo) bool { return d.Label == label })]
}

// arn is a domain's.
func (a *article) arn(label string) string {
	d := a.domain(label)
	return awsid.DomainARN(awsid.PartitionAWS, d.Region, d.Account, d.Name).String()
}

// labelOf is the profile of an account's administrator.
func (a *article) labelOf(id awsid.AccountID) string {
	return a.info.Accounts[slices.IndexFunc(a.info.Accounts, func(x sandbox.Account) bool { return x.ID == id })].Label
}

func (a *article) config(label string) aws.Config {
	of := a.info.Accounts[slices.IndexFunc(a.info.Accounts, func(x sandbox.Account) bool { return x.Label == label })]
	return aws.Config{
		Region: string(sandbox.Region), HTTPClient: &http.Client{Transport: a.box.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider(of.AccessKey, of.Secret, ""),
	}
}

// makeBucket is a bucket as the console made them before April 2023.
func (a *article) makeBucket(account, name string) {
	a.Helper()
	_, err := s3.NewFromConfig(a.config(account)).CreateBucket(context.Background(), &s3.CreateBucketInput{
		Bucket: &name, ObjectOwnership: s3types.ObjectOwnershipObjectWriter,
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(sandbox.Region)},
	})
	a.must(err)
}

// makeRole is a role with one policy of its own, "" for none.
func (a *article) makeRole(account, name, trust, policy string) {
	a.Helper()
	_, err := iam.NewFromConfig(a.config(account)).CreateRole(context.Background(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust})
	a.must(err)
	if policy != "" {
		a.allow(account, name, policy)
	}
}

// allow gives a role a policy of its own.
func (a *article) allow(account, role, policy string) {
	a.Helper()
	_, err := iam.NewFromConfig(a.config(account)).PutRolePolicy(context.Background(), &iam.PutRolePolicyInput{
		RoleName: &role, PolicyName: aws.String("policy"), PolicyDocument: &policy,
	})
	a.must(err)
}

// allowing is a policy of pairs: actions, and what they are allowed on.
func allowing(pairs ...string) string {
	var statements []string
	for i := 0; i < len(pairs); i += 2 {
		statements = append(statements, `{"Effect":"Allow","Action":[`+pairs[i]+`],"Resource":"`+pairs[i+1]+`"}`)
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

// trusting is a trust policy of the simplest kind: one principal, no conditions.
func trusting(kind, name string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"` + kind + `":"` + name + `"},"Action":"sts:AssumeRole"}]}`
}

// ask calls a domain past the program as its master, or as anybody where that does.
func (a *article) ask(label, method, path, body string) (int, string) {
	a.Helper()
	switch d := a.domain(label); d.Access {
	case sandbox.AccessInternalMaster:
		return a.call(label, method, path, body, func(r *http.Request) { r.SetBasicAuth(d.Master, d.MasterPassword) })
	case sandbox.AccessOpen:
		return a.call(label, method, path, body, func(*http.Request) {})
	}
	return a.admin(label, method, path, body)
}

// admin calls a domain as the administrator of its account, signed.
func (a *article) admin(label, method, path, body string) (int, string) {
	a.Helper()
	d := a.domain(label)
	return a.call(label, method, path, body, func(r *http.Request) {
		keys, err := a.config(a.labelOf(d.Account)).Credentials.Retrieve(context.Background())
		a.must(err)
		sum := sha256.Sum256([]byte(body))
		a.must(v4.NewSigner().SignHTTP(context.Background(), keys, r, hex.EncodeToString(sum[:]), "es", string(d.Region), time.Now()))
	})
}

func (a *article) call(label, method, path, body string, authorize func(*http.Request)) (int, string) {
	a.Helper()
	req, err := http.NewRequest(method, "https://"+a.domain(label).Endpoint+path, strings.NewReader(body))
	a.must(err)
	req.Header.Set("Content-Type", "application/json")
	authorize(req)
	resp, err := (&http.Client{Transport: a.box.Transport()}).Do(req)
	a.must(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	a.must(err)
	return resp.StatusCode, string(b)
}

// made wants the answer of a call to be a success.
func (a *article) made(label, method, path, body string) string {
	a.Helper()
	status, got := a.ask(label, method, path, body)
	if status/100 != 2 {
		a.Fatalf("%s %s: %d %s", method, path, status, got)
	}
	return got
}

// documents are all documents of an index with their ids.
func (a *article) documents(label, index string) map[string]json.RawMessage {
	a.Helper()
	var page struct {
		Hits struct {
			Hits []struct {
				ID     string          `json:"_id"`
				Source json.RawMessage `json:"_source"`
			}
		}
	}
	a.must(json.NewDecoder(bytes.NewBufferString(a.made(label, "GET", "/"+index+"/_search?size=1000", ""))).Decode(&page))
	all := map[string]json.RawMessage{}
	for _, h := range page.Hits.Hits {
		all[h.ID] = h.Source
	}
	if len(all) == 0 {
		a.Fatalf("nothing is in %s", index)
	}
	return all
}

// requests are all the sandbox has answered so far.
func (a *article) requests() []sandbox.Request {
	a.Helper()
	log, err := sandbox.Requests(a.info.Dir)
	a.must(err)
	return log
}

// mutations are what changed something in the sandbox so far.
func (a *article) mutations() []string {
	a.Helper()
	var list []string
	for _, r := range a.requests() {
		if r.Mutates {
			list = append(list, r.Service+" "+r.Method+" "+r.Path+" "+r.Operation)
		}
	}
	return list
}

// wroteNo wants a word in no file of the run directory.
func (a *article) wroteNo(word string) {
	a.Helper()
	files := 0
	a.must(filepath.WalkDir(a.run, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), word) {
			a.Errorf("%s has it", filepath.Base(path))
		}
		return err
	}))
	if files == 0 {
		a.Error("nothing was written to look into")
	}
}
