//go:build long || judges

package cli

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// closeSubnet leaves nothing to be reached but the domains and the machine's own
// metadata: whoever asks for anything else is cut off, as by a route that is not
// there. It holds for what is started afterwards.
func (a *article) closeSubnet() {
	a.Helper()
	way, err := url.Parse(a.info.Proxy)
	a.must(err)
	plain := &httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}, Transport: &http.Transport{Proxy: http.ProxyURL(way)}}
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodConnect && strings.HasPrefix(r.URL.Host, "169.254."):
			plain.ServeHTTP(w, r)
		case r.Method == http.MethodConnect && strings.HasPrefix(r.Host, "search-"):
			tunnel(w, r, way.Host)
		default:
			panic(http.ErrAbortHandler)
		}
	}))
	a.Cleanup(gate.Close)
	a.through(gate.URL)
	a.Cleanup(func() { a.through(a.info.Proxy) })
}

// through has the program reach the sandbox by another way.
func (a *article) through(proxy string) {
	a.Helper()
	file := filepath.Join(a.info.Dir, "sandbox.json")
	b, err := os.ReadFile(file)
	a.must(err)
	var info map[string]any
	a.must(json.Unmarshal(b, &info))
	info["proxy"] = proxy
	b, err = json.Marshal(info)
	a.must(err)
	a.must(os.WriteFile(file, b, 0o600))
}

// tunnel hands a CONNECT on to another proxy and then every byte, both ways.
func tunnel(w http.ResponseWriter, r *http.Request, to string) {
	there, err := net.Dial("tcp", to)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	here, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		there.Close()
		panic(http.ErrAbortHandler)
	}
	io.WriteString(there, "CONNECT "+r.Host+" HTTP/1.1\r\nHost: "+r.Host+"\r\n\r\n")
	go func() { io.Copy(there, buffered); there.Close() }()
	io.Copy(here, there)
	here.Close()
}
