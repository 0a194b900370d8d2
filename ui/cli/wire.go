package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"snapferry/awsx/failure"
	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/world"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/journal"
	"snapferry/steps/migrate"
	"snapferry/ui/panel"
	"snapferry/ui/term"
)

// This file is the composition root: the one place that knows the sandbox and
// chooses every concrete type. Everything else is handed what it needs.

// connect makes the view of both sides over the real AWS or the sandbox.
func (p *place) connect(ctx context.Context) (*facts.Facts, error) {
	if p.calls == nil {
		p.calls = &callLog{also: p.Call}
		p.closers = append(p.closers, p.calls.close)
	}
	net := network.Options{Via: p.spec.Ways(), OnCall: p.calls.call, Now: p.Now}
	o := facts.Options{Spec: p.spec, Now: p.Now, Sessions: &p.sessions, Session: session.Options{MFA: p.mfa()}}
	if p.sandboxed() {
		if err := p.useSandbox(ctx, &net, &o); err != nil {
			return nil, err
		}
	}
	// Nobody is asked for anything that would be refused then.
	if err := journal.CheckWorld(p.dir, p.world); err != nil {
		return nil, term.Exit(term.ExitUsage, err)
	}
	typed, err := p.askKeys(ctx)
	if err != nil {
		return nil, err
	}
	o.Keys = map[facts.Slot]session.Keys{}
	for slot, k := range typed {
		o.Keys[slot] = session.Keys{AccessKeyID: k.id, Secret: k.secret, Token: k.token}
	}
	if o.Passwords, err = p.passwords(ctx, o.Passwords); err != nil {
		return nil, err
	}
	n := network.New(net)
	if err := n.Problem(); err != nil {
		return nil, err
	}
	// The questions connect anew with every answer; the one before is not used again.
	if p.hangUp == nil {
		p.closers = append(p.closers, func() { p.hangUp() })
	} else {
		p.hangUp()
	}
	if p.facts != nil { // of thousands of indices nobody is to have two readings
		p.facts.DropAll()
	}
	p.hangUp, o.Network = n.Close, n
	if p.past != nil {
		o.Recorded, o.Run = migrate.RestoredBy(p.past), p.past.RunID
	}
	return facts.Open(ctx, o)
}

// useSandbox starts the embedded AWS in the run directory, or joins the one that
// is running elsewhere, and leaves no other way open.
func (p *place) useSandbox(ctx context.Context, net *network.Options, o *facts.Options) error {
	info, err := p.runningSandbox(ctx)
	if err != nil {
		return err
	}
	if err := p.inSandbox(info); err != nil {
		return err
	}
	ca, err := info.CA()
	if err != nil {
		return err
	}
	// Every sandbox makes an authority of its own, which moves with its directory.
	sum := sha256.Sum256(ca)
	p.world = "sandbox " + hex.EncodeToString(sum[:8])
	proxy, err := url.Parse(info.Proxy)
	if err != nil {
		return err
	}
	net.ProxyURL, net.CAPEM, net.Isolated = proxy, ca, true
	o.Session.Isolated = true
	o.Session.Host.Metadata, o.Session.Host.Task = info.Usual()
	o.Sandbox = map[string]session.Keys{}
	for _, a := range info.Accounts {
		o.Sandbox[a.Label] = session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
	}
	o.Passwords = p.madePasswords(info)
	return nil
}

// madePasswords are those of the internal users the sandbox made itself. A domain
// it does not have needs none: the checks will say so, and not ask for a password
// first.
func (p *place) madePasswords(info sandboxInfo) map[steps.Side]session.Secret {
	made := map[steps.Side]session.Secret{}
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		s := p.spec.Side(side)
		at := slices.IndexFunc(info.Domains, func(d sandbox.DomainInfo) bool {
			return d.Name == s.Domain && d.Account == s.Account && d.Region == s.Region || d.Endpoint == s.Endpoint
		})
		switch {
		case at < 0:
			made[side] = session.Secret{}
		case info.Domains[at].MasterPassword != "" && info.Domains[at].Master == s.Mapper.User:
			made[side] = session.NewSecret(info.Domains[at].MasterPassword)
		}
	}
	return made
}

func (p *place) runningSandbox(ctx context.Context) (sandbox.Info, error) {
	if p.box != nil {
		return *p.box, nil
	}
	if p.sandbox != inRunDir {
		return joinSandbox(p.sandbox)
	}
	s, err := p.openSandbox(ctx, p.sandboxDir(), "", nil)
	if errors.Is(err, world.ErrInUse) {
		err = taken(errors.Join(journal.InUse(p.dir), err)) // a run serves its sandbox: joining that would not help
	}
	if err != nil {
		return sandbox.Info{}, err
	}
	p.closers = append(p.closers, func() { closeSandbox(s) })
	info := s.Info()
	p.box = &info
	return info, nil
}

// What else the package calls by a name of its own.
type (
	clock      = failure.Clock
	secretWord = session.Secret
	profile    = session.Profile
)

func newSecret(s string) secretWord { return session.NewSecret(s) }

// hostProfiles are those of the files AWS tools share on this host.
func (a *app) hostProfiles(ctx context.Context) ([]profile, error) {
	return session.Profiles(ctx, session.Options{Getenv: a.Env})
}

// sandboxInfo is how a running sandbox is reached.
type sandboxInfo = sandbox.Info

// sandboxDomains are the labels of the sandbox's domains.
func sandboxDomains() []string { return sandbox.Labels() }

// sandboxAccess is how the domains of the sandbox decide, or of the one that will
// begin, by label.
func (a *app) sandboxAccess() map[string]string {
	kinds := map[string]string{}
	for label, kind := range sandbox.Kinds(a.sandboxDir()) {
		kinds[label] = string(kind)
	}
	said, _ := accessKinds(a.access) // refused with the flags, if at all
	maps.Copy(kinds, said)
	return kinds
}

// sandboxDir is where the sandbox has its world.
func (a *app) sandboxDir() string {
	if a.sandbox == inRunDir {
		return filepath.Join(a.dir, "sandbox")
	}
	return a.sandbox
}

// The answers of the sandbox's own migration that the sandbox itself decides.
var (
	practiceKey    = sandbox.CustomerKey.String()
	practiceMaster = sandbox.MasterUser
)

// sandboxKinds are the kinds of access its domains can have.
func sandboxKinds() []string {
	var kinds []string
	for _, k := range sandbox.AccessKinds() {
		kinds = append(kinds, string(k))
	}
	return kinds
}

// faultCards are the fault cards there are.
func faultCards() []sandbox.Fault { return sandbox.Faults() }

// ambientVariables must not be set beside a sandbox's environment.
func ambientVariables() []string { return sandbox.Ambient() }

// sandboxObject is what --json says of a sandbox.
func sandboxObject(info sandboxInfo) any {
	env := map[string]string{}
	for _, v := range info.Env() {
		env[v.Name] = v.Value
	}
	return struct {
		Type string `json:"type"`
		sandbox.Info
		Env   map[string]string `json:"env"`
		Unset []string          `json:"unset"`
	}{"sandbox", info, env, sandbox.Ambient()}
}

func joinSandbox(dir string) (sandboxInfo, error) {
	info, err := sandbox.Join(dir)
	if errors.Is(err, sandbox.ErrNotRunning) {
		err = term.Exit(term.ExitUsage, &steps.Error{
			Summary: steps.T("No sandbox is running in %s", dir),
			Fix:     steps.T("Start it with: snapferry sandbox --data %s", dir),
		})
	}
	return info, err
}

func (a *app) openSandbox(ctx context.Context, dir, addr string, upstream map[string]string) (*sandbox.Sandbox, error) {
	said, err := accessKinds(a.access)
	if err != nil {
		return nil, err
	}
	kinds := map[string]sandbox.AccessKind{}
	for label, kind := range said {
		kinds[label] = sandbox.AccessKind(kind)
	}
	s, err := sandbox.Open(ctx, sandbox.Options{Dir: dir, Addr: addr, Pace: sandbox.Pace(a.pace), Upstream: upstream, Access: kinds, Faults: a.faults})
	if errors.Is(err, world.ErrInUse) {
		return nil, &steps.Error{
			Summary: steps.T("Another process serves the sandbox in %s", dir),
			Fix:     steps.T("Join it with --sandbox=%s, or wait until it ends", steps.ShellWord(dir)), Cause: err,
		}
	}
	if otherwise := (*sandbox.MadeError)(nil); errors.As(err, &otherwise) {
		return nil, madeOtherwise(otherwise)
	}
	return s, err
}

// closeWithin bounds the wait for requests that are still being answered.
const closeWithin = 5 * time.Second

func closeSandbox(s *sandbox.Sandbox) {
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	_ = s.Close(ctx) // the world is written through; there is nothing left to lose
}

// openPlanner makes a runner that can only look: it keeps no journal of its own,
// but knows what the one in the run directory says.
func (p *place) openPlanner() error {
	p.tellStranger()
	m := engine.NewMemory(newRunID(p.Now()), p.Now)
	if p.past != nil {
		m = engine.NewMemory(p.past.RunID, p.Now)
		if err := p.replay(func(r steps.Record) error { _, err := m.Append(r.Step, r.Event); return err }); err != nil {
			return err
		}
	}
	o := p.runnerOptions("run", &consents{})
	o.Journal = m
	p.runner = engine.New(o)
	p.closers = append(p.closers, p.runner.Close)
	return nil
}

func (p *place) runnerOptions(command string, c *consents) engine.Options {
	list := migrate.Catalogue(p.spec, p.facts)
	o := engine.Options{
		Steps: list, Facts: p.facts, Clock: p.waits(), Control: p.control.Load(),
		Program: "snapferry " + Version, Answers: p.fingerprint(), Resume: p.resumeLine(command),
		Diagnose: p.diagnosed, Failed: p.decided(list), Consent: p.consent, Points: p.Points, Report: p.writeReport, PauseTimeout: c.pauseTimeout, WaitOther: p.waitOther(c),
	}
	if p.journal != nil {
		o.Journal = p.journal
	}
	return o
}

// waits is the clock that a run waits by.
func (p *place) waits() clock {
	if p.Clock != nil {
		return p.Clock
	}
	return failure.SystemClock()
}

// callsName is the file of the run directory that lists every call made: method,
// host, path, status, time. No query, no header, no body, hence no secret.
const callsName = "calls.jsonl"

// callLog writes calls down once there is a run directory to write them to.
type callLog struct {
	also func(string)

	mu   sync.Mutex
	file *os.File
	// newest are the last calls, for looking at.
	newest []panel.Call
}

// mostCalls is how many calls are kept for looking at.
const mostCalls = 200

func (l *callLog) open(dir string) error {
	f, err := os.OpenFile(filepath.Join(dir, callsName), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil { // of the run directory that was taken before
		l.file.Close()
	}
	l.file = f
	return err
}

// taskPath is where an ECS agent gives a task's keys: its path is all the proof of
// identity it wants (ECS developer guide, task IAM roles).
const taskPath = "/v2/credentials/"

func (l *callLog) call(c network.Call) {
	if secret, is := strings.CutPrefix(c.Path, taskPath); is && secret != "" {
		c.Path, c.Err = taskPath+"…", strings.ReplaceAll(c.Err, secret, "…")
	}
	l.mu.Lock()
	if l.file != nil {
		_ = json.NewEncoder(l.file).Encode(c) // a full disk must not stop a migration for its log
	}
	if len(l.newest) >= 2*mostCalls {
		l.newest = slices.Clone(l.newest[len(l.newest)-mostCalls:])
	}
	// A copy of the host's own, as else it holds on to the whole address, which may name hundreds of indices.
	l.newest = append(l.newest, panel.Call{At: c.At, Method: c.Method, Host: strings.Clone(c.Host), Path: shown(c.Path), Status: c.Status, Took: c.Took, Err: c.Err})
	l.mu.Unlock()
	if l.also != nil {
		l.also(c.Method + " " + c.Path)
	}
}

// longestPath is how much of a path is kept for the screen: one that names hundreds of
// indices has kilobytes, and the file has it whole.
const longestPath = 400

func shown(path string) string {
	if len(path) <= longestPath {
		return path
	}
	return path[:longestPath/2] + "…" + path[len(path)-longestPath/2:]
}

// last gives the newest calls, at most n, oldest first.
func (l *callLog) last(n int) []panel.Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.newest[max(0, len(l.newest)-n):])
}

func (l *callLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		l.file.Close()
		l.file = nil
	}
}
