package security_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory/security"
)

func TestHealth(t *testing.T) {
	for v, settings := range map[string]string{"7.10.2": "", "2.19.4": "", "3.4.0": `,"settings":{"plugins.security.cache.ttl_minutes":60}`} {
		for mode, shown := range map[string]string{"": "strict", "lenient": "lenient"} {
			want := `{"message":null,"mode":"` + shown + `","status":"UP"` + settings + `}`
			if got := encode(t, open(t, v).Health(mode).Body); got != want {
				t.Errorf("%s: %s, want %s", v, got, want)
			}
		}
	}
}

func TestWhoAmI(t *testing.T) {
	p := open(t, "3.4.0")
	for arn, tc := range map[string]struct{ roles, tenants string }{
		master: {`["all_access","security_manager"]`, `{"global_tenant":true,"` + master + `":true}`},
		signer: {`[]`, `{"` + signer + `":true}`},
	} {
		u := know(t, p, arn)
		info := `{"user":"User [name=` + arn + `, backend_roles=[` + arn + `], requestedTenant=null]","user_name":"` + arn + `","user_requested_tenant":null,"remote_address":"10.0.0.9:1",
			"backend_roles":["` + arn + `"],"custom_attribute_names":[],"roles":` + tc.roles + `,"tenants":` + tc.tenants + `,"principal":null,"peer_certificates":"0","sso_logout_url":null}`
		if got := encode(t, p.AuthInfo(u, "10.0.0.9:1").Body); !equalJSON(t, got, info) {
			t.Errorf("authinfo: %s", got)
		}
		account := `{"user_name":"` + arn + `","is_reserved":false,"is_hidden":false,"is_internal_user":false,"user_requested_tenant":null,"backend_roles":["` + arn + `"],
			"custom_attribute_names":[],"tenants":` + tc.tenants + `,"roles":` + tc.roles + `}`
		if got := encode(t, p.Account(u).Body); !equalJSON(t, got, account) {
			t.Errorf("account: %s", got)
		}
	}
}

func TestPermissionsInfo(t *testing.T) {
	for v, tc := range map[string]struct {
		endpoints int
		has, not  string
	}{"2.19.4": {18, "WHITELIST", "RESOURCE_SHARING"}, "3.4.0": {21, "RESOURCE_SHARING", "WHITELIST"}} {
		p := open(t, v)
		var got struct {
			HasAccess bool                `json:"has_api_access"`
			Disabled  map[string][]string `json:"disabled_endpoints"`
		}
		if err := json.Unmarshal([]byte(encode(t, p.PermissionsInfo(know(t, p, signer)).Body)), &got); err != nil {
			t.Fatal(err)
		}
		if got.HasAccess || len(got.Disabled) != tc.endpoints || got.Disabled[tc.has] == nil || got.Disabled[tc.not] != nil {
			t.Errorf("%s: %+v", v, got)
		}
		if methods := got.Disabled["ROLESMAPPING"]; len(methods) != 9 || !slices.Contains(methods, "PATCH") {
			t.Errorf("%v", methods)
		}
		if body := encode(t, p.PermissionsInfo(know(t, p, master)).Body); !strings.Contains(body, `"has_api_access":true,"disabled_endpoints":{}`) {
			t.Errorf("the master: %s", body)
		}
	}
}

func TestChangePassword(t *testing.T) {
	const old, next = "Deck-Hand-4-Mooring", "Deck-Hand-5-Mooring"
	p := open(t, "3.4.0")
	must(t, p, "PUT internalusers/crew", `{"password":"`+old+`"}`)
	login := func(password string) *security.User {
		return p.Know(backend.Internal("crew"), security.Login{Name: "crew", Password: password})
	}
	for _, tc := range []struct {
		body, want string
		status     int
	}{
		{`{"password":"` + next + `"}`, `{"status":"error","reason":"Invalid configuration","missing_mandatory_keys":{"keys":"current_password"}}`, 400},
		{`{"password":"` + next + `","current_password":"x"}`, `{"status":"BAD_REQUEST","message":"Could not validate your current password."}`, 400},
		{`{"password":"weak","current_password":"` + old + `"}`, `{"status":"error","reason":"Weak password"}`, 400},
		{`{`, `{"status":"error","reason":"Could not parse content of request."}`, 400},
		{`{"password":"` + next + `","current_password":"` + old + `"}`, `{"status":"OK","message":"'crew' updated."}`, 200},
	} {
		a, changed := p.ChangePassword(login(old), []byte(tc.body))
		if got := encode(t, a.Body); a.Status != tc.status || !equalJSON(t, got, tc.want) || changed != (tc.status == 200) {
			t.Errorf("%s: %d %s", tc.body, a.Status, got)
		}
	}
	if login(old) != nil || login(next) == nil {
		t.Error("the new password is not in force")
	}
	a, changed := p.ChangePassword(know(t, p, signer), []byte(`{"password":"`+next+`","current_password":"x"}`))
	if got := encode(t, a.Body); changed || got != `{"status":"NOT_FOUND","message":"account '`+signer+`' not found."}` {
		t.Errorf("an IAM caller: %s", got)
	}
}
