package awsid

import (
	"strings"
	"testing"
)

// try is one input of a parser: want is the value, or "!word" for a refusal
// whose summary holds the word.
type try struct{ in, want string }

func check[T ~string](t *testing.T, parse func(string) (T, error), tries []try) {
	t.Helper()
	for _, c := range tries {
		got, err := parse(c.in)
		word, refused := strings.CutPrefix(c.want, "!")
		if !refused {
			if err != nil || string(got) != c.want {
				t.Errorf("%q: %q, %v", c.in, got, err)
			}
			continue
		}
		e, ok := err.(*Error)
		if !ok || got != "" || !strings.Contains(e.Error(), word) || e.Fix.IsZero() || e.Kind == "" || e.Value != c.in {
			t.Errorf("%q: %q, %v; want a refusal with %q", c.in, got, err, word)
		}
	}
}

func TestParseAccountID(t *testing.T) {
	check(t, ParseAccountID, []try{
		{"111122223333", "111122223333"},
		{" 1111-2222-3333\n", "111122223333"},
		{"1111 2222\u00a03333", "111122223333"},
		{"\ufeff111122223333\u200b", "111122223333"},
		{"000000000001", "000000000001"},
		{"11112222333", "!this one has 11"},
		{"1111222233334", "!this one has 13"},
		{"", "!this one has 0"},
		{"11112222333a", `!holds "a"`},
		{"１11122223333", `!holds "１"`},
		{"arn:aws:iam::111122223333:root", `!holds "a"`},
	})
	if got := AccountID("111122223333").Grouped(); got != "1111-2222-3333" {
		t.Errorf("grouped %q", got)
	}
	if got := AccountID("").Grouped(); got != "" {
		t.Errorf("grouped %q", got)
	}
}

func TestParseRegion(t *testing.T) {
	check(t, ParseRegion, []try{
		{" eu-west-1 ", "eu-west-1"},
		{"ap-southeast-3", "ap-southeast-3"},
		{"us-gov-west-1", "us-gov-west-1"},
		{"us-isob-east-1", "us-isob-east-1"},
		{"EU-WEST-1", "!not a region"},
		{"eu-west", "!not a region"},
		{"eu-west-1a", "!not a region"},
		{"eu-wst-1", "!no region is called eu-wst-1"},
		{"us-esat-1", "!no region is called us-esat-1"},
		{"mx-central-1", "mx-central-1"},
		{"eusc-de-east-1", "eusc-de-east-1"},
		{"us-gov-west-1", "us-gov-west-1"},
		{"ap-northeast-3", "ap-northeast-3"},
		{"", "!not a region"},
	})
	for region, want := range map[Region]Partition{"eu-west-1": PartitionAWS, "cn-north-1": PartitionChina, "us-gov-east-1": PartitionGov, "us-east-1": PartitionAWS} {
		if region.Partition() != want {
			t.Errorf("%s is in %s", region, region.Partition())
		}
	}
	if PartitionChina.DNSSuffix() != "amazonaws.com.cn" || PartitionGov.DNSSuffix() != "amazonaws.com" {
		t.Error("wrong DNS suffix")
	}
}

func TestParseNamesOfAWS(t *testing.T) {
	check(t, ParseRoleName, []try{
		{" Snap_role+x=1,@.- ", "Snap_role+x=1,@.-"},
		{strings.Repeat("a", 64), strings.Repeat("a", 64)},
		{strings.Repeat("a", 65), "!not a role name"},
		{"role/x", "!not a role name"},
		{"", "!not a role name"},
		{"rôle", "!not a role name"},
	})
	check(t, ParseDomainName, []try{
		{"logs-1 ", "logs-1"},
		{"abc", "abc"},
		{strings.Repeat("a", 28), strings.Repeat("a", 28)},
		{strings.Repeat("a", 29), "!not a domain name"},
		{"ab", "!not a domain name"},
		{"https://search-logs-prod-x.eu-west-1.es.amazonaws.com", "!a host or its URL"},
		{"1logs", "!not a domain name"},
		{"Logs", "!not a domain name"},
		{"logs_1", "!not a domain name"},
	})
	check(t, ParseBucketName, []try{
		{"acme-os.migration", "acme-os.migration"},
		{"s3://acme-os/", "acme-os"},
		{"abc", "abc"},
		{strings.Repeat("a", 63), strings.Repeat("a", 63)},
		{strings.Repeat("a", 64), "!length or characters"},
		{"ab", "!length or characters"},
		{"Acme", "!capital letters"},
		{"acme_os", "!length or characters"},
		{"s3://acme/folder", "!a folder in it is an answer of its own"},
		{"acme..os", "!dots"},
		{"acme.-os", "!dots"},
		{"-acme", "!length or characters"},
		{"192.168.5.4", "!IP address"},
		{"xn--acme", "!keeps this prefix"},
		{"acme-s3alias", "!keeps this prefix"},
	})
}

func TestParseNamesOfTheEngine(t *testing.T) {
	check(t, ParseRepositoryName, []try{
		{" Snap-1 ", "Snap-1"},
		{"cs-automated", "!belong to the service"},
		{"", "!empty"},
		{"a#b", "!holds one of"},
		{"a/b", "!holds one of"},
		{"a b", "!holds one of"},
		{`a"b`, "!holds one of"},
	})
	check(t, ParseSnapshotName, []try{
		{" mig-20261122-1 ", "mig-20261122-1"},
		{"Mig", "!capital letters"},
		{"_mig", "!underscore"},
		{"a,b", "!holds one of"},
		{"a b", "!holds one of"},
		{"a#b", "!holds one of"},
		{`a\b`, "!holds one of"},
		{"", "!empty"},
	})
	check(t, ParseBasePath, []try{
		{"", ""},
		{"/", ""},
		{"/migration/logs/", "migration/logs"},
		{"a//b", "!not a base path"},
		{"a/../b", "!not a base path"},
		{".", "!not a base path"},
	})
}
