package migrate

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"snapferry/awsx/sandbox/fixture"
	"snapferry/steps/spec"
)

// keptRoad is a road that was walked to some step once, for tests to begin at: a
// copy of its folders is a hundred times cheaper than the way there.
type keptRoad struct {
	dir string
	at  time.Time
}

var (
	keptRoot  string
	keptRoads = map[string]keptRoad{}
)

func TestMain(m *testing.M) {
	code := fixture.Run(m)
	_ = os.RemoveAll(keptRoot)
	os.Exit(code)
}

// kept gives the road of these answers that ends where o begins.
func kept(t *testing.T, s *spec.Spec, o options) keptRoad {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	key := fmt.Sprint(string(b), o.pace, o.at, o.access, o.versions)
	if k, ok := keptRoads[key]; ok {
		return k
	}
	if keptRoot == "" {
		if keptRoot, err = os.MkdirTemp("", "roads"); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := os.MkdirTemp(keptRoot, "")
	if err != nil {
		t.Fatal(err)
	}
	r := &road{
		T: t, ctx: t.Context(), dir: filepath.Join(dir, "run"), spec: s, settleFor: time.Second,
		clock: &clock{at: time.Now().Truncate(time.Second)},
	}
	r.must(os.Mkdir(r.dir, 0o700))
	r.open(filepath.Join(dir, "box"), o)
	if o.at != "" {
		r.upTo(o.at)
	}
	r.must(r.tape.Close())
	r.must(r.box.Close(context.Background()))
	keptRoads[key] = keptRoad{dir, r.clock.Now()}
	return keptRoads[key]
}
