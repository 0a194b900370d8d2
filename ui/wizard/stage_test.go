package wizard

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

var update = flag.Bool("update", false, "write the golden screens instead of comparing them")

// looks are the two ends of what a terminal can show; rooms are what terminals of a
// size leave for a screen.
var (
	looks = map[string]theme.Options{"colour": {Dark: true, Unicode: true, Profile: colorprofile.TrueColor}, "ascii": {Profile: colorprofile.NoTTY}}
	rooms = map[string][2]int{"60x20": {60, 15}, "80x24": {80, 19}, "120x40": {120, 31}, "200x60": {200, 51}}
)

// play is what is done for a screen on the stage.
type play struct {
	*desk
	check   func(context.Context) ([]steps.Finding, error)
	plan    func(accept []steps.CheckID) (Planned, error)
	run     func(ctx context.Context, by string) error
	explain func(body string, confirm bool) (steps.Diagnosis, error)
	fixes   []steps.CheckID
	fix     func(*ask.Answers) (steps.Text, error)
}

func (p *play) Check(ctx context.Context, _ *ask.Answers) ([]steps.Finding, error) {
	return p.check(ctx)
}

func (p *play) Fixable(f steps.Finding) bool {
	for _, id := range p.fixes {
		if f.ID == id {
			return true
		}
	}
	return false
}

func (p *play) Fix(_ context.Context, a *ask.Answers, _ steps.Finding) (steps.Text, error) {
	return p.fix(a)
}

func (p *play) Plan(_ context.Context, _ *ask.Answers, accept []steps.CheckID) (Planned, error) {
	return p.plan(accept)
}

func (p *play) Run(ctx context.Context, by string) error { return p.run(ctx, by) }

func (p *play) Explain(_ context.Context, _ *ask.Answers, body string, confirm bool) (steps.Diagnosis, error) {
	return p.explain(body, confirm)
}

// held are keys beyond those of pressed.
var held = map[string]tea.KeyPressMsg{
	"ctrl+d": {Code: 'd', Mod: tea.ModCtrl}, "ctrl+o": {Code: 'o', Mod: tea.ModCtrl}, "backspace": {Code: tea.KeyBackspace},
}

// stage has one screen on it, and does beside it what it wants done.
type stage struct {
	t      *testing.T
	screen screen
	msgs   chan tea.Msg
	// wants is what the screen wanted of the root.
	wants []tea.Msg
	room  [2]int
}

// props are what a screen is made with on the stage.
func props(t testing.TB, p *play, o theme.Options) made {
	t.Helper()
	if p.desk == nil {
		p.desk = &desk{}
	}
	return made{
		Options: Options{Look: o, Words: board.NewWords(language.English, nil), Answers: answered(t, preset), Deeds: p, Now: func() time.Time { return noon }},
		ctx:     t.Context(), theme: theme.New(o), cover: &cover{},
	}
}

// enter puts a screen on the stage.
func enter(t *testing.T, s screen) *stage {
	t.Helper()
	st := &stage{t: t, screen: s, msgs: make(chan tea.Msg, 1000), room: rooms["80x24"]}
	st.do(s.Init())
	return st
}

// do does something beside the screen.
func (s *stage) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	name := runtime.FuncForPC(reflect.ValueOf(cmd).Pointer()).Name()
	if strings.Contains(name, "made.want") || strings.Contains(name, "compactCmds") { // a wish waits for nothing
		s.take(cmd())
		return
	}
	go func() {
		select {
		case s.msgs <- cmd():
		case <-s.t.Context().Done():
		}
	}()
}

// take gives the screen a message, or notes what it wants.
func (s *stage) take(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case visitMsg:
		s.take(msg.msg)
	case tea.BatchMsg:
		for _, cmd := range msg {
			s.do(cmd)
		}
	case goMsg, backMsg, leaveMsg, plannedMsg:
		s.wants = append(s.wants, msg)
	default:
		if key, is := msg.(tea.KeyPressMsg); is && s.lying().sheet != nil {
			if s.lying().sheet.press(key, s.look(), s.room[0], s.room[1]) {
				s.lying().sheet = nil
			}
			return
		}
		s.do(s.screen.Update(msg))
		s.view() // as the program does after every message
	}
}

// until goes on until something is so.
func (s *stage) until(what string, so func() bool) *stage {
	s.t.Helper()
	late := time.After(20 * time.Second)
	for !so() {
		select {
		case msg := <-s.msgs:
			s.take(msg)
		case <-late:
			s.t.Fatalf("waited for %s\n%s", what, s.shows())
		}
	}
	return s
}

// still goes on until nothing is under way for the screen.
func (s *stage) still() *stage {
	s.t.Helper()
	return s.until("stillness", func() bool { return !s.screen.Moving() })
}

func (s *stage) press(keys ...string) *stage {
	s.shows() // nobody presses a key before there is a picture
	for _, k := range keys {
		if msg, ok := held[k]; ok {
			s.take(msg)
			continue
		}
		if msg, ok := pressed[k]; ok {
			s.take(msg)
			continue
		}
		for _, r := range k {
			s.take(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return s
}

// shows is the screen as it is read.
func (s *stage) shows() string { return ansi.Strip(s.view()) }

// look is what the screen is drawn with.
func (s *stage) look() panel.Look { return s.screen.(interface{ look(int) panel.Look }).look(0) }

// lying is what lies over the screen.
func (s *stage) lying() *cover { return s.screen.(interface{ covered() *cover }).covered() }

func (m made) covered() *cover { return m.cover }

// view draws the screen, or the sheet over it, in the room that the stage has.
func (s *stage) view() string {
	s.screen.Resize(s.room[0], s.room[1])
	if over := s.lying().sheet; over != nil {
		return strings.Join(over.view(s.look(), s.room[0], s.room[1]), "\n")
	}
	return s.screen.View(0)
}

// says waits until the screen says something.
func (s *stage) says(words ...string) *stage {
	s.t.Helper()
	for _, w := range words {
		s.until(w, func() bool { return strings.Contains(s.shows(), w) })
	}
	return s
}

func (s *stage) saysNot(words ...string) *stage {
	s.t.Helper()
	for _, w := range words {
		if strings.Contains(s.shows(), w) {
			s.t.Errorf("says %q:\n%s", w, s.shows())
		}
	}
	return s
}

// wanted waits for what the screen wants of the root.
func (s *stage) wanted(like func(tea.Msg) bool) *stage {
	s.t.Helper()
	return s.until("a wish", func() bool {
		for _, m := range s.wants {
			if like(m) {
				return true
			}
		}
		return false
	})
}

// goes says that a message goes to a place.
func goes(to place) func(tea.Msg) bool {
	return func(m tea.Msg) bool {
		g, is := m.(goMsg)
		return is && g.to == to
	}
}

// keysOf are the keys a screen names, by their signs.
func keysOf(list []key.Binding) string {
	var out []string
	for _, k := range list {
		out = append(out, k.Help().Key)
	}
	return strings.Join(out, " ")
}

// scene is a screen in a state that is worth a picture.
type scene struct {
	name string
	play func(t *testing.T, o theme.Options) *stage
}

// pictures compares scenes with golden ones, in every look and room, and holds them
// to their room.
func pictures(t *testing.T, name string, scenes []scene) {
	t.Helper()
	for _, sc := range scenes {
		readsOnly(t, sc, looks["colour"])
	}
	for look, o := range looks {
		for size, room := range rooms {
			var out strings.Builder
			for _, sc := range scenes {
				st := sc.play(t, o)
				st.room = room
				shown := st.view()
				hold(t, look+" "+size+" "+sc.name, shown, room, o.Unicode)
				if look == "ascii" {
					shown = ansi.Strip(shown)
				}
				fmt.Fprintf(&out, "== %s\n%s\n", sc.name, shown)
				st.screen.Close()
			}
			golden(t, name+"-"+look+"-"+size, out.String())
		}
	}
}

// hold fails where a screen is wider or taller than its room.
func hold(t *testing.T, what, shown string, room [2]int, unicode bool) {
	t.Helper()
	lines := strings.Split(shown, "\n")
	if len(lines) > room[1] {
		t.Errorf("%s: %d lines of %d", what, len(lines), room[1])
	}
	for _, l := range lines {
		if w := ansi.StringWidth(l); w > room[0] {
			t.Errorf("%s: %d cells of %d: %q", what, w, room[0], ansi.Strip(l))
		}
		if !unicode && strings.ContainsAny(l, "✓✗◐○█░─│┌┐└┘━▶▸▾·…↑↓×–→") {
			t.Errorf("%s: our own signs beyond ASCII in %q", what, l)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test -update writes it; look at it): %s", name, diff)
	}
}

// tape is a feed that is played by hand.
type tape chan []steps.Record

func (f tape) Next(ctx context.Context) ([]steps.Record, error) {
	select {
	case batch, ok := <-f:
		if !ok {
			return nil, io.EOF
		}
		return batch, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
