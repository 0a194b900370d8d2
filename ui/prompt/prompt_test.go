package prompt

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/board"
)

var (
	update = flag.Bool("update", false, "write the transcripts instead of comparing them")
	today  = time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
)

// walked is what came of a walk.
type walked struct {
	a   *ask.Answers
	out string
	err error
}

// step is what is typed when words are on the screen since the last line typed.
type step struct{ at, typed string }

// person presses enter at every question but those of the steps, each of which is
// taken once, and hangs up where nothing ends it.
type person struct {
	steps []step
	out   *bytes.Buffer
	seen  int
	lines int
	ready []byte
}

func (p *person) Read(b []byte) (int, error) {
	if len(p.ready) == 0 {
		shown := p.out.String()[p.seen:]
		line := ""
		for i, s := range p.steps {
			if strings.Contains(shown, s.at) {
				line, p.steps = s.typed, append(append([]step(nil), p.steps[:i]...), p.steps[i+1:]...)
				break
			}
		}
		if p.lines++; p.lines > 120 || line == hangUp {
			return 0, io.EOF
		}
		p.ready = []byte(line + "\n")
		p.out.Write(p.ready) // a terminal shows what is typed
		p.seen = p.out.Len()
	}
	n := copy(b, p.ready)
	p.ready = p.ready[n:]
	return n, nil
}

// hangUp ends the input.
const hangUp = "\x04"

// typing walks with a person at the keyboard.
func typing(a *ask.Answers, o Options, way func(context.Context, *ask.Answers, Options) error, steps ...step) walked {
	var out bytes.Buffer
	o.Keyboard = NewKeyboard(&person{steps: steps, out: &out})
	o.Out, o.Words = &out, board.NewWords(language.English, nil)
	err := way(context.Background(), a, o)
	return walked{a, out.String(), err}
}

// world is an account somebody else looked up.
func world(_ context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
	name := func(value, detail string) ask.Option { return ask.Option{Value: value, Detail: steps.T("%s", detail)} }
	switch r.What {
	case ask.Bases:
		o := ask.Offer{Options: []ask.Option{name("profile", "2 found"), name("environment", "nothing is set")}}
		if r.Slot == "control" {
			o.Default = "profile"
		}
		return o, nil
	case ask.Profiles:
		return ask.Offer{Options: []ask.Option{name("acme-prod", "eu-west-1"), name("acme-dev", "us-east-1")}}, nil
	case ask.Regions:
		return ask.Offer{Default: "eu-west-1"}, nil
	case ask.Identity:
		id := map[steps.Side]string{steps.Source: "111122223333", steps.Target: "444455556666"}[r.Side]
		return ask.Offer{Default: id, Only: id, Note: steps.T("You are arn:aws:iam::%s:role/Admin, for another 52 min.", id)}, nil
	case ask.Domains:
		return ask.Offer{Options: []ask.Option{name("logs-prod", "OpenSearch 2.11, 412 GiB, green"), name("metrics", "Elasticsearch 7.10")}}, nil
	case ask.Login:
		if a.Secret("source.mapper.password").Reveal() != "Correct-Horse-1" {
			return ask.Offer{}, &steps.Error{Summary: steps.T("The domain refuses admin with this password"), Fix: steps.T("Type it again")}
		}
		return ask.Offer{Note: steps.T("admin is a master user there.")}, nil
	case ask.Buckets:
		return ask.Offer{}, &steps.Error{Summary: steps.T("The buckets cannot be listed"), Fix: steps.T("s3:ListAllMyBuckets would allow it")}
	}
	return ask.Offer{}, nil
}

// plain is somebody whom nothing can be looked up for.
var plain = []step{
	{"Where do the indices go", "9"},
	{"Credentials for the source", "?"},
	{"Whose rights", "2"},
	{"Region of the source", "eu-west"},
	{"is not a region", "eu-west-1"},
	{"Id of the source", "1111-2222-333"},
	{"this one has 11", "1111-2222-3333"},
	{"Credentials for the target", "<"},
	{"Who signs the calls to the source", "1"},
	{"Credentials for the target", "1"},
	{"Profile", "acme-dev"},
	{"Id of the target", "444455556666"},
	{"Source domain", ""},
	{"needs an answer", "logs-prod"},
	{"Target domain", "logs-prod"},
	{"Bucket, such as", "acme-os-migration"},
}

// helped is somebody for whom all is looked up, where that is allowed.
var helped = []step{
	{"Profile", "/dev"},
	{"acme-dev", "2"},
	{"Id of the source", "444455556666"},
	{"The credentials are of account", ""},
	{"Who signs the calls to the source", "2"},
	{"Profile", "1"},
	{"Profile", "1"},
	{"Source domain", "1"},
	{"Who may edit role mappings on the source", "8"},
	{"Internal user", "admin"},
	{"Its password", "Battery-Staple-1"},
	{"goes on all the same", "<"},
	{"Its password", "Correct-Horse-1"},
	{"Target domain", "3"},
	{"Endpoint of the target", "logs-next.acme.example"},
	{"More to set: roles", "y"},
	{"Its tags", "team=search"},
	{"cannot be listed", "!"},
	{"cannot be listed", "acme-os-migration"},
	{"Indices", "logs-*"},
}

// TestTranscripts keeps how it looks: whoever changes it looks at it.
func TestTranscripts(t *testing.T) {
	cases := []struct {
		name  string
		cells int
		fetch func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error)
		steps []step
	}{
		{"plain-60", 60, nil, plain},
		{"looked-up-80", 80, world, helped},
	}
	for _, c := range cases {
		got := typing(ask.New(&spec.Draft{}, today), Options{Cells: c.cells, Fetch: c.fetch}, All, c.steps...)
		if got.err != nil {
			t.Errorf("%s: %v\n%s", c.name, got.err, got.out)
		}
		transcript(t, c.name, got.out+"\n---\n"+string(got.a.Draft().WriteAnswers()))
		if missing := got.a.Missing(); len(missing) > 0 {
			t.Errorf("%s: %s is missing", c.name, missing[0].Key)
		}
		for _, l := range strings.Split(got.out, "\n") {
			if board.Cells(l) > c.cells && !strings.HasPrefix(l, "    aws ") {
				t.Errorf("%s: wider than %d cells: %s", c.name, c.cells, l)
			}
		}
	}
}

func transcript(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test -update writes it; look at it): %s", name, diff)
	}
}

// TestLeaving: by the end of the input and by a signal, with the answers kept.
func TestLeaving(t *testing.T) {
	a := ask.New(&spec.Draft{}, today)
	got := typing(a, Options{}, All, step{"Where do the indices go", "2"}, step{"Credentials", "2"}, step{"Region", hangUp})
	if !errors.Is(got.err, ErrLeft) || a.Get("shape") != "same-account" || a.Get("source.control.base") != "environment" {
		t.Errorf("%v\n%s", got.err, got.out)
	}
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(context.Background())
	out := &trigger{words: "needed", do: cancel}
	o := Options{Keyboard: NewKeyboard(r), Out: out, Words: board.NewWords(language.English, nil), Fetch: func(ctx context.Context, _ *ask.Answers, _ ask.Request) (ask.Offer, error) {
		cancel()
		<-ctx.Done()
		return ask.Offer{}, ctx.Err()
	}}
	if err := Missing(ctx, complete(t, "source.domain"), o); !errors.Is(err, ErrLeft) {
		t.Error(err)
	}
}

// trigger acts when words are written.
type trigger struct {
	words string
	do    func()
}

func (w *trigger) Write(b []byte) (int, error) {
	if strings.Contains(string(b), w.words) {
		w.do()
	}
	return len(b), nil
}

// TestOnlyWhatIsMissing: and what belongs to it, and what is asked for besides.
func TestOnlyWhatIsMissing(t *testing.T) {
	got := typing(complete(t), Options{}, Missing)
	if got.err != nil || got.out != "" {
		t.Errorf("complete answers: %v\n%s", got.err, got.out)
	}
	got = typing(complete(t, "source.domain", "source.control.profile"), Options{Also: []ask.Key{"source.control.base", "target.control.base"}}, Missing,
		step{"Credentials for the source", "5"}, step{"Access key id", "AKIAIOSFODNN7EXAMPLE"}, step{"Secret access", "s"}, step{"Source domain", "logs-prod"})
	if got.err != nil || got.a.Secret("source.control.keys.secret").Reveal() != "s" || got.a.Get("source.domain") != "logs-prod" || !got.a.Answered("source.control.keys.token") {
		t.Errorf("%v\n%s", got.err, got.out)
	}
	for _, other := range []string{"Bucket", "target", "mappings"} {
		if strings.Contains(got.out, other) {
			t.Errorf("asks for %s:\n%s", other, got.out)
		}
	}
	got = typing(complete(t, "source.domain"), Options{}, Missing, step{"Source domain", "<"}, step{"first question", "1"}, step{"Endpoint", "logs.acme.example"})
	if got.err != nil || got.a.Get("source.endpoint") != "logs.acme.example" || len(got.a.Missing()) > 0 {
		t.Errorf("%v\n%s", got.err, got.out)
	}
}

// TestKnownSecrets: one that is known from elsewhere need not be typed.
func TestKnownSecrets(t *testing.T) {
	a := complete(t)
	for _, k := range []ask.Key{"source.mapper.base"} {
		q, _, _ := a.Find(k)
		if e := a.Set(q, "password"); e != nil {
			t.Fatal(e)
		}
	}
	o := Options{Fetch: func(_ context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
		if r.What == ask.Known {
			return ask.Offer{Known: "from the environment"}, nil
		}
		return ask.Offer{}, nil
	}}
	got := typing(a, o, All, step{"Internal user", "admin"})
	if got.err != nil || !strings.Contains(got.out, "Its password [from the environment]") {
		t.Errorf("%v\n%s", got.err, got.out)
	}
}

// TestNoOutput: a reader that went away ends the questions.
func TestNoOutput(t *testing.T) {
	gone := errors.New("gone")
	o := Options{Keyboard: NewKeyboard(strings.NewReader("\n\n")), Out: broken{gone}, Words: board.NewWords(language.English, nil)}
	if err := All(context.Background(), ask.New(&spec.Draft{}, today), o); !errors.Is(err, gone) {
		t.Error(err)
	}
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

// complete are the answers of a move between two accounts, without some.
func complete(t *testing.T, without ...ask.Key) *ask.Answers {
	t.Helper()
	d := &spec.Draft{}
	for k, v := range map[ask.Key]string{
		"shape": "two-accounts", "source.account": "111122223333", "source.region": "eu-west-1", "source.domain": "logs-prod", "source.control.profile": "acme-prod",
		"target.account": "444455556666", "target.domain": "logs-next", "target.control.base": "environment", "bucket.name": "acme-os-migration",
	} {
		if e := d.Set(k, v); e != nil {
			t.Fatal(e)
		}
	}
	for _, k := range without {
		_ = d.Set(k, "")
	}
	return ask.New(d, today)
}
