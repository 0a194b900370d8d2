package control_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/world"
)

func byARN(arn string) *types.AdvancedSecurityOptionsInput {
	return &types.AdvancedSecurityOptionsInput{MasterUserOptions: &types.MasterUserOptions{MasterUserARN: &arn}}
}

func byPassword(user, password string) *types.AdvancedSecurityOptionsInput {
	return &types.AdvancedSecurityOptionsInput{
		InternalUserDatabaseEnabled: aws.Bool(true), MasterUserOptions: &types.MasterUserOptions{MasterUserName: &user, MasterUserPassword: &password},
	}
}

// TestMasterIsSet: the cluster is told each time a master is named, also by who
// is master already; the API shows none of it.
func TestMasterIsSet(t *testing.T) {
	f := domains(t)
	var told []world.Security
	c := clientOver(transportTelling(f, func(d world.Domain) error {
		told = append(told, d.Security)
		return nil
	}), f, fixture.Admin)
	const role, word = "arn:aws:iam::111111111111:role/team/master", "Ferry-Boat-7"
	set := func(o *types.AdvancedSecurityOptionsInput, dry bool) *types.AdvancedSecurityOptions {
		t.Helper()
		out, err := c.UpdateDomainConfig(context.Background(), &opensearch.UpdateDomainConfigInput{DomainName: aws.String("logs"), AdvancedSecurityOptions: o, DryRun: &dry})
		must(t, err)
		return out.DomainConfig.AdvancedSecurityOptions.Options
	}
	set(byARN(role), true)
	set(&types.AdvancedSecurityOptionsInput{Enabled: aws.Bool(true)}, false)
	if len(told) != 0 {
		t.Errorf("told without need: %+v", told)
	}
	for range 2 {
		if got := set(byARN(role), false); *got.InternalUserDatabaseEnabled {
			t.Errorf("%+v", got)
		}
	}
	if got := set(byPassword("captain", word), false); !*got.InternalUserDatabaseEnabled {
		t.Errorf("%+v", got)
	}
	arn := world.Security{Enabled: true, MasterARN: role}
	want := []world.Security{arn, arn, {Enabled: true, InternalUsers: true, MasterUser: "captain", MasterPassword: word}}
	if d := cmp.Diff(want, told); d != "" {
		t.Error(d)
	}
}

func TestMastersThatCannotBe(t *testing.T) {
	f := domains(t)
	c := clientOver(transportTelling(f, func(world.Domain) error { return errors.New("told") }), f, fixture.Admin)
	arn := byARN("arn:aws:iam::111111111111:user/jo")
	both := byARN("arn:aws:iam::111111111111:user/jo")
	both.InternalUserDatabaseEnabled = aws.Bool(true)
	nameless := byPassword("captain", "Ferry-Boat-7")
	nameless.InternalUserDatabaseEnabled = aws.Bool(false)
	for name, tc := range map[string]struct {
		o    *types.AdvancedSecurityOptionsInput
		now  world.Domain
		says string
	}{
		"switched off":                {&types.AdvancedSecurityOptionsInput{Enabled: aws.Bool(false)}, world.Domain{Security: world.Security{Enabled: true}}, "The sandbox does not switch"},
		"a database without a master": {&types.AdvancedSecurityOptionsInput{InternalUserDatabaseEnabled: aws.Bool(true)}, world.Domain{Security: world.Security{Enabled: true}}, "You must choose a master user"},
		"without access control":      {arn, world.Domain{}, "You must enable fine-grained access control"},
		"a real node":                 {arn, world.Domain{Security: world.Security{Enabled: true}, Backend: "http://127.0.0.1:9200"}, "The sandbox cannot change the master"},
		"both kinds":                  {both, world.Domain{Security: world.Security{Enabled: true}}, "A master user ARN cannot be combined"},
		"no identity":                 {byARN("arn:aws:iam::111111111111:policy/x"), world.Domain{Security: world.Security{Enabled: true}}, "Invalid master user ARN"},
		"no database":                 {nameless, world.Domain{Security: world.Security{Enabled: true}}, "A master user name needs"},
		"no name":                     {byPassword("", "Ferry-Boat-7"), world.Domain{Security: world.Security{Enabled: true}}, "Invalid master user name"},
		"no digit":                    {byPassword("captain", "Ferry-Boat"), world.Domain{Security: world.Security{Enabled: true}}, "The master user password must contain"},
		"short":                       {byPassword("captain", "Fe-7"), world.Domain{Security: world.Security{Enabled: true}}, "The master user password must contain"},
	} {
		f.Write(func(s *world.State) { s.Domains[0].Security, s.Domains[0].Backend = tc.now.Security, tc.now.Backend })
		_, err := c.UpdateDomainConfig(context.Background(), &opensearch.UpdateDomainConfigInput{DomainName: aws.String("logs"), AdvancedSecurityOptions: tc.o})
		t.Run(name, func(t *testing.T) {
			wants(t, err, "ValidationException", tc.says)
			f.World.Read(func(s *world.State) {
				if s.Domains[0].Security != tc.now.Security {
					t.Error("changed all the same")
				}
			})
		})
	}
}
