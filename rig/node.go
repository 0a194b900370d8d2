package rig

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Node is a running engine.
type Node struct {
	// URL is http://127.0.0.1:PORT.
	URL string
	// Log is the file that holds everything the node printed.
	Log  string
	Home Home

	security *Security
	cmd      *exec.Cmd
	lifeline io.Closer
	// gone is closed when the process has ended.
	gone chan struct{}
}

// portTries is how often a start is repeated when another process took the
// port between our look and the node's bind.
const portTries = 3

// Start assembles the engine when need be, starts a node and returns when it
// answers and its cluster is at least yellow: 6 to 15 seconds. ctx bounds the
// whole; the node itself lives until Close or the end of this process.
func Start(ctx context.Context, o Options) (*Node, error) {
	home, err := Assemble(ctx, o.Version)
	if err != nil {
		return nil, err
	}
	return home.Start(ctx, o)
}

// Start starts a node of an engine that is assembled already; o.Version is
// taken from it.
func (h Home) Start(ctx context.Context, o Options) (*Node, error) {
	o.Version = h.Version
	if err := o.check(h); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		n, err := h.start(ctx, o)
		if err == nil {
			return n, nil
		}
		if try == portTries || !strings.Contains(err.Error(), "Address already in use") {
			return nil, err
		}
	}
}

func (h Home) start(ctx context.Context, o Options) (*Node, error) {
	httpPort, transportPort, err := freePorts()
	if err != nil {
		return nil, err
	}
	if err := h.furnish(o, httpPort, transportPort); err != nil {
		return nil, err
	}
	args, err := h.javaArgs(ctx, o)
	if err != nil {
		return nil, err
	}
	n := &Node{
		URL:  "http://127.0.0.1:" + strconv.Itoa(httpPort),
		Log:  filepath.Join(o.DataDir, "logs", "console.log"),
		Home: h,
		gone: make(chan struct{}),

		security: o.Security,
	}
	if err := n.launch(o, args); err != nil {
		return nil, err
	}
	if err := n.await(ctx); err != nil {
		// Nothing is lost by a hard end: the node never was anybody's.
		_ = n.cmd.Process.Kill()
		n.Close()
		return nil, err
	}
	return n, nil
}

// launch starts the process. It is not bound to a context: a node outlives the
// call that started it, and ends by Close or by the lifeline.
func (n *Node) launch(o Options, args []string) error {
	log, err := os.Create(n.Log)
	if err != nil {
		return err
	}
	defer log.Close()
	n.cmd = exec.Command(n.Home.jdk.Tool("java"), args...)
	n.cmd.Dir = o.DataDir
	n.cmd.Stdout, n.cmd.Stderr = log, log
	// A metadata service or a profile of this machine is no part of a test.
	n.cmd.Env = append(os.Environ(), "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	pipe, err := n.cmd.StdinPipe()
	if err != nil {
		return err
	}
	n.lifeline = pipe
	if err := n.cmd.Start(); err != nil {
		return fmt.Errorf("rig: starting %s: %w", n.Home.Version, err)
	}
	go func() {
		// How it ended is told by its log; Close must only know that it did.
		_ = n.cmd.Wait()
		close(n.gone)
	}()
	if _, err := io.WriteString(pipe, o.secrets()); err != nil && !errors.Is(err, syscall.EPIPE) {
		n.Close()
		return fmt.Errorf("rig: handing the secure settings to %s: %w", n.Home.Version, err)
	}
	return nil
}

// await returns when the cluster answers and is yellow, or with the reason why
// it never will.
func (n *Node) await(ctx context.Context) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		last := n.ask(ctx)
		if last == nil {
			return n.makeUser(ctx)
		}
		select {
		case <-n.gone:
			return fmt.Errorf("rig: %s ended while it started; its log ends with\n%s", n.Home.Version, n.logTail())
		case <-ctx.Done():
			return fmt.Errorf("rig: waiting for %s to become yellow: %w; last answer: %w; its log ends with\n%s", n.Home.Version, context.Cause(ctx), last, n.logTail())
		case <-tick.C:
		}
	}
}

func (n *Node) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.URL+"/_cluster/health?wait_for_status=yellow&timeout=5s", nil)
	if err != nil {
		return err
	}
	n.AsMaster(req)
	resp, err := direct.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("health answered %s", resp.Status)
	}
	return nil
}

// direct goes past any proxy of the environment: nodes are on loopback.
var direct = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func (n *Node) logTail() string {
	log, err := os.ReadFile(n.Log)
	if err != nil {
		return err.Error()
	}
	return tail(log)
}

// AsMaster makes a request to the node come from its master. It changes nothing
// for a node without security.
func (n *Node) AsMaster(r *http.Request) { n.security.identify(r) }

// Pid is the node's process id.
func (n *Node) Pid() int { return n.cmd.Process.Pid }

// closeGrace is how long a node may take to close its indices; it needs about
// a second. Only a test shortens it.
var closeGrace = 20 * time.Second

// Close ends the node and waits until its process is gone. It may be called
// more than once.
func (n *Node) Close() {
	n.lifeline.Close()
	timer := time.NewTimer(closeGrace)
	defer timer.Stop()
	select {
	case <-n.gone:
		return
	case <-timer.C:
	}
	_ = n.cmd.Process.Kill()
	<-n.gone
}

// freePorts holds two listeners at once, so that the two differ.
func freePorts() (int, int, error) {
	var ports [2]int
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return 0, 0, fmt.Errorf("rig: no free port on loopback: %w", err)
		}
		defer l.Close()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports[0], ports[1], nil
}
