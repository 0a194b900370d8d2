package offer

import (
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps/facts"
)

// TestTraits: what may make somebody choose another stands where no row cuts it.
func TestTraits(t *testing.T) {
	bare := account.Domain{Version: awsid.EngineVersion{Family: awsid.OpenSearch, Major: 3, Minor: 4, Patch: awsid.NoPatch}}
	large := bare
	large.Nodes, large.VPC, large.Security.Enabled = account.Nodes{Type: "r6g.large.search", Count: 3}, &account.VPC{}, true
	changing := large
	changing.Processing = true
	for _, c := range []struct {
		d    account.Domain
		h    string
		want string
	}{
		{bare, "", "OpenSearch 3.4, public, access policy alone"},
		{bare, "green", "OpenSearch 3.4, green, public, access policy alone"},
		{bare, "mauve", "OpenSearch 3.4, public, access policy alone"},
		{large, "yellow", "OpenSearch 3.4, yellow (copies missing), 3 x r6g.large, in a VPC, fine-grained access"},
		{large, "red", "OpenSearch 3.4, red (data missing), 3 x r6g.large, in a VPC, fine-grained access"},
		{changing, "red", "OpenSearch 3.4, red (data missing), being changed now, 3 x r6g.large, in a VPC, fine-grained access"},
		{changing, "", "OpenSearch 3.4, being changed now, 3 x r6g.large, in a VPC, fine-grained access"},
	} {
		if got := traits(&facts.Domain{Domain: c.d}, c.h).String(); got != c.want {
			t.Errorf("%s\nwants %s", got, c.want)
		}
	}
}
