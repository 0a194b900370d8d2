package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

func next(t *testing.T, r *Reader) []string {
	t.Helper()
	records, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	types := []string{}
	for _, rec := range records {
		types = append(types, rec.Event.Type())
	}
	return types
}

func TestReaderFollowsWhileAnotherWrites(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no journal gave %v", err)
	}
	if _, err := State(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no journal gave %v", err)
	}
	j := open(t, dir)
	r, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, tt := range []struct {
		do   func()
		want []string
	}{
		{func() {}, []string{}},
		{func() { add(t, j, steps.RunStarted{}, steps.StepStarted{}) }, []string{"run_started", "step_started"}},
		{func() {}, []string{}},
		{func() { add(t, j, steps.Progress{}) }, []string{"progress"}},
		{func() { j.Close(); appendText(t, dir, `{"type":"step_done","se`) }, []string{}},
		{func() { j = open(t, dir); add(t, j, steps.RunStarted{Resumed: true}) }, []string{"run_started"}},
		{func() { add(t, j, steps.RunDone{}) }, []string{"run_done"}},
	} {
		tt.do()
		if diff := cmp.Diff(tt.want, next(t, r)); diff != "" {
			t.Error(diff)
		}
	}
	s, err := State(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(j.State(), s); diff != "" {
		t.Error(diff)
	}
}

func TestReaderRefusesWhatIsNoJournal(t *testing.T) {
	for _, file := range []string{"dear diary\n", `{"type":"journal","format":9}` + "\n", `{"type":"journal","format":1}` + "\n{}\n"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, FileName), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		var said *steps.Error
		if _, err := State(dir); !errors.As(err, &said) {
			t.Errorf("%q gave %v", file, err)
		}
	}
}
