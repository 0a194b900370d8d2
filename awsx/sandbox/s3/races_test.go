package s3

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// together runs f many times at once and collects what it gives.
func together[T any](n int, f func(i int) T) []T {
	out := make([]T, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out[i] = f(i)
		}()
	}
	wg.Wait()
	return out
}

func count(replies []reply, status int) (n int) {
	for _, r := range replies {
		if r.status == status {
			n++
		}
	}
	return n
}

// TestOneNameOneBucket lets two accounts want a name at once.
func TestOneNameOneBucket(t *testing.T) {
	f := newFixture(t)
	got := together(8, func(i int) reply {
		return f.do(ask{who: []string{admin, foreign}[i%2], method: "PUT", target: "/wanted", body: constraint("eu-west-1")})
	})
	if count(got, 200) != 1 || count(got, 409) != 7 {
		t.Errorf("%d made it, %d were told it is taken", count(got, 200), count(got, 409))
	}
}

// TestSettingsDoNotOverwriteEachOther changes different parts of one bucket's
// configuration at once: each must be there afterwards.
func TestSettingsDoNotOverwriteEachOther(t *testing.T) {
	f := newFixture(t)
	changes := []ask{
		{target: "/bkt?policy", body: statement(readAll)},
		{target: "/bkt?tagging", body: "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"},
		{target: "/bkt?lifecycle", body: "<LifecycleConfiguration><Rule><Status>Enabled</Status></Rule></LifecycleConfiguration>"},
		{target: "/bkt?ownershipControls", body: "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>"},
		{target: "/bkt?publicAccessBlock", body: "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"},
	}
	for _, r := range together(len(changes), func(i int) reply {
		a := changes[i]
		a.who, a.method = admin, "PUT"
		return f.do(a)
	}) {
		if r.status >= 300 {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	cfg, _ := f.register.Bucket("bkt")
	if cfg.Policy == "" || len(cfg.Tags) != 1 || cfg.Lifecycle == "" || cfg.Ownership != objectWriter || cfg.PublicAccess == nil {
		t.Errorf("something was lost: %+v", cfg)
	}
}

// TestOneWriterWins where all want the key not to be there.
func TestOneWriterWins(t *testing.T) {
	f := newFixture(t)
	got := together(8, func(i int) reply {
		return f.do(ask{who: admin, method: "PUT", target: "/bkt/lock", body: fmt.Sprint(i), header: map[string]string{"If-None-Match": "*"}})
	})
	if count(got, 200) != 1 || count(got, 412) != 7 {
		t.Errorf("%d wrote, %d were refused", count(got, 200), count(got, 412))
	}
	var winner string
	for i, r := range got {
		if r.status == 200 {
			winner = fmt.Sprint(i)
		}
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/lock"}); r.body != winner {
		t.Errorf("%q is there, %q was told it won", r.body, winner)
	}
}

// TestReadersSeeWholeObjects while others replace them.
func TestReadersSeeWholeObjects(t *testing.T) {
	f := newFixture(t)
	body := func(i int) string { return strings.Repeat(string(rune('a'+i)), 100_000+i) }
	f.put("bkt", "k", body(0))
	together(8, func(i int) bool {
		for range 5 {
			if i%2 == 0 {
				f.put("bkt", "k", body(i))
				continue
			}
			r := f.do(ask{who: admin, method: "GET", target: "/bkt/k", header: map[string]string{"X-Amz-Checksum-Mode": "ENABLED"}})
			if r.body != body(int(r.body[0]-'a')) || r.header.Get("X-Amz-Checksum-Crc64nvme") != sumOf("crc64nvme", r.body) || r.header.Get("Content-Length") != fmt.Sprint(len(r.body)) {
				t.Errorf("a mixed object: %d bytes, %v", len(r.body), r.header)
			}
		}
		return true
	})
}
