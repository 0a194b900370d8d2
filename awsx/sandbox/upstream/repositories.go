package upstream

import (
	"io"
	"net/http"
)

// mostBody bounds a registration; real ones are a few hundred bytes.
const mostBody = 1 << 20

// registerRepository forwards a registration in the node's terms and keeps the
// caller's.
func (p *Proxy) registerRepository(w http.ResponseWriter, r *http.Request, name string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	reg, ok := parseRegistration(body)
	switch {
	case !ok:
		p.relay(w, r, body, nil)
	case reg.Type == "fs":
		p.refuseFiles(w, name, reg)
	case reg.Type != "s3":
		p.relay(w, r, body, nil)
	case p.o.Engine.S3:
		p.registerS3(w, r, name, reg)
	default:
		p.registerFiles(w, r, name, reg)
	}
}

// refuseFiles keeps callers out of the node's file system. A managed domain has
// an empty path.repo, and these are the words of an engine that has.
func (p *Proxy) refuseFiles(w http.ResponseWriter, name string, reg registration) {
	location := reg.text("location")
	why := "[" + name + "] location [" + location + "] doesn't match any of the locations specified by path.repo because this setting is empty"
	if location == "" {
		why = "[" + name + "] missing location"
	}
	newRefusal(http.StatusInternalServerError, cause{
		Type: "repository_exception", Reason: "[" + name + "] failed to create repository",
		CausedBy: &cause{Type: "repository_exception", Reason: why},
	}).write(w)
}

func (p *Proxy) registerS3(w http.ResponseWriter, r *http.Request, name string, reg registration) {
	client := ""
	if role := reg.text("role_arn"); role != "" {
		var err error
		if client, err = p.o.Slots.Bind(role); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	// A failed verification leaves a registration behind, so the register
	// follows what the node then has, not the status of this answer.
	p.relay(w, r, reg.forS3(client, p.o.StoreTLS).encode(), func(resp *http.Response) error {
		return p.settle(r, resp, name, reg)
	})
}

func (p *Proxy) registerFiles(w http.ResponseWriter, r *http.Request, name string, reg registration) {
	forward, err := reg.forFiles(p.o.Root, p.joined())
	if err != nil {
		newRefusal(http.StatusInternalServerError, cause{
			Type: "repository_exception", Reason: "[" + name + "] failed to create repository",
			CausedBy: &cause{Type: "illegal_argument_exception", Reason: err.Error()},
		}).write(w)
		return
	}
	var refused *refusal
	if r.URL.Query().Get("verify") != "false" {
		if refused, err = p.probe(r.Context(), name, reg); err != nil {
			http.Error(w, err.Error(), http.StatusGatewayTimeout)
			return
		}
	}
	keep := func(resp *http.Response) error { return p.settle(r, resp, name, reg) }
	if refused == nil {
		p.relay(w, r, forward.encode(), keep)
		return
	}
	// The engine registers first and verifies then: the registration stays.
	unverified := r.Clone(r.Context())
	q := unverified.URL.Query()
	q.Set("verify", "false")
	unverified.URL.RawQuery = q.Encode()
	p.relay(w, unverified, forward.encode(), func(resp *http.Response) error {
		if err := keep(resp); err != nil {
			return err
		}
		if resp.StatusCode == http.StatusOK {
			replaceBody(resp, http.StatusInternalServerError, refused)
		}
		return nil
	})
}

func (p *Proxy) joined() bool { return p.o.Engine.Version.Family == "Elasticsearch" }

// settle notes a registration when the node has it.
func (p *Proxy) settle(r *http.Request, resp *http.Response, name string, reg registration) error {
	if resp.StatusCode != http.StatusOK {
		var refused struct{ Error struct{ Type string } }
		if peek(resp, &refused) != nil || refused.Error.Type != "repository_verification_exception" {
			return nil
		}
	}
	return p.register.change(func(repos map[string]entry) {
		repos[name] = entry{Type: reg.Type, Settings: shown(reg.Settings)}
	})
}

// verifyRepository tries the same as the role before the node tries its files.
func (p *Proxy) verifyRepository(w http.ResponseWriter, r *http.Request, name string) {
	e, known := p.register.get(name)
	if p.o.Engine.S3 || !known {
		p.pass.ServeHTTP(w, r)
		return
	}
	refused, err := p.probe(r.Context(), name, registration{Type: e.Type, Settings: e.Settings})
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusGatewayTimeout)
	case refused != nil:
		refused.write(w)
	default:
		p.pass.ServeHTTP(w, r)
	}
}
