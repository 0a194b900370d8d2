package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/fixture"
)

// variable finds one in an environment.
func variable(env []sandbox.Variable, name string) string {
	for _, v := range env {
		if v.Name == name {
			return v.Value
		}
	}
	return ""
}

// plainly is a client that asks without TLS through the proxy of an environment.
func plainly(t *testing.T, env []sandbox.Variable) *http.Client {
	t.Helper()
	at, err := url.Parse(variable(env, "http_proxy"))
	must(t, err)
	tr := &http.Transport{Proxy: http.ProxyURL(at)}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// TestSittingOnAMachine: the SDK's own providers find the credentials of a role
// through what a shell on the machine has.
func TestSittingOnAMachine(t *testing.T) {
	s := open(t, t.TempDir())
	admin, _ := labelled(t, s.Info(), "target", "target")
	ctx := context.Background()
	for role, service := range map[string]string{"bastion": "ec2.amazonaws.com", "runner": "ecs-tasks.amazonaws.com", "pod": "pods.eks.amazonaws.com"} {
		_, err := clientsOf(admin, s.Transport()).iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &role, AssumeRolePolicyDocument: aws.String(fixture.Trusting("Service", service, ""))})
		must(t, err)
	}
	instance := s.Info().HostEnv(sandbox.HostInstance, "target", "bastion")
	task := s.Info().HostEnv(sandbox.HostTask, "target", "runner")
	pod := s.Info().HostEnv(sandbox.HostPod, "target", "pod")
	for role, provider := range map[string]aws.CredentialsProvider{
		"bastion": ec2rolecreds.New(func(o *ec2rolecreds.Options) {
			o.Client = imds.New(imds.Options{HTTPClient: plainly(t, instance), EnableFallback: aws.FalseTernary})
		}),
		"runner": endpointcreds.New("http://169.254.170.2"+variable(task, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"), func(o *endpointcreds.Options) { o.HTTPClient = plainly(t, task) }),
		"pod": endpointcreds.New(variable(pod, "AWS_CONTAINER_CREDENTIALS_FULL_URI"), func(o *endpointcreds.Options) {
			o.HTTPClient, o.AuthorizationToken = &http.Client{Transport: &http.Transport{}}, variable(pod, "AWS_CONTAINER_AUTHORIZATION_TOKEN")
		}),
	} {
		c := sts.New(sts.Options{Region: "eu-west-1", HTTPClient: &http.Client{Transport: s.Transport()}, Credentials: provider, Retryer: aws.NopRetryer{}})
		who, err := c.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			t.Errorf("%s: %v", role, err)
			continue
		}
		if !strings.HasPrefix(*who.Arn, "arn:aws:sts::222222222222:assumed-role/"+role+"/") {
			t.Errorf("%s is %s", role, *who.Arn)
		}
	}
}

// TestMachineShellsLeadNowhereElse: no file, no key, no address of the real world.
func TestMachineShellsLeadNowhereElse(t *testing.T) {
	s := open(t, t.TempDir())
	for _, kind := range []sandbox.HostKind{sandbox.HostInstance, sandbox.HostTask, sandbox.HostPod} {
		env := s.Info().HostEnv(kind, "source", "bastion")
		for _, name := range []string{"AWS_PROFILE", "AWS_EC2_METADATA_DISABLED", "AWS_ACCESS_KEY_ID"} {
			if variable(env, name) != "" {
				t.Errorf("%s has %s", kind, name)
			}
		}
		if variable(env, "HTTPS_PROXY") != s.Info().Proxy || variable(env, "AWS_SHARED_CREDENTIALS_FILE") == s.Info().CredentialsFile {
			t.Errorf("%s: %v", kind, env)
		}
		for _, to := range []string{"http://169.254.169.253/", "http://example.com/", "http://127.0.0.1:1/_cat"} {
			resp, err := plainly(t, env).Get(to)
			must(t, err)
			b, err := io.ReadAll(resp.Body)
			must(t, err)
			resp.Body.Close()
			if resp.StatusCode != http.StatusForbidden || !strings.Contains(string(b), "is not part of the sandbox") {
				t.Errorf("%s: %d %s", to, resp.StatusCode, b)
			}
		}
	}
}
