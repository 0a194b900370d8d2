//go:build unix && !race

// Words are looked for here, not races: slowed down, its many keys take minutes.

package cli

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"snapferry/awsx/sandbox"
	"snapferry/ui/drive"
)

// whispered is a sandbox in this process, whose files are not those of a run, and what
// somebody types there that must not be found anywhere else.
type whispered struct {
	dir string
	// keys are those of a session in the source account.
	keys aws.Credentials
	// password is that of the target's master.
	password string
}

func newWhispered(t *testing.T) whispered {
	t.Helper()
	h := whispered{dir: filepath.Join(t.TempDir(), "box")}
	box, err := sandbox.Open(context.Background(), sandbox.Options{
		Dir: h.dir, Pace: sandbox.PaceInstant, Access: map[string]sandbox.AccessKind{"source": sandbox.AccessOpen, "target": sandbox.AccessInternalMaster},
	})
	fine(t, err)
	t.Cleanup(func() { box.Close(context.Background()) })
	for _, d := range box.Info().Domains {
		if d.Label == "target" {
			h.password = d.MasterPassword
		}
	}
	admin := box.Info().Accounts[0]
	c := aws.Config{
		Region: string(sandbox.Region), HTTPClient: &http.Client{Transport: box.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider(admin.AccessKey, admin.Secret, ""),
	}
	name, all := aws.String("visitor"), `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	trust := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRole"}]}`, admin.ID)
	made, err := iam.NewFromConfig(c).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: &trust})
	fine(t, err)
	_, err = iam.NewFromConfig(c).PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: name, PolicyName: name, PolicyDocument: &all})
	fine(t, err)
	out, err := sts.NewFromConfig(c).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: made.Role.Arn, RoleSessionName: name})
	fine(t, err)
	h.keys = aws.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken}
	return h
}

// secrets are the words to look for. The first letters of one are enough.
func (h whispered) secrets() []string {
	return []string{h.keys.AccessKeyID, h.keys.SecretAccessKey, h.keys.SessionToken[:40], h.password}
}

// choose moves down to a row of a list, and takes it.
func (s *sitting) choose(row string) {
	s.t.Helper()
	for range 12 {
		if strings.Contains(s.idle().Row("  ▸ "), row) {
			break
		}
		s.on("down")
	}
	s.on("enter")
}

// keyedIn types the keys of the source's page, by hand and by a paste.
func (s *sitting) keyedIn(h whispered) {
	s.t.Helper()
	s.goTo("Source account")
	for range 8 {
		p := s.Until("a question", func(p drive.Screen) bool { return asked(p) != "" })
		if strings.HasPrefix(asked(p), "Credentials") {
			break
		}
		s.on("shift+tab")
	}
	s.choose("Keys you type in")
	s.Type(h.keys.AccessKeyID)
	s.Wait("▸ typed, hidden")
	s.on("enter")
	s.Paste(h.keys.SecretAccessKey)
	s.Wait("▸ typed, hidden")
	s.on("enter")
	s.Paste(h.keys.SessionToken)
	s.Wait("▸ typed, hidden")
}

// kept looks for the secrets in everything the program showed and left.
func (s *sitting) kept(h whispered) {
	s.t.Helper()
	shown := string(s.Raw())
	for _, p := range s.Frames() {
		shown += "\n" + p.String()
	}
	for _, word := range h.secrets() {
		if i := strings.Index(shown, word); i >= 0 {
			s.t.Errorf("%s… was shown: %q", word[:6], shown[max(0, i-80):i+6])
		}
		if where := anyOf(s.t, s.home, word); len(where) > 0 {
			s.t.Errorf("%s… is in %v", word[:6], where)
		}
	}
}

// TestSecretsStayInTheTerminal: keys, token and password typed and pasted in their
// fields are in no file of the run, no picture, no report and no crash.
func TestSecretsStayInTheTerminal(t *testing.T) {
	t.Parallel()
	h := newWhispered(t)
	for _, ending := range []string{"report", "left", "crash"} {
		// The terminal library would write every key to this file.
		s := sit(t, at{width: 90, height: 30, env: []string{"TEA_TRACE=trace.log"}}, "--sandbox="+h.dir)
		s.keyedIn(h)
		switch ending {
		case "crash":
			s.crashed = true
			s.Signal(syscall.SIGQUIT)
			s.Code()
			says(t, s.Transcript(), "goroutine")
		case "left":
			s.Press("ctrl+c")
			s.ends(130)
		case "report":
			s.on("enter")
			s.goTo("Domains")
			for range 12 {
				if asked(s.Screen()) == "Its password" {
					break
				}
				s.on("enter")
			}
			s.Type(h.password)
			s.Wait("▸ typed, hidden")
			s.done()
			says(t, s.read("snapferry-run", "answers.yaml"), "base: keys")
		}
		s.kept(h)
	}
}
