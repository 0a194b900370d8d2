//go:build judges

package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
)

// machines makes three roles in the source account, each for a kind of machine,
// with the rights of somebody who looks into domains.
func machines(t *testing.T, i sandbox.Info) {
	t.Helper()
	for role, service := range map[string]string{"jumphost": "ec2.amazonaws.com", "runner": "ecs-tasks.amazonaws.com", "pod": "pods.eks.amazonaws.com"} {
		cli(t, i, "iam", "create-role", "--role-name", role, "--assume-role-policy-document",
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"`+service+`"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`)
		cli(t, i, "iam", "put-role-policy", "--role-name", role, "--policy-name", "look", "--policy-document",
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"es:ESHttpGet","Resource":"*"}]}`)
	}
}

// TestJudgeMachinesByCurl is what people type on an instance and in a task: token,
// role, keys, and a signed request with them.
func TestJudgeMachinesByCurl(t *testing.T) {
	s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy}})
	i := s.Info()
	machines(t, i)
	_, logs := labelled(t, i, "source", "source")
	for kind, script := range map[sandbox.HostKind]string{
		sandbox.HostInstance: `
			TOKEN=$(curl -sf -X PUT http://169.254.169.254/latest/api/token -H "X-aws-ec2-metadata-token-ttl-seconds: 300") || exit 1
			[ "$(curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/iam/security-credentials/)" = 401 ] || exit 2
			ROLE=$(curl -sf -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/iam/security-credentials/)
			curl -sf -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/iam/security-credentials/$ROLE`,
		sandbox.HostTask: `curl -sf http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`,
		sandbox.HostPod:  `curl -sf -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" $AWS_CONTAINER_CREDENTIALS_FULL_URI`,
	} {
		role := map[sandbox.HostKind]string{sandbox.HostInstance: "jumphost", sandbox.HostTask: "runner", sandbox.HostPod: "pod"}[kind]
		env := i.HostEnv(kind, "source", role)
		out, errs, err := foreignIn(t, env, "sh", "-c", script)
		var keys struct{ AccessKeyId, SecretAccessKey, Token string }
		if err != nil || json.Unmarshal([]byte(out), &keys) != nil || keys.Token == "" {
			t.Errorf("%s: %v\n%s%s", kind, err, out, errs)
			continue
		}
		body, errs, err := foreignIn(t, env, "curl", "-sS", "--aws-sigv4", "aws:amz:eu-west-1:es", "--user", keys.AccessKeyId+":"+keys.SecretAccessKey,
			"-H", "X-Amz-Security-Token: "+keys.Token, "https://"+logs.Endpoint+"/_cat/indices?v=true")
		if err != nil || !strings.Contains(body, "products-v1") {
			t.Errorf("%s: %v\n%s%s", kind, err, body, errs)
		}
	}
}

// TestJudgeMachinesByAWSCLI: it finds the credentials by itself. A task's it asks
// for past any proxy, so they are a pod's to it.
func TestJudgeMachinesByAWSCLI(t *testing.T) {
	s := open(t, t.TempDir())
	i := s.Info()
	machines(t, i)
	for kind, role := range map[sandbox.HostKind]string{sandbox.HostInstance: "jumphost", sandbox.HostPod: "pod"} {
		out, errs, err := foreignIn(t, i.HostEnv(kind, "source", role), "aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text")
		if err != nil || !strings.HasPrefix(out, "arn:aws:sts::111111111111:assumed-role/"+role+"/") {
			t.Errorf("%s: %v\n%s%s", kind, err, out, errs)
		}
	}
	if _, errs, err := foreignIn(t, i.HostEnv(sandbox.HostInstance, "target", "jumphost"), "aws", "sts", "get-caller-identity"); err == nil || !strings.Contains(errs, "Unable to locate credentials") {
		t.Errorf("an instance without a role: %v\n%s", err, errs)
	}
}

// TestJudgePasswordByCurl: a domain with an internal master, as people use one.
func TestJudgePasswordByCurl(t *testing.T) {
	s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"target": sandbox.AccessInternalMaster}})
	_, d := labelled(t, s.Info(), "target", "target")
	ask := func(args ...string) string {
		t.Helper()
		out, errs, err := foreign(t, s.Info(), "curl", append([]string{"-sS", "-w", " %{http_code}"}, args...)...)
		if err != nil {
			t.Fatalf("%v %s", err, errs)
		}
		return out
	}
	url := "https://" + d.Endpoint
	if out := ask(url + "/_cat/indices"); out != "Unauthorized 401" {
		t.Error(out)
	}
	if out := ask("-u", d.Master+":"+d.MasterPassword, url+"/_cat/indices"); !strings.HasSuffix(out, " 200") {
		t.Error(out)
	}
	const mapping = "/_plugins/_security/api/rolesmapping/manage_snapshots"
	if out := ask("-u", d.Master+":"+d.MasterPassword, "-X", "PUT", "-H", "Content-Type: application/json", "-d", `{"users":["arn:aws:iam::222222222222:user/admin"]}`, url+mapping); out != `{"status":"CREATED","message":"'manage_snapshots' created."} 201` {
		t.Error(out)
	}
}
