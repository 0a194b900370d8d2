//go:build judges

package resource_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
)

// environment is a shell's, set up as the sandbox tells a person to.
func (b *bench) environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if key, _, _ := strings.Cut(v, "="); !slices.Contains(sandbox.Ambient(), key) {
			env = append(env, v)
		}
	}
	for _, v := range b.box.Env() {
		env = append(env, v.Name+"="+v.Value)
	}
	for _, a := range b.box.Info().Accounts {
		if a.Label == "source" {
			env = append(env, "KEY="+a.AccessKey, "SECRET="+a.Secret)
		}
	}
	return append(env, "AWS_PAGER=", "HOME="+b.t.TempDir())
}

// shell runs a script as it was printed.
func (b *bench) shell(dir, script string, more ...string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euc", script)
	cmd.Dir, cmd.Env = dir, append(b.environment(), more...)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.t.Fatalf("%v\n%s\n%s", err, script, out)
	}
}

// things are the changes of one migration, in the order they are made in.
func things() []steps.Change {
	tls := allow("SnapferryTLSOnly", "s3:*", "arn:aws:s3:::"+bucketName+"/*")
	tls.Effect, tls.Principal, tls.Condition = policy.EffectDeny, policy.Everybody(), policy.Conditions{"Bool": {"aws:SecureTransport": {"false"}}}
	role := wantedRole()
	role.Description = "it's for $HOME & \"more\""
	change := func(ref steps.Ref, after steps.Doc) steps.Change {
		return steps.NewChange("x", ref, steps.Absent, after, steps.Text{})
	}
	grant := steps.Ref{Kind: steps.KindSignerGrant, Side: steps.Source, Name: userARN, In: "snapferry-signer"}
	return []steps.Change{
		change(bucketRef(), wantedBucket().Doc()),
		change(steps.Ref{Kind: steps.KindBucketPolicy, Side: steps.Source, Name: bucketName}, doc(tls)),
		change(roleRef(), role.Doc()),
		change(grant, doc(allow("SnapferryPassRole", "iam:PassRole", roleARN))),
	}
}

// TestJudgeCommands: the printed lines of AWS CLI and curl make what we would
// have made, and the printed lines of the way back take it away.
func TestJudgeCommands(t *testing.T) {
	b := newBench(t)
	before := b.dump()
	var script strings.Builder
	list := things()
	for _, c := range list {
		script.WriteString(b.kind(c.Ref.Kind).Render(c).CLI)
	}
	b.shell(t.TempDir(), script.String())
	for _, c := range list {
		b.reads(c.Ref, c.After)
	}

	if _, err := b.facts.Signer(b.ctx, steps.Source); err != nil { // learns the endpoint
		t.Fatal(err)
	}
	repository := steps.NewChange("x", repositoryRef(), steps.Absent, wantedRepository(), steps.Text{})
	kind := b.kind(steps.KindRepository)
	keys := `export AWS_ACCESS_KEY_ID=$KEY AWS_SECRET_ACCESS_KEY=$SECRET AWS_SESSION_TOKEN=; `
	b.shell(t.TempDir(), keys+strings.Replace(kind.Render(repository).Curl, "curl ", "curl --fail ", 1))
	b.reads(repositoryRef(), wantedRepository())
	gone := steps.NewChange("x", repositoryRef(), wantedRepository(), steps.Absent, steps.Text{})
	b.shell(t.TempDir(), keys+strings.Replace(kind.Render(gone).Curl, "curl ", "curl --fail ", 1))
	b.reads(repositoryRef(), steps.Absent)

	script.Reset()
	for _, c := range slices.Backward(list) {
		c := steps.NewChange("x", c.Ref, c.After, steps.Absent, steps.Text{})
		script.WriteString(b.kind(c.Ref.Kind).Render(c).CLI)
	}
	b.shell(t.TempDir(), script.String())
	if after := b.dump(); after != before {
		t.Errorf("left behind:\n%s", after)
	}
}

const provider = `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                 = "eu-west-1"
  skip_region_validation = true
}
`

// mirror finds a file system mirror with the AWS provider.
func mirror() (root string) {
	home, _ := os.UserHomeDir()
	for _, top := range []string{"/opt", "/usr/local/share", "/usr/share", filepath.Join(home, ".terraform.d")} {
		_ = filepath.WalkDir(top, func(p string, _ os.DirEntry, err error) error {
			if err == nil && strings.HasPrefix(filepath.Base(p), "terraform-provider-aws_v") {
				root = filepath.Join(p, "../../../../../..") // ROOT/HOST/NAMESPACE/TYPE/VERSION/SYSTEM/FILE
				return filepath.SkipAll
			}
			return nil
		})
	}
	return root
}

// TestJudgeTerraform: what is printed as Terraform makes what we would have
// made; what we have made is imported without a difference.
func TestJudgeTerraform(t *testing.T) {
	root := mirror()
	if _, err := exec.LookPath("terraform"); err != nil || root == "" {
		t.Skip("SKIPPED: terraform or a mirror with its AWS provider is not on this machine; renderings were not judged by it")
	}
	b := newBench(t)
	list := things()
	write := func(existing bool) (dir string) {
		dir = t.TempDir()
		main := provider
		for _, c := range list {
			if existing {
				c = steps.NewChange("x", c.Ref, c.After, c.After, steps.Text{})
				c.Verb = steps.Modify
			}
			main += "\n" + b.kind(c.Ref.Kind).Render(c).Terraform
		}
		for name, text := range map[string]string{"main.tf": main, "cli.tfrc": `provider_installation { filesystem_mirror { path = "` + root + `" } }`} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	run := func(dir, command string) {
		b.shell(dir, "terraform "+command+" -no-color -input=false", "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	}
	fresh := write(false)
	run(fresh, "init")
	run(fresh, "apply -auto-approve")
	for _, c := range list {
		b.reads(c.Ref, c.After)
	}
	// Imported elsewhere, the same things need no change: after the import the
	// plan is empty.
	adopted := write(true)
	run(adopted, "init")
	run(adopted, "apply -auto-approve")
	run(adopted, "plan -detailed-exitcode")
	for _, c := range list {
		b.reads(c.Ref, c.After)
	}
	run(adopted, "destroy -auto-approve")
	for _, c := range list {
		if got, err := b.kind(c.Ref.Kind).Read(b.ctx, c.Ref); err != nil || got.Exists() {
			t.Errorf("%s after destroy: %s %v", c.Ref, got, err)
		}
	}
}
