package facts_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

// TestLinesForTheMaster: who maps where nobody was named comes as the domain's
// master does; one with a password cannot sign, and the password is never printed.
func TestLinesForTheMaster(t *testing.T) {
	r := guardedRoad(t, map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster})
	f := r.open(answers(func(s *spec.Spec) { s.Source.Mapper.Base, s.Target.Mapper.Base = "none", "none" }))
	for side, signed := range map[steps.Side]bool{steps.Source: true, steps.Target: false} {
		if _, err := f.Domain(r.ctx, side); err != nil {
			t.Fatal(err)
		}
		k, _ := f.Resource(steps.KindRoleMapping)
		c := steps.NewChange("x", steps.Ref{Kind: steps.KindRoleMapping, Side: side, Name: "manage_snapshots"}, "", resource.RoleMapping{Users: []string{"a"}}.Doc(), steps.Text{})
		line := k.Render(c).Curl
		if strings.Contains(line, "sigv4") != signed || strings.Contains(line, `--user "$OPENSEARCH_USER:$OPENSEARCH_PASSWORD"`) == signed {
			t.Errorf("%s: %s", side, line)
		}
	}
}

// TestLeftIsCountedByTheMapper: what the signer is refused the mapper counts; where
// nobody may, it is listed uncounted.
func TestLeftIsCountedByTheMapper(t *testing.T) {
	r := guardedRoad(t, map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "target": sandbox.AccessInternalMaster})
	word := map[steps.Side]session.Secret{}
	for _, d := range r.box.Info().Domains {
		if d.Label == "target" {
			word[steps.Target] = session.NewSecret(d.MasterPassword)
		}
	}
	for name, nobody := range map[string]bool{"the mapper may": false, "nobody may": true} {
		r.refuse = func(req *http.Request) *http.Response {
			if req.URL.Path != "/_component_template" || !nobody && strings.HasPrefix(req.Header.Get("Authorization"), "Basic ") {
				return nil
			}
			return &http.Response{StatusCode: 403, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(
				`{"error":{"type":"security_exception","reason":"no permissions for [cluster:admin/component_template/get]"},"status":403}`))}
		}
		f := r.open(answers(func(s *spec.Spec) { s.Target.Mapper = spec.Identity{Base: "password", User: "master"} }), func(o *facts.Options) { o.Passwords = word })
		list, err := f.Left(r.ctx, steps.Target)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if slices.ContainsFunc(list, func(s steps.Stay) bool { return s.What == "component template" }) != nobody {
			t.Errorf("%s: %+v", name, list)
		}
	}
}
