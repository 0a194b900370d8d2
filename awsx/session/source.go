package session

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"snapferry/awsx/text"
)

// source is the provider behind a session. It keeps what the SDK caches, and
// loads the identity anew when the shared files have changed or the last attempt
// failed: a login in another window is enough to go on.
type source struct {
	load  func(context.Context) (aws.Config, error)
	files []string

	mu      sync.Mutex
	current aws.CredentialsProvider
	stamp   string
}

func newSource(load func(context.Context) (aws.Config, error), files []string, first aws.CredentialsProvider) *source {
	return &source{load: load, files: files, current: first, stamp: stamp(files)}
}

// Retrieve gives credentials for one request.
func (s *source) Retrieve(ctx context.Context) (aws.Credentials, error) {
	p, err := s.provider(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	creds, err := p.Retrieve(ctx)
	if err != nil {
		s.forget(p)
		return aws.Credentials{}, &Error{
			Summary: text.New("No credentials could be had"),
			Fix:     text.New("Log in again, for example with aws sso login, or give other keys; the run goes on by itself"),
			Cause:   err,
		}
	}
	return creds, nil
}

func (s *source) provider(ctx context.Context) (aws.CredentialsProvider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := stamp(s.files)
	if s.current != nil && now == s.stamp {
		return s.current, nil
	}
	cfg, err := s.load(ctx)
	if err != nil {
		return nil, err
	}
	s.current, s.stamp = cfg.Credentials, now
	return s.current, nil
}

// forget drops p unless somebody has already put another in its place.
func (s *source) forget(p aws.CredentialsProvider) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == p {
		s.current = nil
	}
}

func (s *source) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = nil
}

// stamp changes whenever one of the files does.
func stamp(files []string) string {
	var b strings.Builder
	for _, f := range files {
		if st, err := os.Stat(f); err == nil {
			fmt.Fprintf(&b, "%d %d;", st.ModTime().UnixNano(), st.Size())
		} else {
			b.WriteString("-;")
		}
	}
	return b.String()
}
