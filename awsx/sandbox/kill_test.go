package sandbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/fixture"
)

// childDir names the directory that this test binary, started again, serves a
// sandbox in.
const childDir = "SNAPFERRY_TEST_SANDBOX_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		serve(dir)
	}
	os.Exit(fixture.Run(m))
}

// serve runs a sandbox until it is killed or its starter is gone.
func serve(dir string) {
	s, err := sandbox.Open(context.Background(), sandbox.Options{Dir: dir, Pace: sandbox.PaceInstant})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready", s.Info().Address)
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	os.Exit(0)
}

// start runs a sandbox in a process of its own and gives a way to kill it.
func start(t *testing.T, dir string) (kill func()) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	stdin, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready ") {
		t.Fatalf("the sandbox did not start: %q, %v", line, err)
	}
	return func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = stdin.Close()
	}
}

// TestKilledInTheMiddleOfWriting kills the process while a client writes as fast
// as it can. Every answered write must be there afterwards, under the same
// address, and the world must be whole.
func TestKilledInTheMiddleOfWriting(t *testing.T) {
	dir := t.TempDir()
	kill := start(t, dir)
	info, err := sandbox.Join(dir)
	must(t, err)
	admin, _ := labelled(t, info, "source", "source")
	c := clientsOf(admin, throughProxy(t, info))
	answered := make(chan int)
	go func() {
		n := 0
		for ; ; n++ {
			trust := fixture.Trusting("Service", "es.amazonaws.com", "")
			if _, err := c.iam.CreateRole(context.Background(), &iam.CreateRoleInput{RoleName: aws.String(fmt.Sprintf("r%d", n)), AssumeRolePolicyDocument: &trust}); err != nil {
				break
			}
			if n == 10 {
				go kill()
			}
		}
		answered <- n
	}()
	n := <-answered
	if n < 10 {
		t.Fatalf("only %d roles were made before the end", n)
	}

	defer start(t, dir)()
	again, err := sandbox.Join(dir)
	must(t, err)
	if again.Address != info.Address || again.PID == info.PID {
		t.Errorf("it came back as %s (%d), was %s (%d)", again.Address, again.PID, info.Address, info.PID)
	}
	roles, err := clientsOf(admin, throughProxy(t, again)).iam.ListRoles(context.Background(), &iam.ListRolesInput{})
	must(t, err)
	if got := len(roles.Roles); got != n && got != n+1 {
		t.Errorf("%d roles were answered for, %d are there", n, got)
	}
	log, err := sandbox.Requests(dir)
	must(t, err)
	made := 0
	for _, r := range log {
		if r.Operation == "CreateRole" && r.Changed() {
			made++
		}
	}
	if made < n {
		t.Errorf("%d roles were answered for, the log has %d", n, made)
	}
}

// TestLeftoversOfAKill: files half written are no obstacle.
func TestLeftoversOfAKill(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	before := dump(t, s)
	shut(t, s)
	for _, name := range []string{"world.json.new", "sandbox.json.new"} {
		must(t, os.WriteFile(dir+"/"+name, []byte(`{"half`), 0o600))
	}
	if after := dump(t, open(t, dir)); after != before {
		t.Error("the world is another one")
	}
}

// TestJoinedSandboxServesSeveral is two processes at one sandbox.
func TestJoinedSandboxServesSeveral(t *testing.T) {
	dir := t.TempDir()
	defer start(t, dir)()
	info, err := sandbox.Join(dir)
	must(t, err)
	admin, d := labelled(t, info, "source", "source")
	for range 2 {
		tr := throughProxy(t, info)
		status, body := call(t, tr, admin, d.Endpoint, http.MethodGet, "/_cat/indices?format=json&h=index", "")
		var indices []map[string]string
		if err := json.Unmarshal([]byte(body), &indices); status != 200 || err != nil || len(indices) < 24 {
			t.Errorf("%d, %d indices, %v", status, len(indices), err)
		}
	}
	if _, err := sandbox.Open(context.Background(), sandbox.Options{Dir: dir}); err == nil {
		t.Error("served twice")
	}
}
