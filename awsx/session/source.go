package session

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"snapferry/awsx/text"
)

// source is the provider behind a session. It keeps what the SDK caches, and
// loads the identity anew when the shared files have changed: new keys written
// in another window are enough to go on. What the SDK's providers read for
// themselves (tokens of SSO, of processes, of web identities) they read anew
// whenever the last attempt failed.
type source struct {
	load   func(context.Context) (aws.Config, error)
	files  []string
	remedy text.Text

	mu      sync.Mutex
	current aws.CredentialsProvider
	stamp   string
	until   time.Time // when what was given last ends
}

func newSource(load func(context.Context) (aws.Config, error), files []string, first aws.CredentialsProvider, remedy text.Text) *source {
	return &source{load: load, files: files, current: first, stamp: stamp(files), remedy: remedy}
}

// Retrieve gives credentials for one request.
func (s *source) Retrieve(ctx context.Context) (aws.Credentials, error) {
	p, err := s.provider(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	creds, err := p.Retrieve(ctx)
	if err != nil {
		return aws.Credentials{}, &Error{
			Summary: text.New("No credentials could be had"),
			Fix:     s.remedy,
			Cause:   err,
		}
	}
	until := time.Time{}
	if creds.CanExpire {
		until = creds.Expires
	}
	s.mu.Lock()
	s.until = until
	s.mu.Unlock()
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

// remedy is what brings credentials back, which depends on where they come from.
func (s *Session) remedy() text.Text {
	switch s.id.Base.Kind {
	case BaseInstance:
		return text.New("See that the instance has a role and its metadata service is on; from inside a container the service answers only with a hop limit of 2")
	case BaseTask:
		return text.New("See that the task or pod has a role, and that this shell has its variables AWS_CONTAINER_…")
	case BaseEnvironment:
		return text.New("Export new keys and start again, which goes on where it was: a process keeps the environment it began with")
	case BaseKeys, BaseSandbox:
		return text.New("Give other keys; the run goes on where it was")
	}
	return text.New("Log in again, for example with aws sso login --profile %s; the run goes on by itself", s.profileName())
}

// drop makes the next request load the identity anew.
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
