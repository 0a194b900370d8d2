package rig

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func startFake(t *testing.T, h Home, o Options) *Node {
	t.Helper()
	n, err := h.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n
}

func logOf(t *testing.T, n *Node) string {
	t.Helper()
	b, err := os.ReadFile(n.Log)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestStartAndClose(t *testing.T) {
	for _, behave := range []string{"", "slow", "port taken once"} {
		t.Run(behave, func(t *testing.T) {
			n := startFake(t, fakeHome(t), Options{DataDir: nodeDir(t, behave)})
			resp, err := http.Get(n.URL)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if n.Pid() == os.Getpid() || n.Pid() <= 0 {
				t.Errorf("process id %d", n.Pid())
			}
			n.Close()
			n.Close() // a second time does no harm
			if log := logOf(t, n); !strings.HasSuffix(log, "closed\n") {
				t.Errorf("the node was not asked to close:\n%s", log)
			}
		})
	}
}

// TestSecretsTravelByPipe: keys are on no command line, in no file but the fake's
// own log, and not in the environment.
func TestSecretsTravelByPipe(t *testing.T) {
	dir := nodeDir(t, "")
	n := startFake(t, fakeHome(t), Options{
		DataDir: dir, S3Endpoint: "127.0.0.1:1", S3CA: []byte("PEM"), HeapMB: 300,
		S3: []Client{{Name: "slot1", AccessKey: "AKIAX", SecretKey: "hush"}},
	})
	log := logOf(t, n)
	for _, want := range []string{
		"secure s3.client.slot1.access_key=AKIAX\n", "secure s3.client.slot1.secret_key=hush\n", "-Xms150m -Xmx300m",
		"-Djavax.net.ssl.trustStore=" + filepath.Join(dir, "config", "trust.p12"), " Launcher " + dir,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("%q is missing in\n%s", want, log)
		}
	}
	_, args, _ := strings.Cut(log, "args ")
	if strings.Contains(args, "hush") {
		t.Errorf("the secret is on the command line: %s", args)
	}
	for _, file := range filesBelow(t, filepath.Join(dir, "config")) {
		if b, _ := os.ReadFile(filepath.Join(dir, "config", file)); strings.Contains(string(b), "hush") {
			t.Errorf("the secret lies in %s", file)
		}
	}
	if store, _ := os.ReadFile(filepath.Join(dir, "config", "trust.p12")); string(store) != "PEM" {
		t.Errorf("the trust store was made of %q", store)
	}
}

func TestStartThatFails(t *testing.T) {
	for behave, want := range map[string]string{
		"die":               "3.4.0 ended while it started; its log ends with",
		"port always taken": "Address already in use",
	} {
		t.Run(behave, func(t *testing.T) {
			_, err := fakeHome(t).Start(t.Context(), Options{DataDir: nodeDir(t, behave)})
			if err == nil || !strings.Contains(err.Error(), want) || behave == "die" && !strings.Contains(err.Error(), "unknown setting [x]") {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := fakeHome(t).Start(t.Context(), Options{}); err == nil || !strings.Contains(err.Error(), "no folder") {
		t.Errorf("without a folder: %v", err)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	impatient := errors.New("impatient")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 300*time.Millisecond, impatient)
	defer cancel()
	_, err := fakeHome(t).Start(ctx, Options{DataDir: nodeDir(t, "mute")})
	if !errors.Is(err, impatient) || !strings.Contains(err.Error(), "waiting for 3.4.0 to become yellow") || !strings.Contains(err.Error(), "args ") {
		t.Errorf("got %v", err)
	}
}

func TestStubbornNodeIsKilled(t *testing.T) {
	n := startFake(t, fakeHome(t), Options{DataDir: nodeDir(t, "stubborn")})
	grace := closeGrace
	closeGrace = 50 * time.Millisecond
	defer func() { closeGrace = grace }()
	n.Close()
	if _, err := http.Get(n.URL); err == nil {
		t.Error("the node answers after Close")
	}
}

func TestNodesFolderIsReusable(t *testing.T) {
	h, dir := fakeHome(t), nodeDir(t, "")
	for range 2 {
		startFake(t, h, Options{DataDir: dir}).Close()
	}
	for _, link := range []string{"modules/transport-netty4", "plugins/repository-s3"} {
		if to, err := os.Readlink(filepath.Join(dir, link)); err != nil || to != filepath.Join(h.Dir, link) {
			t.Errorf("%s leads to %q, %v", link, to, err)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, securityDir)); err == nil {
		t.Error("a node without security has the plugin")
	}
}
