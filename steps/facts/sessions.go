package facts

import (
	"sync"

	"snapferry/awsx/session"
)

// Sessions are opened identities, which the views of one start may share: forms
// open a view for every answer that changes what can be seen, and nobody wants to
// be asked for the code of an MFA device each time. The zero value is empty. It is
// safe for concurrent use.
type Sessions struct {
	mu   sync.Mutex
	open map[string]*session.Session // by identity and region
}

// get gives the session of an identity, which is opened the first time. Keys that
// were typed again take the place of those of the same id.
func (p *Sessions) get(k string, id session.Identity, open func() (*session.Session, error)) (*session.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.open[k]; s != nil {
		have, want := s.Identity().Base.Keys, id.Base.Keys
		if have.Secret.Reveal() != want.Secret.Reveal() || have.Token.Reveal() != want.Token.Reveal() {
			s.Replace(want)
		}
		return s, nil
	}
	s, err := open()
	if err != nil {
		return nil, err
	}
	if p.open == nil {
		p.open = map[string]*session.Session{}
	}
	p.open[k] = s
	return s, nil
}

// opened is the session of an identity, nil while none was opened.
func (p *Sessions) opened(k string) *session.Session {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open[k]
}

// renew has every session look for a new login.
func (p *Sessions) renew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.open {
		s.Renew()
	}
}
