package cli

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/migrate"
	"snapferry/ui/term"
)

// TestAWrongPasswordIsAskedForAnew: it is told as what it is, and the retry that a
// person decides for has the one typed then.
func TestAWrongPasswordIsAskedForAnew(t *testing.T) {
	wrong := func(name string) string {
		return map[string]string{"SNAPFERRY_TARGET_MAPPER_PASSWORD": "mistyped"}[name]
	}
	a := &app{Process: Process{Now: time.Now, Streams: term.Pipes(nil, t.Output(), t.Output(), wrong)}}
	a.globals = globals{
		sandbox: inRunDir, dir: filepath.Join(t.TempDir(), "run"), pace: "instant",
		access: []string{"target=internal-master"}, file: answersFile(t, twoAccounts+"    base: password\n    user: master\n"),
	}
	p, ctx, err := a.open(t.Context(), &consents{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	_, err = p.facts.Permissions(ctx, steps.Target)
	d := p.diagnosed(err)
	if err == nil || d.Causes[0].Summary.String() != "The target domain refuses the internal user master with the password that was given" || d.Causes[1].ID != "wrong-login" {
		t.Fatalf("%v, %+v", err, d)
	}
	password := ""
	for _, at := range p.box.Domains {
		password += at.MasterPassword // one domain alone has an internal user
	}
	for _, tt := range []struct {
		name   string
		decide engine.Decision
		typed  string
		ok     bool
	}{
		{"stopped", engine.Stop, "", false},
		{"tried again with the same", engine.Retry, "", false},
		{"tried again with the right one", engine.Retry, password, true},
	} {
		p.decide = func(context.Context, failedStep) engine.Decision { return tt.decide }
		p.asker = &scripted{answers: map[string]string{"Password of master on the target": tt.typed}}
		list := migrate.Catalogue(p.spec, p.facts)
		if got := p.decided(list)(ctx, migrate.StepTargetMapping, d); got != tt.decide {
			t.Errorf("%s: %v", tt.name, got)
		}
		p.facts.DropAll()
		if _, err := p.facts.Permissions(ctx, steps.Target); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
