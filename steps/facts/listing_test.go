package facts_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"snapferry/awsx/network"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// TestListing: what tells domains apart, asked for once a domain.
func TestListing(t *testing.T) {
	r := newRoad(t)
	list, err := r.open(answers(nil)).Listing(r.ctx, steps.Source)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, l := range list {
		if l.Domain == nil || l.Health != "green" {
			t.Errorf("%s: %v, health %q", l.Name, l.Domain, l.Health)
		}
	}
	if got := strings.Join(r.made(), " "); got != "OpenSearch DescribeDomain OpenSearch DescribeDomain OpenSearch DescribeDomainHealth OpenSearch DescribeDomainHealth OpenSearch ListDomainNames" {
		t.Errorf("called %s", got)
	}
}

// TestListingWithoutRights: what may not be asked is left open, and the rest comes.
func TestListingWithoutRights(t *testing.T) {
	for name, c := range map[string]struct {
		refused           string
		described, health bool
	}{
		"health":      {"/health", true, false},
		"description": {"/logs-", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t)
			refuse := deny("es.")
			r.refuse = func(req *http.Request) *http.Response {
				at := req.URL.Path
				if strings.HasSuffix(at, "/health") != (c.refused == "/health") || !strings.Contains(at, c.refused) {
					return nil
				}
				return refuse(req)
			}
			list, err := r.open(answers(nil)).Listing(r.ctx, steps.Source)
			if err != nil || len(list) != 2 {
				t.Fatalf("%+v, %v", list, err)
			}
			for _, l := range list {
				if (l.Domain != nil) != c.described || (l.Health != "") != c.health {
					t.Errorf("%s: %v, health %q", l.Name, l.Domain, l.Health)
				}
			}
		})
	}
}

// account40 has forty domains; each answer takes it a second, and health as long as it
// is told.
type account40 struct {
	health func(context.Context) error
	asked  atomic.Int32
}

func (a *account40) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"DomainStatus":{"EngineVersion":"OpenSearch_3.4"}}`
	switch {
	case strings.HasSuffix(r.URL.Path, "/health"):
		a.asked.Add(1)
		if err := a.health(r.Context()); err != nil {
			return nil, err
		}
		return says(200, "", `{"ClusterHealth":"Red"}`), nil
	case !strings.Contains(r.URL.Path, "/opensearch/"):
		var names []string
		for i := range 40 {
			names = append(names, fmt.Sprintf(`{"DomainName":"logs-%d","EngineType":"OpenSearch"}`, i))
		}
		body = `{"DomainNames":[` + strings.Join(names, ",") + `]}`
	}
	time.Sleep(time.Second)
	return says(200, "", body), nil
}

// TestHealthMakesNoListingSlower: it is asked beside the rest, five at a time, and not
// waited for long.
func TestHealthMakesNoListingSlower(t *testing.T) {
	second := func(context.Context) error { time.Sleep(time.Second); return nil }
	never := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for name, c := range map[string]struct {
		health      func(context.Context) error
		asked, told int
		takes       time.Duration
	}{
		"beside":    {second, 30, 30, 7 * time.Second}, // the list, and six rounds
		"no answer": {never, 5, 0, 9 * time.Second},    // and two seconds
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &account40{health: c.health}
				f, err := facts.Open(t.Context(), facts.Options{
					Spec: answers(nil), Session: session.Options{Isolated: true},
					Sandbox: map[string]session.Keys{"source": {AccessKeyID: "AKIA1", Secret: session.NewSecret("s")}},
					Network: network.New(network.Options{Isolated: true, RoundTripper: a}),
				})
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now() // of the bubble, where time passes when everybody waits
				list, err := f.Listing(t.Context(), steps.Source)
				var described, told int
				for _, l := range list {
					if l.Domain != nil {
						described++
					}
					if l.Health == "red" {
						told++
					}
				}
				if err != nil || len(list) != 40 || described != 30 || told != c.told {
					t.Errorf("%d domains, %d described, of %d the health: %v", len(list), described, told, err)
				}
				if took := time.Since(began); took != c.takes || int(a.asked.Load()) != c.asked {
					t.Errorf("took %s, and asked %d times", took, a.asked.Load())
				}
			})
		})
	}
}
