package offer_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/offer"
)

var ctx = context.Background()

// world is a sandbox in process that a test may stand in front of.
type world struct {
	box    *sandbox.Sandbox
	refuse func(*http.Request) error
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.refuse != nil {
		if err := w.refuse(r); err != nil {
			return nil, err
		}
	}
	return w.box.Transport().RoundTrip(r)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	box, err := sandbox.Open(ctx, sandbox.Options{Dir: t.TempDir(), Pace: sandbox.PaceInstant, Access: map[string]sandbox.AccessKind{
		"source": sandbox.AccessPolicy, "next": sandbox.AccessPolicy, "target": sandbox.AccessInternalMaster,
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close(ctx) })
	return &world{box: box}
}

// answers of a move between the two accounts, as a file has them.
var answers = map[ask.Key]string{
	"source.account": "111111111111", "source.region": "eu-west-1", "source.domain": "logs-prod", "source.control.profile": "source",
	"target.account": "222222222222", "target.domain": "logs-prod", "target.control.profile": "target",
	"target.mapper.user": "master", "bucket.name": "acme-os-migration",
}

// view opens facts for the answers with some changed; "" takes one away.
func (w *world) view(t *testing.T, changed map[ask.Key]string) *facts.Facts {
	t.Helper()
	d := &spec.Draft{}
	for _, m := range []map[ask.Key]string{answers, changed} {
		for k, v := range m {
			if e := d.Set(k, v); e != nil {
				t.Fatal(e)
			}
		}
	}
	s, errs := d.Partial(time.Time{})
	if len(errs) > 0 {
		t.Fatal(errs[0])
	}
	o := facts.Options{Spec: s, Session: session.Options{Isolated: true}, Sandbox: map[string]session.Keys{}, Passwords: map[steps.Side]session.Secret{}}
	o.HealthLate = time.Minute // health is to be there, however busy the machine is
	o.Network = network.New(network.Options{Isolated: true, RoundTripper: w})
	for _, a := range w.box.Info().Accounts {
		o.Sandbox[a.Label] = session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
	}
	for _, d := range w.box.Info().Domains {
		if d.MasterPassword != "" {
			o.Passwords[steps.Target] = session.NewSecret(d.MasterPassword)
		}
	}
	f, err := facts.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// words is an offer as it would be read.
func words(o ask.Offer) string {
	list := []string{o.Note.String(), "default " + o.Default, "only " + o.Only}
	for _, option := range o.Options {
		list = append(list, option.Value+" | "+option.Detail.String())
	}
	return strings.Join(list, "\n")
}

// TestLook: what is offered, and what is said about an answer.
func TestLook(t *testing.T) {
	w := newWorld(t)
	at := func(what ask.What, side steps.Side, slot string) ask.Request {
		return ask.Request{What: what, Side: side, Slot: slot}
	}
	cases := []struct {
		name    string
		r       ask.Request
		changed map[ask.Key]string
		says    []string
	}{
		{"who", at(ask.Identity, steps.Source, "control"), nil, []string{"You are arn:aws:iam::111111111111:user/admin, by profile source; the keys do not expire.", "default 111111111111", "only 111111111111"}},
		{"nobody", at(ask.Identity, steps.Source, "control"), map[ask.Key]string{"source.control.profile": "", "source.control.base": "none"}, []string{"default \n"}},
		{"a role of a jump account", at(ask.Identity, steps.Target, "signer"), map[ask.Key]string{"target.signer.base": "environment"}, []string{"by the environment", "user/admin", "only \n"}},
		{"domains", at(ask.Domains, steps.Source, "control"), nil, []string{"logs-next | OpenSearch 3.4, green, 3 x r6g.large, room for 1.5 TiB, public, access policy alone", "logs-prod | OpenSearch 2.19, green"}},
		{"no way to a target", at(ask.Domains, steps.Target, "control"), map[ask.Key]string{"shape": "same-account", "source.domain": "logs-next", "target.account": "", "target.domain": "", "target.control.profile": "", "target.mapper.user": ""}, []string{"logs-next | OpenSearch 3.4", "logs-prod | no way to it: the source is newer than the target; OpenSearch 2.19"}},
		{"no domains", at(ask.Domains, steps.Source, "control"), map[ask.Key]string{"source.region": "eu-west-2"}, []string{"This account has no domain in eu-west-2. If it is the wrong region, go back"}},
		{"a domain", at(ask.Domain, steps.Source, "control"), nil, []string{"The source domain is OpenSearch 2.19, green, 3 x r6g.large, room for 1.5 TiB, public, access policy alone."}},
		{"a way upwards", at(ask.Domain, steps.Target, "control"), nil, []string{"The target domain is OpenSearch 3.4", "fine-grained access"}},
		{"an unguarded domain", at(ask.Guard, steps.Source, "mapper"), nil, []string{"nobody has to map anything", "default \n"}},
		{"users of its own", at(ask.Guard, steps.Target, "mapper"), nil, []string{"mostly one of them", "default password"}},
		{"a password", at(ask.Login, steps.Target, "mapper"), nil, []string{"The domain knows master, who may map roles there."}},
		{"no bucket", at(ask.Buckets, steps.Source, "control"), nil, []string{"has no bucket in eu-west-1 yet"}},
		{"a free name", at(ask.Bucket, steps.Source, "control"), nil, []string{"Nobody has acme-os-migration: it will be made in eu-west-1."}},
		{"indices", at(ask.Indices, steps.Source, "signer"), nil, []string{"49 indices with 161 GiB can move", "audit-2026-q4 | 595 MiB, 1 x 2, made with 2.19.4", "| stays: "}},
		{"what moves", at(ask.Selection, steps.Source, "signer"), map[ask.Key]string{"move.indices": "audit-*"}, []string{"5 indices move, with 2.9 GiB in 579 documents by _cat/indices."}},
		{"what is known here", at(ask.Profiles, steps.Source, ""), nil, []string{"default \n"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o, err := offer.Look(ctx, w.view(t, c.changed), c.r)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.says {
				if !strings.Contains(words(o)+"\n", want) {
					t.Errorf("no %q in\n%s", want, words(o))
				}
			}
		})
	}
}

// TestDomainsWithoutTheirHealth: who may not ask for it chooses all the same.
func TestDomainsWithoutTheirHealth(t *testing.T) {
	w := newWorld(t)
	w.refuse = func(r *http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/health") {
			return errors.New("no")
		}
		return nil
	}
	o, err := offer.Look(ctx, w.view(t, nil), ask.Request{What: ask.Domains, Side: steps.Source, Slot: "control"})
	if err != nil || !strings.Contains(words(o), "logs-next | OpenSearch 3.4, 3 x r6g.large,") {
		t.Errorf("%s, %v", words(o), err)
	}
}

// TestTryingPatterns: what they hit is known without asking anybody again.
func TestTryingPatterns(t *testing.T) {
	w := newWorld(t)
	o, err := offer.Look(ctx, w.view(t, nil), ask.Request{What: ask.Indices, Side: steps.Source, Slot: "signer"})
	if err != nil || o.Try == nil {
		t.Fatalf("%v, %v", o, err)
	}
	w.refuse = func(*http.Request) error { return errors.New("asked again") }
	for pattern, want := range map[string][2]int{"*": {49, 0}, "audit-*": {5, 44}, "-audit-*": {44, 5}} {
		var moves, left int
		for _, h := range o.Try(strings.Split(pattern, ",")) {
			switch {
			case h.Moves:
				moves++
			case h.Left:
				left++
			case h.Why.IsZero():
				t.Errorf("%s stays without a reason", h.Name)
			}
		}
		if moves != want[0] || left != want[1] {
			t.Errorf("%s: %d move, %d are left", pattern, moves, left)
		}
	}
}

// TestLookTellsWhatIsWrong: in words for a person, with a way out.
func TestLookTellsWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	makeBucket(t, w, "theirs", steps.Target, sandbox.Region)
	makeBucket(t, w, "far", steps.Source, "eu-west-2")
	cases := []struct {
		name    string
		what    ask.What
		side    steps.Side
		slot    string
		changed map[ask.Key]string
		says    string
	}{
		{"an unknown profile", ask.Identity, steps.Source, "control", map[ask.Key]string{"source.control.profile": "wibble"}, "has no profile wibble"},
		{"a signer of another account", ask.Identity, steps.Source, "signer", map[ask.Key]string{"source.signer.profile": "target"}, "are of account 2222-2222-2222, but the domain is in 1111-1111-1111"},
		{"no such domain", ask.Domain, steps.Source, "control", map[ask.Key]string{"source.domain": "wibble"}, "wibble"},
		{"no way downwards", ask.Domain, steps.Target, "control", map[ask.Key]string{"shape": "same-account", "source.domain": "logs-next", "target.account": "", "target.domain": "logs-prod", "target.control.profile": "", "target.mapper.user": ""}, "the source is newer than the target"},
		{"another's bucket", ask.Bucket, steps.Source, "control", map[ask.Key]string{"bucket.name": "theirs"}, "is there and not owned by the source account"},
		{"a bucket elsewhere", ask.Bucket, steps.Source, "control", map[ask.Key]string{"bucket.name": "far"}, "is in eu-west-2, the domain in eu-west-1"},
		{"a pattern for nothing", ask.Selection, steps.Source, "signer", map[ask.Key]string{"move.indices": "audit-*, wibble*"}, "Nothing there is called wibble*"},
		{"patterns for nothing", ask.Selection, steps.Source, "signer", map[ask.Key]string{"move.indices": "audit-*, -audit-*"}, "nothing moves"},
		{"a user nobody knows", ask.Login, steps.Target, "mapper", map[ask.Key]string{"target.mapper.user": "wibble"}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := offer.Look(ctx, w.view(t, c.changed), ask.Request{What: c.what, Side: c.side, Slot: c.slot})
			var e *steps.Error
			if !errors.As(err, &e) || e.Fix.IsZero() || !strings.Contains(e.Summary.String(), c.says) {
				t.Errorf("%#v", err)
			}
		})
	}
}

func makeBucket(t *testing.T, w *world, name awsid.BucketName, side steps.Side, region awsid.Region) {
	t.Helper()
	acc, err := w.view(t, nil).Control(ctx, side)
	if err != nil {
		t.Fatal(err)
	}
	if err := acc.CreateBucket(ctx, account.BucketSpec{Name: name, Region: region}); err != nil {
		t.Fatal(err)
	}
}

// TestLookEnds: with the person's patience, and where there is no network.
func TestLookEnds(t *testing.T) {
	w := newWorld(t)
	f := w.view(t, nil)
	gone, cancel := context.WithCancel(ctx)
	w.refuse = func(*http.Request) error { cancel(); return nil }
	if _, err := offer.Look(gone, f, ask.Request{What: ask.Domains, Side: steps.Source, Slot: "control"}); !errors.Is(err, context.Canceled) {
		t.Errorf("left: %v", err)
	}
	w.refuse = func(*http.Request) error {
		return errors.New("dial tcp: lookup es.eu-west-1.amazonaws.com: no such host")
	}
	_, err := offer.Look(ctx, w.view(t, nil), ask.Request{What: ask.Domains, Side: steps.Source, Slot: "control"})
	var e *steps.Error
	if !errors.As(err, &e) || e.Fix.IsZero() || e.Summary.IsZero() {
		t.Errorf("no network: %#v", err)
	}
}

// TestASignerThatIsNotMappedYet: it is mapped later, which is what is said, and not how
// a master would do it by hand now.
func TestASignerThatIsNotMappedYet(t *testing.T) {
	w := newWorld(t)
	for _, what := range []ask.What{ask.Indices, ask.Selection} {
		changed := map[ask.Key]string{"source.account": "222222222222", "source.control.profile": "target", "target.account": "111111111111", "target.control.profile": "source", "target.mapper.user": ""}
		_, err := offer.Look(ctx, w.view(t, changed), ask.Request{What: what, Side: steps.Source, Slot: "signer"})
		var e *steps.Error
		if !errors.As(err, &e) || !strings.Contains(e.Fix.String(), "Go on: the checks") || strings.Contains(e.Fix.String(), "Map the caller") {
			t.Errorf("%s: %#v", what, err)
		}
	}
}

// TestLookWithoutAWS: as the clients tell it, where credentials come from it, too.
func TestLookWithoutAWS(t *testing.T) {
	w := newWorld(t)
	w.refuse = func(*http.Request) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}
	}
	who := ask.Request{What: ask.Identity, Side: steps.Source, Slot: "control"}
	for _, role := range []string{"", "arn:aws:iam::111111111111:role/admin"} {
		changed := map[ask.Key]string{"source.control.chain.1.role": role}
		if role == "" {
			changed = nil
		}
		if _, err := offer.Look(ctx, w.view(t, changed), who); err == nil || !strings.Contains(err.Error(), "AWS cannot be reached from here (STS in eu-west-1): ") {
			t.Errorf("role %q: %v", role, err)
		}
	}
}

// TestEncryption: of a bucket that is there it is said as it is, and its customer key is
// what the question is answered with.
func TestEncryption(t *testing.T) {
	w := newWorld(t)
	key := sandbox.CustomerKey.String()
	makeBucket(t, w, "plain", steps.Source, sandbox.Region)
	makeBucket(t, w, "theirs", steps.Target, sandbox.Region)
	acc, err := w.view(t, nil).Control(ctx, steps.Source)
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range map[awsid.BucketName]account.Encryption{
		"locked": {Algorithm: "aws:kms", KeyARN: key}, "by-id": {Algorithm: "aws:kms", KeyARN: sandbox.CustomerKey.Name()}, "shared-by-none": {Algorithm: "aws:kms"},
	} {
		if err := acc.CreateBucket(ctx, account.BucketSpec{Name: name, Region: sandbox.Region, Encryption: e}); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]struct{ said, proof, key string }{
		"locked":            {"locked is there, encrypted with the customer key " + key, "locked is yours, in eu-west-1, encrypted with the customer key " + key, key},
		"by-id":             {"by-id is there, encrypted with the customer key " + key, "", key},
		"shared-by-none":    {"encrypted with the key aws/s3, which cannot be shared", "aws/s3", ""},
		"plain":             {"plain is there, encrypted with SSE-S3.", "plain is yours, in eu-west-1, encrypted with SSE-S3: it will be used as it is.", ""},
		"nobody-has-it-yet": {"The bucket is new: it is made with the key named here, or with SSE-S3.", "Nobody has", ""},
		"theirs":            {"", "", ""},
	} {
		f := w.view(t, map[ask.Key]string{"bucket.name": name})
		o, err := offer.Look(ctx, f, ask.Request{What: ask.Crypto, Side: steps.Source, Slot: "control"})
		if err != nil || o.Default != want.key || !strings.Contains(o.Note.String(), want.said) || want.said == "" && !o.Note.IsZero() {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
		if o, err = offer.Look(ctx, f, ask.Request{What: ask.Bucket, Side: steps.Source, Slot: "control"}); !strings.Contains(o.Note.String(), want.proof) || err != nil && name != "theirs" {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
	}
}
