package cluster_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
)

// TestPasswordAppearsNowhere: whatever the domain answers, neither the password
// nor the header that carries it is in anything that could be printed.
func TestPasswordAppearsNowhere(t *testing.T) {
	const password = "Hush-hush/42+x"
	header := base64.StdEncoding.EncodeToString([]byte("admin:" + password))
	shown := map[string]any{}
	for name, reply := range map[string]func(*http.Request) (*http.Response, error){
		"welcome": func(r *http.Request) (*http.Response, error) { return all(ok(`{"user_name":"admin"}`)).RoundTrip(r) },
		"wrong": func(r *http.Request) (*http.Response, error) {
			return all(answer{401, json.RawMessage("Unauthorized")}).RoundTrip(r)
		},
		"echo": func(r *http.Request) (*http.Response, error) {
			return all(answer{400, json.RawMessage(`{"error":"Authorization: ` + r.Header.Get("Authorization") + ` is malformed"}`)}).RoundTrip(r)
		},
		"unreachable": func(*http.Request) (*http.Response, error) { return nil, errors.New("connection lost") },
	} {
		sent := false
		var calls []network.Call
		n := network.New(network.Options{Isolated: true, OnCall: func(c network.Call) { calls = append(calls, c) }, RoundTripper: roundTripper(func(r *http.Request) (*http.Response, error) {
			sent = r.Header.Get("Authorization") == "Basic "+header
			return reply(r)
		})})
		o := cluster.Options{Endpoint: host, Region: "eu-west-1", Auth: cluster.Basic("admin", session.NewSecret(password)), Network: n, Now: at, Version: engine("3.4.0")}
		c := cluster.New(o)
		_, err := c.AuthInfo(ctx)
		r, rerr := c.Request("PUT", "/x", []byte(`{}`))
		if !sent || rerr != nil || len(calls) != 1 || (err == nil) != (name == "welcome") {
			t.Fatalf("%s: sent %v, %v, %v, calls %+v", name, sent, err, rerr, calls)
		}
		shown[name+" error"], shown[name+" failure"], shown[name+" calls"] = err, failure.Of(err), calls
		shown[name+" request"], shown[name+" curl"], shown[name+" options"], shown[name+" cluster"] = r, r.Curl(), o, c
		if f := failure.Of(err); f != nil {
			shown[name+" body"] = string(f.Body)
		}
	}
	for name, v := range shown {
		for _, form := range []string{fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), asJSON(v)} {
			if strings.Contains(form, password) || strings.Contains(form, header) {
				t.Errorf("%s shows the password: %s", name, form)
			}
		}
	}
}

func asJSON(v any) string {
	b, _ := json.Marshal(v) // what cannot be written shows nothing
	return string(b)
}
