package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"
)

// tlsHandshake is the first byte of every TLS connection, and of no HTTP request.
const tlsHandshake = 0x16

// accept sorts connections by their first byte: TLS at once, or HTTP to the
// proxy itself.
func (p *Proxy) accept(open *queue, config *tls.Config) {
	defer open.Close()
	defer p.inner.Close()
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.sort(conn, open, config)
	}
}

// sort looks at the first byte of a connection.
func (p *Proxy) sort(conn net.Conn, open *queue, config *tls.Config) {
	p.greeting.add(conn)
	defer p.greeting.forget(conn)
	_ = conn.SetReadDeadline(time.Now().Add(headerTimeout))
	r := bufio.NewReader(conn)
	first, err := r.Peek(1)
	_ = conn.SetReadDeadline(time.Time{})
	switch {
	case err != nil:
		_ = conn.Close()
	case first[0] == tlsHandshake:
		p.shake(&tunnel{Conn: conn, r: r, host: HostName(conn.LocalAddr().String())}, config)
	default:
		// Whoever takes it over answers for it from now on.
		p.greeting.forget(conn)
		open.put(&tunnel{Conn: conn, r: r})
	}
}

// shake does the handshake and hands the connection to the services. It is done
// here and not by the server, so that Close need not wait for one that hangs.
func (p *Proxy) shake(t *tunnel, config *tls.Config) {
	ctx, cancel := context.WithTimeout(context.Background(), headerTimeout)
	defer cancel()
	conn := tls.Server(t, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		p.quiet.Printf("TLS handshake for %s: %v", t.host, err)
		_ = conn.Close()
		return
	}
	p.greeting.forget(t.Conn)
	p.inner.put(conn)
}

// connectHandler answers what is said to the proxy itself: CONNECT opens a
// tunnel that ends here, everything else is refused.
func (p *Proxy) connectHandler(config *tls.Config) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			p.servePlain(w, r)
			return
		}
		host := HostName(r.Host)
		if p.route(host) == nil {
			refuse(w, host)
			return
		}
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if _, err := conn.Write([]byte("HTTP/1.1 200 Connection Established\r\n\r\n")); err != nil {
			_ = conn.Close()
			return
		}
		p.greeting.add(conn)
		defer p.greeting.forget(conn)
		p.shake(&tunnel{Conn: conn, r: rw.Reader, host: host}, config)
	})
}

// servePlain answers what comes without TLS.
func (p *Proxy) servePlain(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Host
	if host == "" {
		host = r.Host
	}
	if p.plain != nil {
		if h := p.plain(HostName(host), r); h != nil {
			r.URL.Scheme = "http"
			h.ServeHTTP(w, r)
			return
		}
	}
	if r.URL.Host != "" {
		refuse(w, "http://"+r.URL.Host)
		return
	}
	http.Error(w, "snapferry sandbox: this is an HTTPS proxy; set HTTPS_PROXY to it, and trust the CA it was started with.", http.StatusBadRequest)
}

// greetings are connections that have not yet said what they want.
type greetings struct {
	mu     sync.Mutex
	conns  map[net.Conn]bool
	closed bool
}

// add remembers a connection until it is forgotten.
func (g *greetings) add(c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		_ = c.Close()
	}
	if g.conns == nil {
		g.conns = map[net.Conn]bool{}
	}
	g.conns[c] = true
}

func (g *greetings) forget(c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, c)
}

// watch follows a connection in the server. Clients open more than they use, and
// the server's own Shutdown waits five seconds for each that is new.
func (g *greetings) watch(c net.Conn, state http.ConnState) {
	if state == http.StateNew {
		g.add(c)
		return
	}
	g.forget(c)
}

// end closes those that are there and those that still come.
func (g *greetings) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for c := range g.conns {
		_ = c.Close()
	}
}

// tunnel is a connection of which some bytes were already read.
type tunnel struct {
	net.Conn
	r *bufio.Reader
	// host is the name the tunnel was opened to.
	host string
}

func (t *tunnel) Read(b []byte) (int, error) { return t.r.Read(b) }

// queue is a listener that is given its connections.
type queue struct {
	addr  net.Addr
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newQueue(addr net.Addr) *queue {
	return &queue{addr: addr, conns: make(chan net.Conn), done: make(chan struct{})}
}

// put hands a connection over, or closes it when nobody takes any more.
func (q *queue) put(c net.Conn) {
	select {
	case q.conns <- c:
	case <-q.done:
		_ = c.Close()
	}
}

func (q *queue) Accept() (net.Conn, error) {
	select {
	case c := <-q.conns:
		return c, nil
	case <-q.done:
		return nil, net.ErrClosed
	}
}

func (q *queue) Close() error {
	q.once.Do(func() { close(q.done) })
	return nil
}

func (q *queue) Addr() net.Addr { return q.addr }
