package wire_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox/memory/wire"
)

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0b", 208: "208b", 1023: "1023b", 1024: "1kb", 1536: "1.5kb", 3584: "3.5kb", 1<<20 - 1: "1023.9kb", 1 << 20: "1mb",
		7 << 30: "7gb", 7<<30 + 1<<29: "7.5gb", 3 << 40: "3tb", 2 << 50: "2pb", 5000 << 50: "5000pb",
	} {
		if got := wire.Bytes(n).String(); got != want {
			t.Errorf("%d bytes print as %s, want %s", n, got, want)
		}
	}
	for unit, want := range map[string]string{"b": "1572864", "kb": "1536", "k": "1536", "mb": "1", "m": "1", "gb": "0", "g": "0", "odd": "1.5mb"} {
		if got := wire.Bytes(3 << 19).In(unit); got != want {
			t.Errorf("in %s: %s, want %s", unit, got, want)
		}
	}
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0ms", 999 * time.Millisecond: "999ms", 1000 * time.Millisecond: "1s", 1250 * time.Millisecond: "1.2s", 90 * time.Second: "1.5m",
		time.Hour: "1h", 36 * time.Hour: "1.5d",
	} {
		if got := wire.MillisOf(d).String(); got != want {
			t.Errorf("%s prints as %s, want %s", d, got, want)
		}
	}
}

func TestStamps(t *testing.T) {
	at := time.Date(2026, 11, 22, 7, 8, 9, 5_000_000, time.FixedZone("", 3600))
	if got, want := wire.Stamp(at), "2026-11-22T06:08:09.005Z"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := wire.StampMillis(0), "1970-01-01T00:00:00.000Z"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestUUIDs(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		id := wire.UUID(rand.Reader)
		if len(id) != 22 || strings.ContainsAny(id, "+/=") || seen[id] {
			t.Fatalf("%q is not a new identifier of the engine's form", id)
		}
		seen[id] = true
	}
	source := bytes.Repeat([]byte{7}, 16)
	first, second := wire.UUID(bytes.NewReader(source)), wire.UUID(bytes.NewReader(source))
	if first != second {
		t.Errorf("the same randomness gave %s and %s", first, second)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func TestUUIDWithoutRandomnessPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	wire.UUID(broken{})
}
