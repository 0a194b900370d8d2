//go:build judges

package sandbox_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox"
)

// The articles are field reports of people who moved domains by hand. Each is
// done again with the tools of its author; what they typed stands in
// testdata/articles. What they saw is here, with … for what differs each time.

// replay is one article on a sandbox.
type replay struct {
	t    *testing.T
	info sandbox.Info
	// folder is where the article's scripts stand.
	folder string
	// vars are what the scripts call things by.
	vars []sandbox.Variable
}

func newReplay(t *testing.T, s *sandbox.Sandbox, article string) *replay {
	return &replay{t, s.Info(), filepath.Join("testdata", "articles", article), []sandbox.Variable{
		{Name: "SRC", Value: "111111111111"},
		{Name: "TGT", Value: "222222222222"},
		{Name: "HOME", Value: t.TempDir()},
		{Name: "AWS_PAGER", Value: ""},
		{Name: "PYTHONPATH", Value: ".."},
		{Name: "PYTHONDONTWRITEBYTECODE", Value: "1"},
	}}
}

// let gives a variable to the scripts that follow.
func (r *replay) let(name, value string) {
	r.vars = append(r.vars, sandbox.Variable{Name: name, Value: value})
}

// exec runs a program as somebody in a shell with this environment would, without
// anything of AWS that this machine's own shell has.
func (r *replay) exec(env []sandbox.Variable, name string, args ...string) (stdout, stderr string, err error) {
	r.t.Helper()
	if variable(env, "HTTPS_PROXY") != r.info.Proxy {
		r.t.Fatal("a shell that leads past the sandbox")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = r.folder
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "AWS_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	for _, v := range slices.Concat(env, r.vars) {
		cmd.Env = append(cmd.Env, v.Name+"="+v.Value)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// script runs one of the article's scripts and gives what its commands said.
func (r *replay) script(env []sandbox.Variable, name string, args ...string) answers {
	r.t.Helper()
	out, errs, err := r.exec(env, "bash", append([]string{name}, args...)...)
	if err != nil {
		r.t.Fatalf("%s: %v\n%s%s", name, err, out, errs)
	}
	said := answers{}
	for _, part := range strings.Split("\n"+out, "\n== ")[1:] {
		head, text, _ := strings.Cut(part, "\n")
		name, code, _ := strings.Cut(head, " ")
		n, err := strconv.Atoi(code)
		if err != nil {
			r.t.Fatalf("%s has said %q", name, part)
		}
		if _, twice := said[name]; twice {
			r.t.Fatalf("two answers have the name %s", name)
		}
		said[name] = answer{n, strings.TrimRight(text, "\n")}
	}
	return said
}

// answer is what one command of a script said: its status or exit code, and the
// body or all it printed.
type answer struct {
	code int
	text string
}

// answers are those of a script, by the names it gives them.
type answers map[string]answer

// same compares what was said with what the article tells. Nothing that was said
// may go unnoticed.
func (r *replay) same(got, want answers) {
	r.t.Helper()
	for name, w := range want {
		g, said := got[name]
		if !said {
			r.t.Errorf("%s was not said", name)
		} else if g.code != w.code || !like(g.text, w.text) {
			r.t.Errorf("%s:\ngot  %d %s\nwant %d %s", name, g.code, g.text, w.code, w.text)
		}
	}
	for name, g := range got {
		if _, told := want[name]; !told {
			r.t.Errorf("%s: nobody told of %d %s", name, g.code, g.text)
		}
	}
}

// like compares a text with a pattern in which … stands for anything.
func like(text, pattern string) bool {
	parts := strings.Split(pattern, "…")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, last)
}

// as signs in as an account's administrator, on a machine of his own.
func (r *replay) as(account string) []sandbox.Variable {
	return append(r.info.Env(), sandbox.Variable{Name: "AWS_PROFILE", Value: account})
}

func TestArticlePatterns(t *testing.T) {
	for _, tc := range []struct {
		text, pattern string
		want          bool
	}{
		{"a", "a", true},
		{"ab", "a", false},
		{"ab", "a…", true},
		{"ab", "…b", true},
		{"ab", "b…", false},
		{"a1b2c", "a…b…c", true},
		{"a1b2cd", "a…b…c", false},
		{"a", "a…a", false},
		{"", "…", true},
	} {
		if got := like(tc.text, tc.pattern); got != tc.want {
			t.Errorf("%q like %q: %v", tc.text, tc.pattern, got)
		}
	}
}

// terraform takes files of the article to a folder of their own and gives a way
// to run Terraform there as an account's administrator, which gives what it
// printed, or why it failed. Not every machine has Terraform and its provider.
func (r *replay) terraform(account string, files ...string) func(args ...string) answer {
	r.t.Helper()
	mirror := providerMirror()
	if _, err := exec.LookPath("terraform"); err != nil || mirror == "" {
		r.t.Skip("SKIPPED: terraform or a mirror with its AWS provider is not on this machine; the article was not replayed with it")
	}
	dir := r.t.TempDir()
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join(r.folder, name))
		must(r.t, err)
		must(r.t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
	must(r.t, os.WriteFile(filepath.Join(dir, "cli.tfrc"), []byte(`provider_installation { filesystem_mirror { path = "`+mirror+`" } }`), 0o600))
	env := append(r.as(account), sandbox.Variable{Name: "TF_CLI_CONFIG_FILE", Value: filepath.Join(dir, "cli.tfrc")},
		sandbox.Variable{Name: "CHECKPOINT_DISABLE", Value: "1"}, sandbox.Variable{Name: "TF_IN_AUTOMATION", Value: "1"})
	run := func(args ...string) answer {
		r.t.Helper()
		out, errs, err := r.exec(env, "terraform", append([]string{"-chdir=" + dir, args[0], "-no-color"}, args[1:]...)...)
		if err != nil {
			return answer{1, errs}
		}
		return answer{0, out}
	}
	if a := run("init", "-input=false"); a.code != 0 {
		r.t.Fatal(a.text)
	}
	return run
}

// providerMirror finds the root of a file system mirror that holds the AWS
// provider, in the places such mirrors are kept.
func providerMirror() (root string) {
	home, _ := os.UserHomeDir()
	for _, top := range []string{"/opt", "/usr/local/share", "/usr/share", filepath.Join(home, ".terraform.d")} {
		_ = filepath.WalkDir(top, func(p string, _ os.DirEntry, err error) error {
			if err == nil && strings.HasPrefix(filepath.Base(p), "terraform-provider-aws_v") {
				// root/HOST/NAMESPACE/TYPE/VERSION/SYSTEM/file
				root = filepath.Join(p, "../../../../../..")
				return filepath.SkipAll
			}
			return nil
		})
	}
	return root
}
