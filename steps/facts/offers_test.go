package facts

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/session"
	"snapferry/steps"
)

// TestUnguarded: only a policy that lets anybody do anything makes a domain open.
func TestUnguarded(t *testing.T) {
	const rule = `{"Version":"2012-10-17","Statement":[{"Effect":%q,"Principal":%s,"Action":%q,"Resource":"*"%s}]}`
	for name, c := range map[string]struct {
		doc     string
		guarded bool
		open    bool
	}{
		"open":           {doc: fmt.Sprintf(rule, "Allow", `{"AWS":"*"}`, "es:*", ""), open: true},
		"open, in short": {doc: fmt.Sprintf(rule, "Allow", `"*"`, "es:*", ""), open: true},
		"guarded inside": {doc: fmt.Sprintf(rule, "Allow", `"*"`, "es:*", ""), guarded: true},
		"one account":    {doc: fmt.Sprintf(rule, "Allow", `{"AWS":"arn:aws:iam::111122223333:root"}`, "es:*", "")},
		"an address":     {doc: fmt.Sprintf(rule, "Allow", `"*"`, "es:*", `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`)},
		"reading":        {doc: fmt.Sprintf(rule, "Allow", `"*"`, "es:ESHttpGet", "")},
		"refusing":       {doc: fmt.Sprintf(rule, "Deny", `"*"`, "es:*", "")},
		"no policy":      {},
		"not a policy":   {doc: `{"Statement":7}`},
	} {
		d := Domain{Domain: account.Domain{AccessPolicy: json.RawMessage(c.doc), Security: account.Security{Enabled: c.guarded}}}
		if got := d.Unguarded(); got != c.open {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestLoginError: what credentials say of themselves is said on, and nothing else.
func TestLoginError(t *testing.T) {
	said := fmt.Errorf("whoami: %w", &session.Error{Summary: steps.T("The session is over"), Fix: steps.T("Log in")})
	if e := LoginError(said); e == nil || e.Summary.String() != "The session is over" || !errors.Is(e, said) {
		t.Errorf("%v", e)
	}
	if e := LoginError(errors.New("no such host")); e != nil {
		t.Errorf("%v", e)
	}
}
