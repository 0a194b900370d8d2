// Package cli is the command line: one file a command, each an options struct
// and a run function, and wire.go, the one place where concrete types are
// chosen. It knows flags, exit codes and streams; it does not know how a step
// works or what AWS answers.
package cli
