package cli

import (
	"context"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"

	"snapferry/awsx/sandbox/fixture"
	"snapferry/ui/term"
)

// The test binary is also the program, so that tests can start it as a process
// of its own and kill it where it hurts most.
const (
	envMain  = "SNAPFERRY_TEST_MAIN"  // any value: be the program
	envPoint = "SNAPFERRY_TEST_POINT" // die at this durable point …
	envCall  = "SNAPFERRY_TEST_CALL"  // … or after this many calls
	envNth   = "SNAPFERRY_TEST_NTH"   // … when the point is passed the nth time
)

func TestMain(m *testing.M) {
	if os.Getenv(envMain) == "" {
		os.Exit(fixture.Run(m))
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	p := Process{Streams: term.System(), Signals: signals}
	if point := os.Getenv(envPoint); point != "" {
		nth, _ := strconv.Atoi(os.Getenv(envNth))
		var passed atomic.Int64
		p.Points = func(name string) {
			if name == point && passed.Add(1) == int64(nth) {
				die()
			}
		}
	}
	if calls, err := strconv.Atoi(os.Getenv(envCall)); err == nil {
		var made atomic.Int64
		p.Call = func(string) {
			if made.Add(1) == int64(calls) {
				die()
			}
		}
	}
	os.Exit(Run(context.Background(), os.Args[1:], p))
}

// die is SIGKILL: no deferred call, no buffer, no lock is given back by us.
func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}
