//go:build judges

package control_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"snapferry/awsx/sandbox/fixture"
)

// model compares answers with the API models botocore carries: every field must
// be one the model knows, of the type it says.
const model = `
import json, sys
import botocore.session
loader = botocore.session.get_session().get_component("data_loader")
kinds = {"string": str, "boolean": bool, "integer": int, "long": int, "double": (int, float), "timestamp": (int, float), "float": (int, float)}
bad = []
def check(shapes, name, value, where):
    shape = shapes[name]
    if shape["type"] == "structure":
        for k, v in value.items():
            if k not in shape["members"]:
                bad.append(where + "." + k + " is unknown")
            else:
                check(shapes, shape["members"][k]["shape"], v, where + "." + k)
    elif shape["type"] == "list":
        for v in value:
            check(shapes, shape["member"]["shape"], v, where + "[]")
    elif shape["type"] == "map":
        for v in value.values():
            check(shapes, shape["value"]["shape"], v, where + "{}")
    elif not isinstance(value, kinds[shape["type"]]) or (shape["type"] != "boolean" and isinstance(value, bool)):
        bad.append(where + " is no " + shape["type"])
    elif value != "" and "enum" in shape and value not in shape["enum"]:
        bad.append(where + " may not be " + str(value))
for line in sys.stdin:
    service, operation, body = line.split(" ", 2)
    m = loader.load_service_model(service, "service-2")
    check(m["shapes"], m["operations"][operation]["output"]["shape"], json.loads(body), operation)
print("\n".join(bad), end="")
`

func TestJudgeAnswersAgainstTheModels(t *testing.T) {
	f := domains(t)
	key, secret := f.User(fixture.Source, "ann", fixture.Admin)
	var lines strings.Builder
	for operation, ask := range map[string][3]string{
		"opensearch DescribeDomain":             {"GET", "/2021-01-01/opensearch/domain/logs"},
		"opensearch DescribeDomains":            {"POST", "/2021-01-01/opensearch/domain-info", `{"DomainNames":["logs","attic"]}`},
		"opensearch DescribeDomainConfig":       {"GET", "/2021-01-01/opensearch/domain/logs/config"},
		"opensearch DescribeDomainHealth":       {"GET", "/2021-01-01/opensearch/domain/logs/health"},
		"opensearch UpdateDomainConfig":         {"POST", "/2021-01-01/opensearch/domain/logs/config", `{"DryRun":true}`},
		"opensearch ListDomainNames":            {"GET", "/2021-01-01/domain"},
		"opensearch ListTags":                   {"GET", "/2021-01-01/tags/?arn=" + logs},
		"opensearch GetCompatibleVersions":      {"GET", "/2021-01-01/opensearch/compatibleVersions"},
		"es DescribeElasticsearchDomain":        {"GET", "/2015-01-01/es/domain/attic"},
		"es DescribeElasticsearchDomainConfig":  {"GET", "/2015-01-01/es/domain/attic/config"},
		"es GetCompatibleElasticsearchVersions": {"GET", "/2015-01-01/es/compatibleVersions"},
	} {
		req, err := http.NewRequest(ask[0], "https://es.eu-west-1.amazonaws.com"+ask[1], strings.NewReader(ask[2]))
		must(t, err)
		must(t, v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, req, hash(ask[2]), "es", string(region), f.Clock.Now()))
		resp, err := transport(f).RoundTrip(req)
		must(t, err)
		body, err := io.ReadAll(resp.Body)
		must(t, err)
		if !json.Valid(body) || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", operation, resp.StatusCode, body)
		}
		lines.WriteString(operation + " " + string(body) + "\n")
	}
	cmd := exec.Command("python3", "-c", model)
	cmd.Stdin = strings.NewReader(lines.String())
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
