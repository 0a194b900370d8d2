package wire

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// LogFile is the name of the request log in the sandbox's directory.
const LogFile = "requests.jsonl"

// Entry is one request in the log.
type Entry struct {
	Time time.Time `json:"time"`
	ID   string    `json:"id"`
	// Service is the service that answered: sts, iam, kms, s3, es (control plane),
	// metadata (of machines) or domain (a domain's own endpoint).
	Service   string `json:"service"`
	Operation string `json:"operation,omitempty"`
	Account   string `json:"account,omitempty"`
	Principal string `json:"principal,omitempty"`
	Method    string `json:"method"`
	Host      string `json:"host"`
	// Path has the query with it, apart from the parts that hold signatures.
	Path   string `json:"path"`
	Status int    `json:"status"`
	// Mutates says that the operation is of a kind that changes something.
	Mutates bool `json:"mutates"`
}

// Changed says that the request may have changed something: it is of a kind
// that does, and it was not refused. A 5xx counts, because an engine registers a
// repository before it fails to verify it.
func (e Entry) Changed() bool { return e.Mutates && (e.Status < 400 || e.Status >= 500) }

// Log appends requests to a file, one JSON object a line.
type Log struct {
	now func() time.Time
	mu  sync.Mutex
	f   *os.File
}

// OpenLog opens the log of a sandbox directory; earlier entries stay.
func OpenLog(dir string, now func() time.Time) (*Log, error) {
	f, err := os.OpenFile(filepath.Join(dir, LogFile), os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = endLine(f)
	}
	if err != nil {
		return nil, fmt.Errorf("open the request log: %w", err)
	}
	return &Log{now: now, f: f}, nil
}

// endLine ends a line that a killed process left torn, so that the next entry
// does not become part of it.
func endLine(f *os.File) error {
	st, err := f.Stat()
	if err != nil || st.Size() == 0 {
		return err
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, st.Size()-1); err != nil || last[0] == '\n' {
		return err
	}
	_, err = f.Write([]byte{'\n'})
	return err
}

// Close ends the log.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.f.Close()
}

// Serve runs h for a request to service and writes the request down when it is
// done. Every answer carries the request's id and the sandbox's time, by which
// clients find out that their clock is wrong.
func (l *Log) Serve(service string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := &Call{ID: NewID()}
		w.Header().Set("X-Amzn-Requestid", call.ID)
		w.Header().Set("Date", l.now().UTC().Format(http.TimeFormat))
		// What the request said is taken before the service rewrites it.
		e := Entry{Time: l.now().UTC(), ID: call.ID, Service: service, Method: r.Method, Host: r.Host, Path: loggedPath(r)}
		rec := &recorder{ResponseWriter: w}
		defer func() {
			e.Operation, e.Mutates, e.Status = call.Operation, call.Mutates, rec.status
			e.Account, e.Principal = string(call.Caller.Account), call.Caller.Session.String()
			l.append(e)
		}()
		h.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), callKey{}, call)))
	})
}

// loggedPath is the path with its query; a presigned query proves who asks, so
// its proof is not written down.
func loggedPath(r *http.Request) string {
	q := r.URL.Query()
	if len(q) == 0 {
		return r.URL.EscapedPath()
	}
	if !q.Has("X-Amz-Signature") {
		return r.URL.EscapedPath() + "?" + r.URL.RawQuery
	}
	for _, secret := range []string{"X-Amz-Signature", "X-Amz-Security-Token"} {
		q.Del(secret)
	}
	return r.URL.EscapedPath() + "?" + q.Encode()
}

// append is best effort: a full disk must not change what a service answers.
func (l *Log) append(e Entry) {
	b, err := json.Marshal(e)
	if err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.f.Write(append(b, '\n'))
}

// recorder notes the status of an answer on its way out.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// ReadLog reads the requests a sandbox has logged in its directory, oldest
// first. A last line that is still being written is left out.
func ReadLog(dir string) ([]Entry, error) {
	f, err := os.Open(filepath.Join(dir, LogFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the request log: %w", err)
	}
	defer f.Close()
	var out []Entry
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e Entry
		if json.Unmarshal(lines.Bytes(), &e) == nil {
			out = append(out, e)
		}
	}
	return out, lines.Err()
}
