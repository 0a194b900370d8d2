package wizard

import (
	"testing"
	"time"

	"snapferry/steps"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// busiest is a whole frame with the busiest board there is in it.
func busiest(tb testing.TB) (*root, func()) {
	tb.Helper()
	o := theme.Options{Dark: true, Unicode: true, Profile: looks["colour"].Profile}
	planned, _ := planFor(somePlan(10_000))
	now := noon
	planned.Calls = func(n int) []panel.Call {
		list := make([]panel.Call, n)
		for i := range list {
			list[i] = panel.Call{At: noon, Method: "GET", Host: "search-logs-prod.eu-west-1.es.amazonaws.com", Path: "/_snapshot/" + wide, Status: 200, Took: time.Duration(i) * time.Millisecond}
		}
		return list
	}
	route := panel.Route{
		Source: panel.End{Account: "111111111111", Domain: "logs-prod", Engine: "OpenSearch 2.19", Who: steps.T("Admin via profile source"), Expires: noon.Add(time.Hour)},
		Target: panel.End{Account: "222222222222", Domain: "logs-prod", Engine: "OpenSearch 3.4", Who: steps.T("Admin via profile target")},
		Bucket: panel.Store{Name: "acme-os-migration", Region: "eu-west-1", Encryption: "SSE-KMS", Owner: steps.Source},
	}
	m := props(tb, &play{desk: &desk{route: route}}, o)
	m.Now = func() time.Time { return now }
	r := newRoot(m.ctx, m.Options)
	r.chrome.width, r.chrome.height = 120, 40
	s := newRunning(m, planned, "").(*running)
	for _, record := range story(planned.Plan, begun()...) {
		s.state.Apply(record)
	}
	s.newest()
	r.screen = s
	r.learn()
	r.arrange()
	return r, func() {
		now = now.Add(time.Second)
		r.chrome.frame++
	}
}

// BenchmarkRunFrame draws the whole frame of a run as it is drawn several times a
// second: one row has changed since.
func BenchmarkRunFrame(b *testing.B) {
	r, tick := busiest(b)
	b.ReportAllocs()
	for b.Loop() {
		tick()
		if len(r.lines()) != 40 {
			b.Fatal("not a whole frame")
		}
	}
}
