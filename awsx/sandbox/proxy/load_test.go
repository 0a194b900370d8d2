package proxy_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"snapferry/awsx/sandbox/proxy"
)

// serving runs a proxy for one handler under one name.
func serving(t *testing.T, h http.HandlerFunc) (*proxy.Proxy, *http.Client) {
	t.Helper()
	ca, err := proxy.OpenAuthority(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proxy.Start("127.0.0.1:0", ca, func(host string) http.Handler {
		if strings.HasSuffix(host, ".amazonaws.com") {
			return h
		}
		return nil
	}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, through(t, p, ca)
}

func end(t *testing.T, p *proxy.Proxy) {
	t.Helper()
	if err := p.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestManyAtOnce opens tunnels to many names at once, as a client that reads
// several services does.
func TestManyAtOnce(t *testing.T) {
	p, c := serving(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) })
	defer end(t, p)
	var wg sync.WaitGroup
	for n := range 40 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			host := fmt.Sprintf("b%d.s3.amazonaws.com", n%10)
			_, body, err := post(t, c, "https://"+host+"/")
			if err != nil || body != host {
				t.Errorf("%s: %q, %v", host, body, err)
			}
		}()
	}
	wg.Wait()
}

// TestLargeBodiesBothWays: gigabytes must not pass through memory, so the
// handler answers while it still reads.
func TestLargeBodiesBothWays(t *testing.T) {
	p, c := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).EnableFullDuplex(); err != nil {
			t.Error(err)
		}
		_, _ = io.Copy(w, r.Body)
	})
	defer end(t, p)
	body := make([]byte, 16<<20)
	if _, err := rand.Read(body); err != nil {
		t.Fatal(err)
	}
	resp, err := c.Post("https://s3.amazonaws.com/", "", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	sum := sha256.New()
	if n, err := io.Copy(sum, resp.Body); err != nil || n != int64(len(body)) {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if want := sha256.Sum256(body); !bytes.Equal(sum.Sum(nil), want[:]) {
		t.Error("the bytes changed on the way")
	}
}

func TestOneTunnelCarriesManyRequests(t *testing.T) {
	seen := map[string]bool{}
	p, c := serving(t, func(_ http.ResponseWriter, r *http.Request) { seen[r.RemoteAddr] = true })
	defer end(t, p)
	for range 5 {
		if _, _, err := post(t, c, "https://s3.amazonaws.com/"); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 1 {
		t.Errorf("%d connections for one client", len(seen))
	}
}

// TestCloseEndsIdleAndHalfOpenConnections: whoever never says anything must not
// keep the sandbox from ending.
func TestCloseEndsIdleAndHalfOpenConnections(t *testing.T) {
	p, c := serving(t, func(http.ResponseWriter, *http.Request) {})
	if _, _, err := post(t, c, "https://s3.amazonaws.com/"); err != nil {
		t.Fatal(err)
	}
	silent, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	half, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer half.Close()
	if _, err := io.WriteString(half, "CONNECT s3.amazonaws.com:443 HTTP/1.1\r\nHost: s3.amazonaws.com:443\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	end(t, p)
	if _, err := net.Dial("tcp", p.Addr()); err == nil {
		t.Error("it still listens")
	}
}

// TestCloseGivesUpWaiting: a request that does not end is cut off when the
// caller's patience does.
func TestCloseGivesUpWaiting(t *testing.T) {
	began, ended := make(chan struct{}), make(chan struct{})
	p, c := serving(t, func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
		close(ended)
	})
	go func() {
		resp, err := c.Get("https://s3.amazonaws.com/")
		if err == nil {
			resp.Body.Close()
		}
	}()
	<-began
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.Close(ctx); err == nil {
		t.Error("nobody is told that a request was cut off")
	}
	<-ended
}

// TestPlainTextInsideATunnel is what a client does that forgot its TLS.
func TestPlainTextInsideATunnel(t *testing.T) {
	p, _ := serving(t, func(http.ResponseWriter, *http.Request) { t.Error("served without TLS") })
	defer end(t, p)
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "CONNECT s3.amazonaws.com:443 HTTP/1.1\r\nHost: s3.amazonaws.com\r\n\r\nGET / HTTP/1.1\r\nHost: s3.amazonaws.com\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || strings.Count(string(answer), "200") != 1 {
		t.Errorf("%q, %v", answer, err)
	}
	if _, err := tls.Dial("tcp", p.Addr(), &tls.Config{MinVersion: tls.VersionTLS12}); err == nil {
		t.Error("a client that trusts nobody was satisfied")
	}
}
