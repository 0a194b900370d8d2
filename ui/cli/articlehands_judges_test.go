//go:build judges

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"snapferry/steps"
	"snapferry/ui/term"
)

// handed are the commands the run told somebody else to run, as its journal has
// them.
func (a *article) handed() (commands []string) {
	a.Helper()
	run := app{globals: globals{dir: a.run}}
	a.must(run.replay(func(r steps.Record) error {
		if w, ok := r.Event.(steps.Waiting); ok && w.Instruction != nil {
			commands = append(commands, w.Instruction.CLI+w.Instruction.Curl)
		}
		return nil
	}))
	return commands
}

// third is somebody elsewhere who was given a command and runs it as it stands,
// in a shell of an account's administrator.
func (a *article) third(account, command string) string {
	a.Helper()
	return a.shell("export AWS_PROFILE="+account, command)
}

func (a *article) shell(environment, command string) string {
	a.Helper()
	if strings.TrimSpace(command) == "" {
		a.Fatal("nothing was printed that could be run")
	}
	out, err := (witness{a.T, a.box}).ask("sh", "-ec", environment+"\n"+command)
	if err != nil {
		a.Fatalf("%v\n%s\nfor\n%s", err, out, command)
	}
	return out
}

// keys are those of an account's administrator, as a shell has them.
func (a *article) keys(account string) string {
	a.Helper()
	return a.exported(a.config(account).Credentials)
}

// master is the role a card made the master of the source domain, assumed.
func (a *article) master() string {
	a.Helper()
	c := a.config("source")
	out, err := sts.NewFromConfig(c).AssumeRole(context.Background(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::111111111111:role/search-master"), RoleSessionName: aws.String("me")})
	a.must(err)
	return a.exported(aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken}, nil
	}))
}

func (a *article) exported(p aws.CredentialsProvider) string {
	a.Helper()
	k, err := p.Retrieve(context.Background())
	a.must(err)
	return "export AWS_ACCESS_KEY_ID=" + k.AccessKeyID + " AWS_SECRET_ACCESS_KEY=" + k.SecretAccessKey + " AWS_SESSION_TOKEN=" + k.SessionToken
}

// domainCall runs a printed curl with somebody's keys. Where the domain answers
// with words that a comment behind it names, what stands there is run instead.
func (a *article) domainCall(environment, command string) {
	a.Helper()
	if calls := strings.Split("\n"+command, "\ncurl ")[1:]; len(calls) > 1 {
		for _, call := range calls {
			a.domainCall(environment, "curl "+call)
		}
		return
	}
	said := a.shell(environment, command)
	for _, part := range strings.Split(command, "# Only where it answers ")[1:] {
		words, line, _ := strings.Cut(part, "\n")
		words, _, _ = strings.Cut(words, ",")
		if strings.Contains(said, words) {
			said = a.shell(environment, strings.ReplaceAll(strings.TrimPrefix(line, "# "), "\n# ", "\n"))
			break
		}
	}
	if strings.Contains(said, `"error"`) || strings.Contains(said, `"status":"`) && !strings.Contains(said, `"OK"`) && !strings.Contains(said, `"CREATED"`) {
		a.Fatalf("%s\nfor\n%s", said, command)
	}
}

// intoPolicy puts the statements of a printed difference beside those of a policy
// that AWS CLI reads and writes.
func (a *article) intoPolicy(diff, read, write string) {
	a.Helper()
	lines := strings.Split(diff, "\n")
	for i, l := range lines {
		if !strings.HasPrefix(l, "+ ") {
			a.Fatalf("the difference does more than add: %s", diff)
		}
		lines[i] = strings.TrimPrefix(l, "+ ")
	}
	var statements []json.RawMessage
	a.must(json.Unmarshal([]byte("["+strings.ReplaceAll(strings.Join(lines, "\n"), "}\n    {", "},\n    {")+"]"), &statements))
	a.merge(a.third("source", "aws "+read+" --output text"), statements, write)
}

// merge writes a policy with statements beside those it has; "" is no policy yet.
func (a *article) merge(live string, statements []json.RawMessage, write string) {
	a.Helper()
	doc := struct {
		Version   string
		ID        string `json:"Id,omitempty"`
		Statement []json.RawMessage
	}{Version: "2012-10-17"}
	if live != "" {
		a.must(json.Unmarshal([]byte(live), &doc))
	}
	doc.Statement = append(doc.Statement, statements...)
	b, err := json.Marshal(doc)
	a.must(err)
	file := filepath.Join(a.dir, "policy.json")
	a.must(os.WriteFile(file, b, 0o600))
	a.third("source", "aws "+write+" --policy file://"+file)
}

// asTold is somebody at the source who does what was handed over: commands as they
// stand, and statements, which are told in comments, into the bucket's policy.
func (a *article) asTold(commands []string) {
	a.Helper()
	const bucket = " --bucket acme-os-migration"
	for _, c := range commands {
		comment, isNote := strings.CutPrefix(c, "# Add these statements to the bucket-policy of acme-os-migration, beside what is in it:\n")
		if !isNote {
			a.third("source", c)
			continue
		}
		var told struct{ Statement []json.RawMessage }
		a.must(json.Unmarshal([]byte(strings.ReplaceAll("\n"+comment, "\n# ", "\n")), &told))
		live := a.third("source", "aws s3api get-bucket-policy --query Policy --output text"+bucket+" 2>&1 || true")
		if strings.Contains(live, "NoSuchBucketPolicy") {
			live = ""
		}
		a.merge(live, told.Statement, "s3api put-bucket-policy"+bucket)
	}
}

// diagnosed is what explain says of an error, as its JSON has it.
func (a *article) diagnosed(body string, confirm bool, answers []string) (d steps.Diagnosis) {
	a.Helper()
	args := []string{"explain", "--json"}
	if confirm {
		args = append(args, "--confirm")
	}
	var out bytes.Buffer
	if code, errOut := a.startWith(body, &out, "cards", answers, args...); code != term.ExitDone {
		a.Fatalf("exit code %d\n%s\n%s", code, out.String(), errOut)
	}
	for _, l := range strings.Split(out.String(), "\n") {
		if strings.Contains(l, `"type":"diagnosis"`) {
			a.must(json.Unmarshal([]byte(l), &d))
		}
	}
	if len(d.Causes) == 0 {
		a.Fatalf("no cause: %s", out.String())
	}
	return d
}

// What the failing calls need, made by hand: a bucket, the source's role, a signer
// the target knows, and the bucket shared with a snapshot in it.

func (a *article) prepareBucket() {
	a.Helper()
	a.makeBucket("source", "acme-os-migration")
}

func (a *article) prepareSource() {
	a.Helper()
	a.prepareBucket()
	a.makeRole("source", "snapferry-logs-prod-snapshot", trusting("Service", "es.amazonaws.com"), allowing(
		`"s3:ListBucket"`, "arn:aws:s3:::acme-os-migration", `"s3:GetObject","s3:PutObject","s3:DeleteObject"`, "arn:aws:s3:::acme-os-migration/*"))
}

func (a *article) prepareSigner() {
	a.Helper()
	a.made("target", "PUT", security+"manage_snapshots", `{"users":["arn:aws:iam::222222222222:user/admin"]}`)
}

func (a *article) prepareTarget() {
	a.Helper()
	a.prepareSigner()
	a.prepareBucket()
	doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + ownRoleThere + `"},"Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::acme-os-migration","arn:aws:s3:::acme-os-migration/*"]}]}`
	_, err := s3.NewFromConfig(a.config("source")).PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: aws.String("acme-os-migration"), Policy: &doc})
	a.must(err)
}

func (a *article) prepareSnapshot() {
	a.Helper()
	a.prepareSigner()
	a.sends(request{"source", "PUT", "/_snapshot/by-hand", registerHere}, true)
	a.sends(request{"source", "PUT", "/_snapshot/by-hand/one", `{"indices":"products*","include_global_state":false}`}, true)
	a.sends(request{"target", "PUT", "/_snapshot/by-hand", registerThere}, true)
}
