package session_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"snapferry/awsx/session"
	"snapferry/awsx/text"
)

func TestSecretShowsItselfToNobody(t *testing.T) {
	const hush = "wJalrXUtnFEMI"
	s := session.NewSecret(hush)
	id := session.Identity{Base: session.Base{Kind: session.BaseKeys, Keys: session.Keys{AccessKeyID: "AKIA1", Secret: s, Token: s}}}
	out := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %v"} {
		args := []any{s}
		if strings.Count(verb, "%") == 2 {
			args = []any{s, s}
		}
		out[verb] = fmt.Sprintf(verb, args...)
		out["identity "+verb] = fmt.Sprintf(verb, append(args[:len(args)-1], id)...)
		out["pointer "+verb] = fmt.Sprintf(verb, append(args[:len(args)-1], &id)...)
		out["hidden "+verb] = fmt.Sprintf(verb, append(args[:len(args)-1], struct{ inside struct{ s session.Secret } }{struct{ s session.Secret }{s}})...)
	}
	for name, v := range map[string]any{"secret": s, "pointer": &s, "identity": id, "map": map[session.Secret]string{s: "x"}} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		out["json "+name] = string(b)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "secret", s, "identity", id)
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "secret", s, "identity", id)
	out["slog"] = log.String()
	out["text"] = text.New("%s", s).String()
	out["error"] = errors.Join(fmt.Errorf("with %v", s)).Error()
	hex := fmt.Sprintf("%x", hush)
	for name, o := range out {
		if strings.Contains(o, hush) || strings.Contains(strings.ToLower(o), hex) {
			t.Errorf("%s shows the secret: %s", name, o)
		}
	}
	if s.Reveal() != hush || s.IsZero() || !session.NewSecret("").IsZero() {
		t.Error("the secret itself is lost")
	}
	if got := fmt.Sprint(session.Secret{}); got != "" {
		t.Errorf("no secret prints as %q: nothing is not a secret", got)
	}
}
