//go:build long

package cli

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/steps/engine"
)

// randomKills is how many starts are killed after a random number of calls.
const randomKills = 50

// takeBackKills is how many undoings are.
const takeBackKills = 15

// seed makes the random kills the same in every run of the test.
const seed = 20261122

// killed is a migration in a process of its own, on a sandbox in this one: the
// whole road between two accounts with guarded domains and a customer key.
type killed struct {
	dir, file string
	box       *sandbox.Sandbox
}

func newKilled(t *testing.T) killed { return newKilledAt(t, sandbox.PaceInstant) }

func newKilledAt(t *testing.T, pace sandbox.Pace) killed {
	t.Helper()
	dir := t.TempDir()
	box, err := sandbox.Open(context.Background(), sandbox.Options{Dir: filepath.Join(dir, "box"), Pace: pace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close(context.Background()) })
	return killed{dir, answersFile(t, small), box}
}

// run starts the program as a process and says whether it ended by itself.
func (k killed) run(t *testing.T, env ...string) (output string, alive bool) {
	t.Helper()
	return k.start(t, []string{"run", "--yes", "--file", k.file}, env...)
}

func (k killed) start(t *testing.T, args []string, env ...string) (output string, alive bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, append(args, "--sandbox="+filepath.Join(k.dir, "box"), "--dir", filepath.Join(k.dir, "run"))...)
	c.Env = append(os.Environ(), append(env, envMain+"=1")...)
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState.ExitCode() >= 0 {
		t.Fatalf("ended with %v\n%s", err, out)
	}
	return string(out), err == nil
}

// outcome is what a migration left: its report without times, and what it
// changed in the sandbox.
type outcome struct {
	report    string
	mutations []string
}

var (
	timesInReport = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z)?|\d+(\.\d+)?(ms|µs| s\b|s\b)|(\d+m)+\d+(\.\d+)?s\b|\d+:\d\d\b|[0-9.]+ (B|KiB|MiB|GiB)/s`)
	runIDs        = regexp.MustCompile(`\d{4}-\d\d-\d\d-[0-9a-f]{6}`)
	uuids         = regexp.MustCompile(`[A-Za-z0-9_-]{22}`)
)

func (k killed) outcome(t *testing.T) outcome {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(k.dir, "run", "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := runIDs.ReplaceAllString(strings.ReplaceAll(string(b), k.dir, "DIR"), "RUN")
	// A UUID may hold what looks like a time.
	text = uuids.ReplaceAllString(text, "UUID")
	text = timesInReport.ReplaceAllString(text, "TIME")
	log, err := sandbox.Requests(filepath.Join(k.dir, "box"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, r := range log {
		// A verification leaves nothing behind and may be asked for again.
		if r.Mutates && !strings.HasSuffix(r.Path, "/_verify") && !givenAnyway[r.Operation] {
			list = append(list, r.Service+" "+r.Method+" "+r.Path+" "+r.Operation)
		}
	}
	slices.Sort(list)
	return outcome{text, list}
}

// givenAnyway are settings a new bucket comes with: whoever finds it made, but
// not written down, finds them as wanted and has nothing to write. That they are
// so is read back and stands in the report.
var givenAnyway = map[string]bool{"PutBucketEncryption": true, "PutPublicAccessBlock": true}

func (o outcome) same(t *testing.T, want outcome) {
	t.Helper()
	if d := cmp.Diff(strings.Split(want.report, "\n"), strings.Split(o.report, "\n")); d != "" {
		t.Errorf("another report than without the kill: %s", d)
	}
	if d := cmp.Diff(want.mutations, o.mutations); d != "" {
		t.Errorf("other changes than without the kill: %s", d)
	}
}

func undisturbed(t *testing.T) (want outcome, calls int) {
	t.Helper()
	k := newKilled(t)
	if out, alive := k.run(t); !alive {
		t.Fatalf("the undisturbed run died:\n%s", out)
	}
	return k.outcome(t), k.calls(t)
}

// passedElsewhere are the points a run at no pace does not pass: those of taking
// back, and the look at a moving act. Tests of their own kill there.
var passedElsewhere = map[string]bool{
	engine.PointPoll: true, engine.PointBeforeUndo: true, engine.PointUndoIntent: true, engine.PointAfterUndo: true, engine.PointUndone: true,
}

// TestKilledWhileItMoves kills in the middle of the snapshot and in the middle of
// the restore, at the pace people see.
func TestKilledWhileItMoves(t *testing.T) {
	want, _ := undisturbed(t)
	k := newKilledAt(t, sandbox.PaceRealistic)
	for _, nth := range []int{12, 40} {
		if out, alive := k.run(t, envPoint+"="+engine.PointPoll, fmt.Sprintf("%s=%d", envNth, nth)); alive {
			t.Fatalf("it was not killed at look %d:\n%s", nth, out)
		}
	}
	if out, alive := k.run(t); !alive {
		t.Fatalf("died without being killed:\n%s", out)
	}
	k.outcome(t).same(t, want)
}

// takeBackPoints are those of taking back.
var takeBackPoints = []string{engine.PointBeforeUndo, engine.PointUndoIntent, engine.PointAfterUndo, engine.PointUndone}

// TestUndoKilledAtEveryPoint kills the taking back at every passing of its points
// and goes on until the world is as before the run.
func TestUndoKilledAtEveryPoint(t *testing.T) {
	for _, point := range takeBackPoints {
		for nth := 1; ; nth++ {
			k := newKilled(t)
			before := k.everything(t)
			k.run(t)
			if _, alive := k.start(t, deleteAll, envPoint+"="+point, fmt.Sprintf("%s=%d", envNth, nth)); alive {
				if nth < 5 {
					t.Errorf("%s was passed %d times only", point, nth-1)
				}
				break
			}
			t.Run(fmt.Sprintf("%s-%d", point, nth), func(t *testing.T) {
				if out, alive := k.start(t, deleteAll); !alive {
					t.Fatalf("died without being killed:\n%s", out)
				}
				if d := cmp.Diff(before, k.everything(t)); d != "" {
					t.Errorf("the world is not as before: %s", d)
				}
			})
		}
	}
}

// TestCleanUpKilledAtEveryPoint kills the taking back of the helpers, then undoes
// the rest.
func TestCleanUpKilledAtEveryPoint(t *testing.T) {
	cleanUp := []string{"clean-up", "--yes"}
	whole := newKilled(t)
	whole.run(t)
	if out, alive := whole.start(t, cleanUp); !alive {
		t.Fatalf("died without being killed:\n%s", out)
	}
	want := whole.outcome(t).mutations
	for _, point := range takeBackPoints {
		for nth := 1; ; nth++ {
			k := newKilled(t)
			before := k.everything(t)
			k.run(t)
			if _, alive := k.start(t, cleanUp, envPoint+"="+point, fmt.Sprintf("%s=%d", envNth, nth)); alive {
				if nth < 5 {
					t.Errorf("%s was passed %d times only", point, nth-1)
				}
				break
			}
			t.Run(fmt.Sprintf("%s-%d", point, nth), func(t *testing.T) {
				if out, alive := k.start(t, cleanUp); !alive {
					t.Fatalf("died without being killed:\n%s", out)
				}
				if d := cmp.Diff(want, k.outcome(t).mutations); d != "" {
					t.Errorf("other changes than without the kill: %s", d)
				}
				if out, alive := k.start(t, deleteAll); !alive {
					t.Fatalf("died without being killed:\n%s", out)
				}
				if d := cmp.Diff(before, k.everything(t)); d != "" {
					t.Errorf("the world is not as before: %s", d)
				}
			})
		}
	}
}

// everything is the state of the whole sandbox, by lines.
func (k killed) everything(t *testing.T) []string {
	t.Helper()
	b, err := k.box.Everything(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(b), "\n")
}

// TestTakingBackKilledAtRandom kills an undo after a random number of calls, twice
// in a row.
func TestTakingBackKilledAtRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(seed, seed+1))
	whole := newKilled(t)
	whole.run(t)
	made := whole.calls(t)
	whole.start(t, deleteAll)
	calls := whole.calls(t) - made
	for i := range takeBackKills {
		first, second := 1+r.IntN(calls), 1+r.IntN(calls)
		t.Run(fmt.Sprintf("%02d-after-%d-and-%d", i, first, second), func(t *testing.T) {
			k := newKilled(t)
			before := k.everything(t)
			k.run(t)
			for _, after := range []int{first, second} {
				k.start(t, deleteAll, fmt.Sprintf("%s=%d", envCall, after))
			}
			if out, alive := k.start(t, deleteAll); !alive {
				t.Fatalf("died without being killed:\n%s", out)
			}
			if d := cmp.Diff(before, k.everything(t)); d != "" {
				t.Errorf("the world is not as before: %s", d)
			}
		})
	}
}

// TestAKilledRunUndone takes back what a run had made when it was killed. A bucket
// that did not get our mark in time is told, and left.
func TestAKilledRunUndone(t *testing.T) {
	r := rand.New(rand.NewPCG(seed, seed+2))
	_, calls := undisturbed(t)
	for i := range takeBackKills {
		after := 1 + r.IntN(calls)
		t.Run(fmt.Sprintf("%02d-after-%d", i, after), func(t *testing.T) {
			k := newKilled(t)
			before := k.everything(t)
			if _, alive := k.run(t, fmt.Sprintf("%s=%d", envCall, after)); alive {
				return
			}
			if _, err := os.Stat(filepath.Join(k.dir, "run", "journal.jsonl")); err != nil {
				return // it was killed before it began
			}
			out, alive := k.start(t, deleteAll)
			if !alive {
				t.Fatalf("died without being killed:\n%s", out)
			}
			if strings.Contains(out, "left as it is: bucket s3://acme-os-migration") && strings.Contains(out, "is not marked as ours") {
				return
			}
			if d := cmp.Diff(before, k.everything(t)); d != "" {
				t.Errorf("the world is not as before: %s\n%s", d, out)
			}
		})
	}
}

// calls is how many were made so far.
func (k killed) calls(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(k.dir, "run", callsName))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), "\n")
}

// TestKilledAtEveryPoint kills the process at the first, the second and so on
// passing of every named point, until a point is not passed any more.
func TestKilledAtEveryPoint(t *testing.T) {
	want, _ := undisturbed(t)
	for _, point := range engine.PointNames {
		for nth := 1; ; nth++ {
			k := newKilled(t)
			_, alive := k.run(t, envPoint+"="+point, fmt.Sprintf("%s=%d", envNth, nth))
			if alive {
				if nth == 1 && !passedElsewhere[point] {
					t.Errorf("nothing was killed at the point %s", point)
				}
				break
			}
			t.Run(fmt.Sprintf("%s-%d", point, nth), func(t *testing.T) {
				if out, alive := k.run(t); !alive {
					t.Fatalf("died without being killed:\n%s", out)
				}
				k.outcome(t).same(t, want)
			})
		}
	}
}

// TestKilledAtRandom kills after a random number of calls, twice in a row, so
// that resuming is killed too.
func TestKilledAtRandom(t *testing.T) {
	want, calls := undisturbed(t)
	r := rand.New(rand.NewPCG(seed, seed))
	died := 0
	for i := range randomKills {
		first, second := 1+r.IntN(calls), 1+r.IntN(calls)
		t.Run(fmt.Sprintf("%02d-after-%d-and-%d", i, first, second), func(t *testing.T) {
			k := newKilled(t)
			for _, after := range []int{first, second} {
				if _, alive := k.run(t, fmt.Sprintf("%s=%d", envCall, after)); !alive {
					died++
				}
			}
			if out, alive := k.run(t); !alive {
				t.Fatalf("died without being killed:\n%s", out)
			}
			k.outcome(t).same(t, want)
		})
	}
	if died < randomKills {
		t.Errorf("only %d of %d starts were killed", died, 2*randomKills)
	}
}
