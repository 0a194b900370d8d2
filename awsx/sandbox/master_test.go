package sandbox_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"

	"snapferry/awsx/sandbox"
)

// TestForgottenMasterIsSetAgain: a master whom somebody left out of the mappings
// is in again once the domain's configuration names him, and stays after a
// restart; one who was set in his place is told to whoever asks.
func TestForgottenMasterIsSetAgain(t *testing.T) {
	dir := t.TempDir()
	p := newPair(t, openAs(t, sandbox.Options{Dir: dir}))
	ctx, api := context.Background(), "/_plugins/_security/api/rolesmapping/"
	set := func(c clients, o *types.MasterUserOptions) {
		t.Helper()
		_, err := c.opensearch.UpdateDomainConfig(ctx, &opensearch.UpdateDomainConfigInput{DomainName: aws.String("logs-prod"), AdvancedSecurityOptions: &types.AdvancedSecurityOptionsInput{MasterUserOptions: o}})
		must(t, err)
	}
	boss := func(a sandbox.Account, d sandbox.DomainInfo, want int) {
		t.Helper()
		if status, body := p.boss(a, d, "GET", api+"all_access", ""); status != want {
			t.Fatalf("%d %s", status, body)
		}
	}
	for _, side := range []struct {
		a sandbox.Account
		d sandbox.DomainInfo
		c clients
		o types.MasterUserOptions
	}{
		{p.source, p.from, p.here, types.MasterUserOptions{MasterUserARN: &p.from.Master}},
		{p.target, p.to, p.there, types.MasterUserOptions{MasterUserName: &p.to.Master, MasterUserPassword: &p.to.MasterPassword}},
	} {
		for _, role := range []string{"all_access", "security_manager"} {
			if status, body := p.boss(side.a, side.d, "PUT", api+role, `{"users":["somebody"]}`); status != 200 {
				t.Fatalf("%d %s", status, body)
			}
		}
		boss(side.a, side.d, 403)
		set(side.c, &side.o)
		boss(side.a, side.d, 200)
	}
	set(p.there, &types.MasterUserOptions{MasterUserName: aws.String("captain"), MasterUserPassword: aws.String("Ferry-Boat-7")})
	shut(t, p.s)
	p.s = openAs(t, sandbox.Options{Dir: dir})
	_, d := labelled(t, p.s.Info(), "target", "target")
	if d.Master != "captain" || d.MasterPassword != "Ferry-Boat-7" {
		t.Errorf("%s has another master: %+v", filepath.Base(dir), d)
	}
	boss(p.target, d, 200)
	boss(p.target, p.to, 200) // the one before stays mapped
	boss(p.source, p.from, 200)
}
