//go:build unix

package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox"
	"snapferry/ui/drive"
)

// built is the program as it is handed out, and not this test binary.
func built(t testing.TB) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "snapferry")
	if out, err := exec.Command("go", "build", "-o", to, root).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return to
}

// quartiles of a list of durations, in milliseconds.
func quartiles(list []time.Duration) (low, mid, high float64) {
	s := slices.Sorted(slices.Values(list))
	at := func(n int) float64 { return s[(len(s)-1)*n/4].Seconds() * 1000 }
	return at(1), at(2), at(3)
}

// opened starts a program on a terminal of 120 by 40.
func opened(b *testing.B, home string, line ...string) *drive.Terminal {
	b.Helper()
	return drive.Start(b, drive.Options{Args: line, Env: at{home: home}.environ(), Dir: home, Width: 120, Height: 40})
}

// firstFrames is how many starts a median is taken from.
const firstFrames = 41

// BenchmarkFirstFrame is the time from exec to the first whole picture: title,
// first question, keys.
func BenchmarkFirstFrame(b *testing.B) {
	program := built(b)
	var list []time.Duration
	for b.Loop() {
		for range firstFrames {
			home := b.TempDir()
			began := time.Now()
			d := opened(b, home, program, "--sandbox")
			d.Until("the first picture", func(p drive.Screen) bool { return p.Full && unframed(p) == "" && p.Says("What brings you here") })
			list = append(list, time.Since(began))
			if _, err := os.Stat(filepath.Join(home, "snapferry-run", "sandbox")); err == nil {
				b.Error("the sandbox was started for it")
			}
			d.End()
		}
	}
	low, mid, high := quartiles(list)
	b.ReportMetric(low, "ms-q1")
	b.ReportMetric(mid, "ms-median")
	b.ReportMetric(high, "ms-q3")
}

// many is how many indices the larger world has.
const many = 10_000

// crowded is a sandbox whose source has very many indices, in this process.
func crowded(b *testing.B) (dir string) {
	b.Helper()
	dir = filepath.Join(b.TempDir(), "box")
	box, err := sandbox.Open(context.Background(), sandbox.Options{
		Dir: dir, Access: map[string]sandbox.AccessKind{"source": sandbox.AccessOpen, "target": sandbox.AccessOpen},
	})
	fine(b, err)
	b.Cleanup(func() { box.Close(context.Background()) })
	ask := func(domain sandbox.DomainInfo, method, path, kind string, body io.Reader) {
		q, err := http.NewRequest(method, "https://"+domain.Endpoint+path, body)
		fine(b, err)
		q.Header.Set("Content-Type", kind)
		answer, err := (&http.Client{Transport: box.Transport()}).Do(q)
		fine(b, err)
		said, err := io.ReadAll(answer.Body)
		fine(b, err)
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK || bytes.Contains(said, []byte(`"errors":true`)) {
			b.Fatalf("%s %s: %s %.300s", method, path, answer.Status, said)
		}
	}
	var body bytes.Buffer
	for i := range many {
		fmt.Fprintf(&body, "{\"index\":{\"_index\":\"many-%06d\"}}\n{\"n\":%d}\n", i, i)
	}
	for _, d := range box.Info().Domains {
		if d.Label == "source" || d.Label == "target" {
			ask(d, "PUT", "/_cluster/settings", "application/json", strings.NewReader(`{"persistent":{"cluster.max_shards_per_node":"100000"}}`))
		}
		if d.Label == "source" {
			ask(d, "POST", "/_bulk", "application/x-ndjson", &body)
		}
	}
	return dir
}

// peaked is what a process had in memory at most since it was last asked, in MiB, and
// how much of that is the program's own text, which it shares with its file.
func peaked(b *testing.B, pid int) (peak, text float64) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	fine(b, err)
	of := func(name string) float64 {
		for l := range strings.SplitSeq(string(status), "\n") {
			if rest, ok := strings.CutPrefix(l, name+":"); ok {
				kib, err := strconv.Atoi(strings.Fields(rest)[0])
				fine(b, err)
				return float64(kib) / 1024
			}
		}
		b.Fatalf("no %s", name)
		return 0
	}
	peak, text = of("VmHWM"), of("RssFile")+of("RssShmem")
	fine(b, os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0o600)) // proc(5): the peak begins anew
	return peak, text
}

// manyAnswers are about all of them, between domains that are open.
const manyAnswers = `source:
  account: "111111111111"
  region: eu-west-1
  domain: logs-prod
  control:
    profile: source
target:
  account: "222222222222"
  domain: logs-prod
  control:
    profile: target
bucket:
  name: acme-os-migration
move:
  indices: ["*"]
`

// pressed presses enter until the title says where it is to get to.
func pressed(d *drive.Terminal, where string) {
	idle := func(p drive.Screen) bool { return p.Full && !strings.ContainsAny(p.String(), spinning) }
	for p := d.Until("a screen", idle); !strings.Contains(title(p), where); p = d.Until("a screen", idle) {
		before := p.String()
		d.Press("enter")
		d.Until("another", func(p drive.Screen) bool { return p.String() != before })
	}
}

// BenchmarkMany is the memory of the program with ten thousand indices at most, from
// page to page, and how much of a processor the board of its run takes; the sandbox is
// in this process. The run goes on to its report.
func BenchmarkMany(b *testing.B) {
	program := built(b)
	for b.Loop() {
		box, home := crowded(b), b.TempDir()
		file := filepath.Join(home, "many.yaml")
		fine(b, os.WriteFile(file, []byte(manyAnswers), 0o600))
		d := drive.Start(b, drive.Options{
			Args: []string{program, "--sandbox=" + box, "--file", file}, Env: at{home: home}.environ(), Dir: home,
			Width: 120, Height: 40, Patience: 3 * time.Minute,
		})
		highest, began := 0.0, time.Now()
		until := func(page string) {
			peak, text := peaked(b, d.PID())
			highest = max(highest, peak)
			b.ReportMetric(peak, "MiB-"+page)
			b.ReportMetric(text, "MiB-text")
		}
		pressed(d, "What moves")
		d.Until("all of them", func(p drive.Screen) bool { return p.Says("10,0") && p.Says("indices move") })
		until("1-what-moves")
		pressed(d, "Plan")
		d.Wait("enter approve")
		until("2-plan")
		followed(b, d)
		until("3-run")
		d.Until("the report", func(p drive.Screen) bool { return strings.Contains(title(p), "Report") })
		until("4-report")
		b.ReportMetric(highest, "MiB-peak")
		b.ReportMetric(time.Since(began).Seconds(), "s-to-the-report")
		b.ReportMetric(spent(b, d.PID()).Seconds(), "s-of-a-CPU")
		d.End()
	}
}

// followed approves the plan that is shown, and measures how much of a processor the
// board takes while the snapshot is under way.
func followed(b *testing.B, d *drive.Terminal) {
	b.Helper()
	d.Type(targetAccount)
	d.Press("enter")
	d.Until("the snapshot under way", func(p drive.Screen) bool {
		return strings.Contains(title(p), "Run") && p.Says(" shards ") && p.Says(" %")
	})
	before, began := spent(b, d.PID()), time.Now()
	<-time.After(watched)
	b.ReportMetric(100*(spent(b, d.PID())-before).Seconds()/time.Since(began).Seconds(), "%-of-a-CPU")
}

// watched is for how long a board is looked at.
const watched = 10 * time.Second

// spent is the time that a process had a processor so far.
func spent(b *testing.B, pid int) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fine(b, err)
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var ticks int
	for _, f := range fields[11:13] { // utime and stime, in hundredths of a second
		n, err := strconv.Atoi(f)
		fine(b, err)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// BenchmarkBoard is how much of a processor the board of the sandbox's own migration
// takes while the snapshot is waited for; the sandbox is in this process.
func BenchmarkBoard(b *testing.B) {
	program := built(b)
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), "box")
		box, err := sandbox.Open(context.Background(), sandbox.Options{Dir: dir})
		fine(b, err)
		d := opened(b, b.TempDir(), program, "--sandbox="+dir)
		pressed(d, "Plan")
		d.Wait("enter approve")
		followed(b, d)
		peak, _ := peaked(b, d.PID())
		b.ReportMetric(peak, "MiB-peak")
		d.End()
		box.Close(context.Background())
	}
}
