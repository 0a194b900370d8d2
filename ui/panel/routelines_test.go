package panel

import (
	"strings"
	"testing"
	"time"
)

// TestRouteWithoutBoxes: where these are too wide the accounts, versions, who works and
// the time that is left are told in lines.
func TestRouteWithoutBoxes(t *testing.T) {
	r := route()
	r.Target.Domain = "logs-prod"
	for _, width := range []int{60, 72, 80, 95} {
		lines := strings.Split(bare(plainLook().Route(r, width, 24)), "\n")
		if len(lines) != sides {
			t.Fatalf("%d: %d lines", width, len(lines))
		}
		for i, words := range [][]string{
			{"source 1111-1111-1111", "logs-prod 2.11", "Admin", "52 min"},
			{"s3://acme-os-migration", "148 MiB/s"},
			{"target 2222-2222-2222", "logs-prod 2.19", "Deploy", "11 min"},
		} {
			for _, w := range words {
				if !strings.Contains(lines[i], w) {
					t.Errorf("%d: no %q in %q", width, w, lines[i])
				}
			}
		}
		if width >= 80 && !strings.Contains(lines[1], "eu-west-1") || width >= 80 && !strings.Contains(lines[1], "SSE-KMS") {
			t.Errorf("%d: %q", width, lines[1])
		}
	}
	hold(t, "a long name", plainLook().Route(route(), 60, 24), 60, sides, true)
	for name, c := range map[string]struct {
		r    Route
		want string
	}{
		"a side":        {Route{Source: r.Source}, "source 1111-1111-1111 · logs-prod 2.11 · Admin via profile acme-prod · 52 min\ntarget · not chosen yet"},
		"a name":        {Route{Source: End{Domain: "logs"}, Target: End{Account: "222222222222"}}, "source · logs\ntarget 2222-2222-2222 · not chosen yet"},
		"a bare bucket": {Route{Source: End{Domain: "logs"}, Bucket: Store{Name: "b"}}, "source · logs\n  ━━▶ s3://b ━━▶\ntarget · not chosen yet"},
		"no end to it":  {Route{Source: End{Domain: "logs", Who: r.Source.Who, Expires: time.Time{}}}, "source · logs · Admin via profile acme-prod\ntarget · not chosen yet"},
	} {
		if got := bare(plainLook().Route(c.r, 80, 24)); got != c.want {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	if got := plainLook().Route(r, 80, 1); len(got) != 1 {
		t.Errorf("a line for %d lines", len(got))
	}
}
