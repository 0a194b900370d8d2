package resource

import (
	"strings"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// TestCommandsOfAnAssumedRole: every command line of every kind says once which roles
// to assume first, and none takes the profile that they are assumed from.
func TestCommandsOfAnAssumedRole(t *testing.T) {
	var roles []awsid.ARN
	for _, name := range []string{"arn:aws:iam::333333333333:role/jump", "arn:aws:iam::111122223333:role/migrator"} {
		arn, err := awsid.ParseARN(name)
		if err != nil {
			t.Fatal(err)
		}
		roles = append(roles, arn)
	}
	kinds := All(nil, Options{
		Place: func(steps.Side) Place { return Place{Region: "eu-west-1", Profile: "jump", Assumed: roles} },
		Curl:  func(steps.Side, string, string, []byte) string { return "" },
	})
	const first = "# Assume arn:aws:iam::333333333333:role/jump, then arn:aws:iam::111122223333:role/migrator from the profile jump first: these are calls of that role.\n"
	seen := 0
	for name, c := range samples() {
		cli := kinds[c.Ref.Kind].Render(c).CLI
		if !strings.Contains(cli, "aws ") {
			continue
		}
		seen++
		own := 1
		if c.Unread { // whoever does it comes as somebody else
			own = 0
		}
		if strings.HasPrefix(cli, first) != (own == 1) || strings.Count(cli, "# Assume") != own || strings.Contains(cli, "--profile") {
			t.Errorf("%s:\n%s", name, cli)
		}
		c.Handed = true
		if cli := kinds[c.Ref.Kind].Render(c).CLI; strings.Contains(cli, "# Assume") || strings.Contains(cli, "jump") {
			t.Errorf("%s, handed over:\n%s", name, cli)
		}
	}
	if seen < 10 {
		t.Errorf("only %d kinds of commands were looked at", seen)
	}
	if got := (Place{}).AWS("sts get-caller-identity"); got != "aws sts get-caller-identity\n" {
		t.Errorf("%q", got)
	}
}
