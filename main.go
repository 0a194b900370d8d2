// Command snapferry moves an Amazon OpenSearch Service domain into another AWS
// account by manual S3 snapshot. Everything it does is in package ui/cli and
// below; here are only the process's own ends: arguments, signals, exit code.
package main

import (
	"os"
	"os/signal"
	"syscall"

	"snapferry/ui/cli"
)

func main() {
	// SIGHUP is a lost SSH session: it stops like the first ctrl+c. A broken pipe
	// is told by the write that meets it, not by a signal that kills.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(cli.Main(os.Args[1:], signals))
}
