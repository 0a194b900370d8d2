package proxy_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/proxy"
)

func inProcess(h http.HandlerFunc) *http.Client {
	return &http.Client{Transport: proxy.Transport{Route: func(host string) http.Handler {
		if host == "known" {
			return h
		}
		return nil
	}}}
}

func TestTransportAnswersLikeAServer(t *testing.T) {
	c := inProcess(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", strings.Join([]string{r.Method, r.Host, r.RequestURI, r.Header.Get("Content-Length"), string(b)}, " "))
		w.Header().Set("Content-Length", "5")
		w.WriteHeader(http.StatusAccepted)
		w.Header().Set("X-Late", "x")
		_, _ = io.WriteString(w, "hello")
	})
	req, err := http.NewRequest(http.MethodPut, "https://known:443/p%20q?x", strings.NewReader("in"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Length", "2")
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != "hello" || resp.StatusCode != 202 || resp.ContentLength != 5 || resp.Header.Get("X-Late") != "" {
		t.Errorf("%v %q %+v", err, body, resp)
	}
	if got := resp.Header.Get("X-Seen"); got != "PUT known:443 /p%20q?x  in" {
		t.Errorf("the service saw %q", got)
	}
	if req.Header.Get("Content-Length") != "2" {
		t.Error("the client's headers were touched")
	}
}

func TestTransportStreams(t *testing.T) {
	next := make(chan struct{})
	c := inProcess(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "a")
		<-next
		_, _ = io.WriteString(w, "b")
	})
	resp, err := c.Get("https://known/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	one := make([]byte, 1)
	if _, err := io.ReadFull(resp.Body, one); err != nil || one[0] != 'a' {
		t.Fatalf("%v %q", err, one)
	}
	close(next)
	if rest, err := io.ReadAll(resp.Body); err != nil || string(rest) != "b" {
		t.Errorf("%v %q", err, rest)
	}
}

func TestAnAnswerWithoutBodyComesWhenTheHandlerIsThrough(t *testing.T) {
	through := false
	c := inProcess(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
		through = true
	})
	resp, err := c.Get("https://known/")
	if err != nil || resp.StatusCode != http.StatusNoContent || !through {
		t.Errorf("%v, %v, through: %v", resp, err, through)
	}
}

func TestTransportEndsWithTheRequest(t *testing.T) {
	gone := make(chan struct{})
	c := inProcess(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(gone)
	})
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://known/", nil)
	if err != nil {
		t.Fatal(err)
	}
	go cancel()
	if _, err := c.Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-gone
}

func TestTransportFailures(t *testing.T) {
	c := inProcess(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("broken service")
	})
	if _, err := c.Get("https://other/"); err == nil || !strings.Contains(err.Error(), "not part of the sandbox") {
		t.Errorf("unknown host: %v", err)
	}
	resp, err := c.Get("https://known/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); err == nil || !strings.Contains(err.Error(), "broken service") {
		t.Errorf("a service that broke off: %v", err)
	}
	head, err := inProcess(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }).Head("https://known/")
	if err != nil || head.StatusCode != http.StatusNoContent {
		t.Errorf("HEAD: %v %v", head, err)
	}
}
