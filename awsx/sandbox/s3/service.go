package s3

import (
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/sigv4"
	"snapferry/awsx/sandbox/store"
	"snapferry/awsx/sandbox/wire"
)

const tolerance = 15 * time.Minute

// Options are what the service works with. Store, Gate, Buckets and Now are
// needed.
type Options struct {
	Store   *store.Store
	Gate    access.Gate
	Buckets BucketRegister
	// Principals is asked when a bucket policy is saved; nil takes every one.
	Principals Principals
	// Keys is asked about keys of KMS; nil takes every one.
	Keys Keys
	Now  func() time.Time
	// RequestID makes the ids of answers; nil derives them from the request log's.
	RequestID func() string
	// Logger gets the service's own failures, which callers see as
	// InternalError; nil drops them.
	Logger *slog.Logger
}

// Service answers S3 requests. Whatever routes to it must leave the path as it
// came: keys may hold "//" and "..".
type Service struct {
	Options
	// mu makes changes of bucket configurations one at a time.
	mu sync.Mutex
}

// New makes the service.
func New(o Options) *Service {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Principals == nil {
		o.Principals = anyPrincipal{}
	}
	return &Service{Options: o}
}

type anyPrincipal struct{}

func (anyPrincipal) Bind(p string) (string, error) { return p, nil }
func (anyPrincipal) Show(p string) string          { return p }

// call is one request on its way.
type call struct {
	s    *Service
	w    http.ResponseWriter
	r    *http.Request
	op   operation
	id   string
	at   address
	who  access.Caller
	sign sigv4.Verified
	// cfg is the bucket's configuration; the zero value where there is none.
	cfg BucketConfig
}

func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The server looks at its own request when the handler is done; the body we
	// put in place of the raw one must not be seen there.
	r = r.WithContext(r.Context())
	welcome(w, r)
	at := addressOf(r)
	op := find(r, at)
	// The log writes down what a request wanted also where it is refused below.
	record := wire.CallOf(r.Context())
	record.Operation, record.Mutates = op.name, op.mutates
	c := &call{s: s, w: w, r: r, op: op, at: at, id: s.requestID(record)}
	h := w.Header()
	h.Set("X-Amz-Request-Id", c.id)
	h.Set("X-Amz-Id-2", hostID(c.id))
	h.Set("Server", "AmazonS3")
	h.Set("Date", s.Now().UTC().Format(http.TimeFormat))
	err := c.authenticate()
	record.Caller = c.who
	if err == nil {
		err = c.serve()
	}
	if err != nil {
		c.fail(err)
	}
}

// welcome answers an expectation that Go's server leaves open: for an empty body
// it sends no 100 Continue, and botocore, which then takes the final answer for
// the reply to its expectation, misreads the next answer on the connection.
func welcome(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 && r.ProtoAtLeast(1, 1) && strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
		w.WriteHeader(http.StatusContinue)
	}
}

// requestID is sixteen capital letters and digits. It is cut from the id in the
// request log, so that the two can be matched.
func (s *Service) requestID(record *wire.Call) string {
	if s.RequestID != nil {
		return s.RequestID()
	}
	return strings.ToUpper(strings.ReplaceAll(record.ID, "-", ""))[:16]
}

func hostID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return base64.StdEncoding.EncodeToString(append(sum[:], sum[:24]...))
}

// authenticate finds the bucket's region, because the signature must be for it,
// and then who asks.
func (c *call) authenticate() error {
	var exists bool
	if c.at.bucket != "" {
		c.cfg, exists = c.s.Buckets.Bucket(c.at.bucket)
	}
	want := c.at.region
	if exists {
		if c.at.region != "" && !c.at.global && c.at.region != c.cfg.Region {
			return c.redirect()
		}
		want = c.cfg.Region
	}
	if c.at.region == "" {
		want = "" // reached by address: no name says which region was meant
	}
	v := sigv4.Verifier{
		Service: "s3", Region: want, Tolerance: tolerance, Now: c.s.Now,
		Lookup: c.s.Gate.Key, AllowAnonymous: true,
	}
	var err error
	c.sign, err = v.Verify(c.r)
	c.who = c.sign.Caller
	return err
}

// serve checks what all operations of a kind have in common and runs the one.
func (c *call) serve() error {
	if c.op.run == nil {
		return notImplemented()
	}
	if c.op.on != onService && c.op.name != "CreateBucket" {
		if c.cfg.Name == "" {
			return noSuchBucket(c.at.bucket)
		}
		if owner := c.r.Header.Get("X-Amz-Expected-Bucket-Owner"); owner != "" && awsid.AccountID(owner) != c.cfg.Owner {
			return accessDenied("Access Denied")
		}
	}
	if c.op.on == onObject && len(c.at.key) > maxKey {
		return newError(http.StatusBadRequest, "KeyTooLongError", "Your key is too long")
	}
	if c.op.action != "" {
		if err := c.may(c.op.action, c.resource(), nil); err != nil {
			return err
		}
	}
	return c.op.run(c)
}

const maxKey = 1024

func (c *call) sourceIP() string {
	host, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		return "127.0.0.1"
	}
	return host
}

// secure says whether the request came over TLS; one that never was on a wire
// says so by its URL.
func (c *call) secure() bool { return c.r.TLS != nil || c.r.URL.Scheme == "https" }
