package steps

import "testing"

func TestFew(t *testing.T) {
	names := []string{"a", "b", "c"}
	for most, want := range map[int]string{1: "a and 2 more", 3: "a, b, c", 5: "a, b, c"} {
		if got := Few(names, most).String(); got != want {
			t.Errorf("%d: %s, wants %s", most, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1000: "1000 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 1<<20 - 1: "1.0 MiB", 1023 << 20: "1023 MiB",
		5 << 30: "5.0 GiB", 96<<30 + 1<<29: "96.5 GiB", 412 << 30: "412 GiB", 1<<40 + 1<<39: "1.5 TiB", 3 << 50: "3.0 PiB",
	} {
		if got := Size(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
