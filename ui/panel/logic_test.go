package panel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/ui/board"
)

func plainLook() Look { return lookOf(looks["colour"]) }

// bare is what a person reads of lines.
func bare(lines []string) string { return ansi.Strip(strings.Join(lines, "\n")) }

func TestSpent(t *testing.T) {
	for _, c := range []struct {
		took    time.Duration
		running bool
		want    string
	}{
		{-time.Second, true, "0 s"},
		{0, false, "0.0 s"},
		{1250 * time.Millisecond, false, "1.2 s"},
		{1950 * time.Millisecond, true, "1 s"},
		{59 * time.Second, true, "59 s"},
		{time.Minute, false, "1:00"},
		{31*time.Minute + 7*time.Second, true, "31:07"},
		{time.Hour + 2*time.Minute + 3*time.Second, false, "1:02:03"},
	} {
		if got := spent(c.took, c.running); got != c.want {
			t.Errorf("%s running %v: %q, wants %q", c.took, c.running, got, c.want)
		}
	}
}

// TestTimeLeft: under a quarter of an hour a sign says so, and not the colour alone.
func TestTimeLeft(t *testing.T) {
	l := plainLook()
	for _, c := range []struct {
		until time.Time
		want  string
		warns bool
	}{
		{time.Time{}, "", false},
		{noon.Add(5 * time.Hour), "5 h", false},
		{noon.Add(52 * time.Minute), "52 min", false},
		{noon.Add(15 * time.Minute), "15 min", false},
		{noon.Add(15*time.Minute - time.Second), "! 14 min", true},
		{noon.Add(30 * time.Second), "! 0 min", true},
		{noon, "! over", true},
		{noon.Add(-time.Hour), "! over", true},
	} {
		got := l.remaining(c.until)
		if ansi.Strip(got) != c.want || c.warns != (got == l.Warn.Render(c.want) && got != "") {
			t.Errorf("%s: %q, wants %q", c.until, got, c.want)
		}
	}
}

// TestWhoseTimeIsLeft: who signs is named already, another identity that ends first is not.
func TestWhoseTimeIsLeft(t *testing.T) {
	l := plainLook()
	e := End{Expires: noon.Add(9 * time.Minute)}
	if got := ansi.Strip(l.until(e)); got != "! 9 min" {
		t.Error(got)
	}
	e.Ends = "control"
	if got := ansi.Strip(l.until(e)); got != "control ! 9 min" || !strings.Contains(ansi.Strip(l.hurry(e)), got) || l.until(End{Ends: "control"}) != "" {
		t.Error(got)
	}
}

// TestFiguresAreTheBoards: the words beside a bar are those of the plain lines, and a
// guess of the rest stands there only when it is honest.
func TestFiguresAreTheBoards(t *testing.T) {
	for name, p := range map[string]steps.Progress{
		"bytes":       {DoneBytes: 5, TotalBytes: 10, DoneShards: 1, TotalShards: 2, BytesPerSecond: 7, ETASeconds: 3},
		"shards":      {DoneShards: 3, TotalShards: 7},
		"too early":   {DoneBytes: 9, TotalBytes: 1000, BytesPerSecond: 7, ETASeconds: 9},
		"just enough": {DoneBytes: 10, TotalBytes: 1000, BytesPerSecond: 7, ETASeconds: 9},
	} {
		line, words := strings.ReplaceAll(board.ProgressLine(p), " %  ", " %, "), figures(p)
		if !strings.HasSuffix(line, words) || words == "" || strings.ContainsAny(words, "[]#") {
			t.Errorf("%s: %q of %q", name, words, line)
		}
		if honest := name == "bytes" || name == "just enough"; strings.Contains(words, "left") != honest {
			t.Errorf("%s: %q", name, words)
		}
	}
	if lines := plainLook().progress(steps.Progress{}, 40); lines != nil {
		t.Errorf("of nothing: %q", lines)
	}
}

func TestBar(t *testing.T) {
	l := lookOf(looks["ascii"])
	for _, c := range []struct {
		done, total int64
		cells       int
		want        string
	}{
		{0, 10, 10, "----------"},
		{1, 10, 10, "#---------"},
		{99, 100, 10, "#########-"},
		{100, 100, 10, "##########"},
		{500, 100, 4, "####"},
		{-5, 100, 4, "----"},
		{5, 0, 4, "----"},
		{5, 10, 0, ""},
		{1 << 50, 1 << 51, 4, "##--"},
	} {
		if got := ansi.Strip(l.bar(c.done, c.total, c.cells)); got != c.want {
			t.Errorf("%d of %d: %q, wants %q", c.done, c.total, got, c.want)
		}
	}
}

// TestPlain: nothing from outside steers the terminal.
func TestPlain(t *testing.T) {
	unicode, ascii := plainLook(), lookOf(looks["ascii"])
	for in, want := range map[string]string{
		"as it is": "as it is", "two\nlines\tand\rmore": "two lines and more", "\x1b[31mred\x1b[0m": "red", "\x1b]0;title\x07x": "x", "bell\a\u009b2J": "bell", wide: wide,
	} {
		if got := unicode.Plain(in); got != want {
			t.Errorf("%q: %q, wants %q", in, got, want)
		}
	}
	if got := ascii.Plain("5 × 2 – done…"); got != "5 x 2 - done.." {
		t.Errorf("ASCII: %q", got)
	}
}

// TestMasked: what is to be hidden is hidden in every panel.
func TestMasked(t *testing.T) {
	l := plainLook()
	l.Words = board.NewWords(language.English, func(s string) string {
		return strings.NewReplacer("acme", "NAME", "111111111111", "ACCOUNT", "1111-1111-1111", "ACCOUNT", "logs-prod", "DOMAIN", "logs-0", "INDEX-").Replace(s)
	})
	for _, v := range views() {
		shown := bare(v.draw(l, 120, 500))
		for _, secret := range []string{"acme", "111111111111", "1111-1111-1111", "logs-0"} {
			// What was called is masked by whoever hands it over.
			if v.name != "run" && strings.Contains(shown, secret) {
				t.Errorf("%s shows %s:\n%s", v.name, secret, shown)
			}
		}
	}
}

func TestShares(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		names []string
		room  int
		want  []int
	}{
		{[]string{x(5), x(5)}, 20, []int{5, 5}},
		{[]string{x(5), x(50)}, 20, []int{5, 15}},
		{[]string{x(5), x(50), x(50)}, 25, []int{5, 10, 10}},
		{[]string{x(9), x(50), x(11)}, 31, []int{9, 11, 11}},
		{[]string{x(50), x(50)}, -3, []int{0, 0}},
	} {
		if got := shares(c.names, c.room); !slices.Equal(got, c.want) {
			t.Errorf("%v in %d: %v, wants %v", c.names, c.room, got, c.want)
		}
	}
}

func TestFamilies(t *testing.T) {
	list := Ordered(append(findings(), steps.Finding{ID: "new", Family: "unheard of", Outcome: steps.Pass}))
	var names []steps.Family
	for _, g := range group(list) {
		names = append(names, g.name)
		if g.worst != list[g.from+Heaviest(list[g.from:g.to])].Outcome {
			t.Errorf("the worst of %s is %s", g.name, g.worst)
		}
	}
	want := []steps.Family{steps.FamilyHost, steps.FamilyIdentity, steps.FamilyDomain, steps.FamilyRole, steps.FamilyBucket, steps.FamilyFit, "unheard of"}
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
	if got := list[Heaviest(list)].ID; got != "role-trusts-service" {
		t.Errorf("the heaviest is %s", got)
	}
	at := Heaviest(list)
	for i := range want {
		at = FamilyAfter(list, at, false)
		if got := list[at].Family; got != want[(i+4)%len(want)] {
			t.Errorf("tab %d leads to %s", i, got)
		}
	}
	if back := FamilyAfter(list, FamilyAfter(list, at, true), false); list[back].Family != list[at].Family {
		t.Error("back and forth leads elsewhere")
	}
	if FamilyAfter(nil, 0, false) != 0 || Heaviest(nil) != 0 {
		t.Error("of nothing")
	}
}

// TestOpenFindingIsInSight: wherever the cursor is, what it is on can be read.
func TestOpenFindingIsInSight(t *testing.T) {
	list := Ordered(findings())
	for _, room := range [][2]int{{60, 12}, {80, 19}, {120, 31}} {
		for at := range list {
			lines, _ := plainLook().Findings(Findings{Found: list, At: at}, room[0], room[1])
			shown := bare(lines)
			if !strings.Contains(shown, string(list[at].ID)) || !strings.Contains(shown, plainLook().Glyphs.Cursor) {
				t.Fatalf("%v: %s is not in sight:\n%s", room, list[at].ID, shown)
			}
		}
	}
}

func TestWindow(t *testing.T) {
	l := lookOf(looks["ascii"])
	var lines []string
	for i := range 20 {
		lines = append(lines, fmt.Sprint(i))
	}
	for _, c := range []struct{ from, height, first, count, at int }{
		{0, 20, 0, 20, 0}, {5, 30, 0, 20, 0}, {0, 10, 0, 10, 0}, {5, 10, 5, 10, 5}, {99, 10, 11, 10, 11}, {-3, 10, 0, 10, 0}, {19, 1, 19, 1, 19}, {0, 0, 0, 0, 0},
	} {
		shown, from := l.Window(lines, c.from, c.height)
		if len(shown) != c.count || from != c.at || c.count > 0 && shown[0] != fmt.Sprint(c.first) {
			t.Errorf("from %d, %d lines: %q at %d", c.from, c.height, shown, from)
		}
		if c.height == 10 && !strings.Contains(bare(shown), fmt.Sprintf("%d-%d of 20", from+1, from+9)) {
			t.Errorf("does not say what is left out: %q", shown)
		}
	}
}

func TestBrief(t *testing.T) {
	l := plainLook()
	words := "trust of " + longARN + " names it"
	if got := bare(l.Brief().words(words, 70, l.Text.Render)); strings.Contains(got, longARN) || !strings.HasPrefix(got, "trust of arn:aws:iam::") || !strings.HasSuffix(strings.ReplaceAll(got, "\n", " "), "names it") {
		t.Errorf("brief: %s", got)
	}
	if got := strings.ReplaceAll(bare(l.words(words, 70, l.Text.Render)), "\n", ""); !strings.Contains(got, "snapferry-snapshot-role") || len(got) < len(words)-8 {
		t.Errorf("whole: %s", got)
	}
	command := "aws iam get-role --role-name " + longARN
	if got := strings.NewReplacer("\n", "", "    ", "").Replace(bare(l.Brief().block(command, 40))); got != command {
		t.Errorf("a command was shortened: %s", got)
	}
}

func TestHosts(t *testing.T) {
	for host, want := range map[string]string{
		"search-logs-prod-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com": "logs-prod",
		"vpc-a-b-c-abcdefghijklmnopqrstuvwx01.eu-west-1.es.amazonaws.com":        "a-b-c",
		"iam.amazonaws.com": "iam", "127.0.0.1:9443": "127", "": "", "search.example.com": "search",
	} {
		if got := domain(host); got != want {
			t.Errorf("%s: %s, wants %s", host, got, want)
		}
	}
}

// TestNamesOfIndicesAreWhole where there is room for them: beside a shorter bar, or with
// fewer of them beside each other.
func TestNamesOfIndicesAreWhole(t *testing.T) {
	many := func(n, long int) (list []steps.ItemProgress) {
		for range n {
			list = append(list, steps.ItemProgress{Name: strings.Repeat("n", long), DoneBytes: 1, TotalBytes: 2})
		}
		return list
	}
	for _, c := range []struct{ n, long, height, columns int }{{4, 11, 9, 2}, {4, 26, 9, 2}, {4, 27, 9, 1}, {4, 27, 3, 2}, {20, 60, 9, 2}} {
		all := many(c.n, c.long)
		if got := perRow(all, 80, c.height); got != c.columns {
			t.Errorf("%+v: %d columns", c, got)
		}
		whole := strings.Contains(ansi.Strip(plainLook().item(all[0], share(80, c.columns))), all[0].Name)
		if fits := c.columns == 1 || c.long <= 26; whole != fits {
			t.Errorf("%+v: %q", c, ansi.Strip(plainLook().item(all[0], share(80, c.columns))))
		}
	}
}

// TestCallsOfTheSides: two domains often have one name.
func TestCallsOfTheSides(t *testing.T) {
	c := calls(1)[0]
	for side, want := range map[steps.Side]string{"": "GET logs-prod /_snapshot", steps.Source: "GET source /_snapshot", steps.Target: "GET target /_snapshot"} {
		if c.Side = side; !strings.Contains(ansi.Strip(plainLook().call(c, 120)), want) {
			t.Errorf("%q: %s", side, ansi.Strip(plainLook().call(c, 120)))
		}
	}
}

func TestCurrent(t *testing.T) {
	state := func(list ...steps.StepStatus) *steps.State {
		s := &steps.State{}
		for _, st := range list {
			s.Steps = append(s.Steps, steps.StepState{Status: st})
		}
		return s
	}
	for _, c := range []struct {
		state *steps.State
		want  int
	}{
		{state(steps.StatusDone, steps.StatusRunning, steps.StatusWaiting), 1},
		{state(steps.StatusFailed, steps.StatusWaiting, steps.StatusRunning), 2},
		{state(steps.StatusDone, steps.StatusFailed, steps.StatusWaiting), 1},
		{state(steps.StatusDone, steps.StatusStopped, steps.StatusWaiting), 1},
		{state(steps.StatusDone, steps.StatusSkipped, steps.StatusWaiting), 2},
		{state(steps.StatusDone, steps.StatusExisted), 1},
		{state(), -1},
	} {
		if got := Current(c.state); got != c.want {
			t.Errorf("%+v: %d, wants %d", c.state.Steps, got, c.want)
		}
	}
}
