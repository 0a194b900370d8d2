//go:build unix

package cli

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"snapferry/awsx/sandbox"
	"snapferry/ui/drive"
)

// TestAStepFailsAndIsMended: when the plan is made, somebody denies the target's
// administrator a look behind the program's back. The step that needs it fails on the
// board of the run and says of what; trying again without having mended it fails as
// before, and after it the run goes on from there to its report. What was done before
// stays done.
func TestAStepFailsAndIsMended(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "box")
	box, err := sandbox.Open(context.Background(), sandbox.Options{Dir: dir, Pace: sandbox.PaceInstant})
	fine(t, err)
	t.Cleanup(func() { box.Close(context.Background()) })
	meddler := meddling(box, targetAccount)
	s := sit(t, at{width: 96, height: 30}, "--sandbox="+dir)
	s.planned()
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:GetRole","Resource":"*"}]}`
	user, policy := aws.String("admin"), aws.String("nobody-looks")
	_, err = meddler.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: user, PolicyName: policy, PolicyDocument: &deny})
	fine(t, err)
	s.approve(targetAccount)
	failed := s.Wait("Step target-role failed").String()
	says(t, failed, "iam:GetRole", "explicit deny", "Cause 1", "r retry", "q stop")
	if strings.Contains(failed, "s skip") {
		t.Errorf("what the rest needs can be skipped:\n%s", failed)
	}
	s.Press("r")
	s.Until("the board", func(p drive.Screen) bool { return !p.Says("failed. Nothing goes on") })
	s.Wait("Step target-role failed")
	_, err = meddler.DeleteUserPolicy(t.Context(), &iam.DeleteUserPolicyInput{UserName: user, PolicyName: policy})
	fine(t, err)
	s.Press("r")
	says(t, s.reported().String(), "49 indices", "moved and proven")
	journal := s.read("snapferry-run", "journal.jsonl")
	if n := strings.Count(journal, `"step_failed"`); n != 2 {
		t.Errorf("%d failures are written down", n)
	}
	log, err := os.ReadFile(filepath.Join(dir, "requests.jsonl"))
	fine(t, err)
	if n := len(regexp.MustCompile(`"method":"PUT"[^\n]*"path":"/_snapshot/snapferry/snapferry-[^"/]*"`).FindAllString(string(log), -1)); n != 1 {
		t.Errorf("the snapshot was taken %d times", n)
	}
}

// meddling is IAM of an account, as its administrator, beside the program.
func meddling(box *sandbox.Sandbox, account string) *iam.Client {
	c := aws.Config{Region: string(sandbox.Region), HTTPClient: &http.Client{Transport: box.Transport()}}
	for _, a := range box.Info().Accounts {
		if string(a.ID) == account {
			c.Credentials = credentials.NewStaticCredentialsProvider(a.AccessKey, a.Secret, "")
		}
	}
	return iam.NewFromConfig(c)
}
