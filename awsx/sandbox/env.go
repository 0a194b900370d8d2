package sandbox

import (
	"os"

	"snapferry/awsx/sandbox/metadata"
)

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// Env is what makes any AWS client talk to the sandbox and to nothing else,
// with the source account's profile.
func (i Info) Env() []Variable {
	return append(i.network(i.Proxy), []Variable{
		{"AWS_CONFIG_FILE", i.ConfigFile},
		{"AWS_SHARED_CREDENTIALS_FILE", i.CredentialsFile},
		{"AWS_PROFILE", "source"},
		{"AWS_REGION", string(Region)},
		{"AWS_DEFAULT_REGION", string(Region)},
		{"AWS_EC2_METADATA_DISABLED", "true"},
	}...)
}

// network is the way to the sandbox. What goes without TLS goes there too, or a
// client would ask the metadata service of the machine it really runs on.
func (i Info) network(plain string) []Variable {
	return []Variable{
		{"HTTPS_PROXY", i.Proxy},
		{"https_proxy", i.Proxy},
		{"HTTP_PROXY", plain},
		{"http_proxy", plain},
		// An exception for amazonaws.com would lead past the sandbox.
		{"NO_PROXY", ""},
		{"no_proxy", ""},
		{"AWS_CA_BUNDLE", i.CAFile},
		{"CURL_CA_BUNDLE", i.CAFile},
		{"REQUESTS_CA_BUNDLE", i.CAFile},
		{"SSL_CERT_FILE", i.CAFile},
	}
}

// HostKind is a kind of machine that gives credentials to whoever sits on it.
type HostKind string

// The kinds: an EC2 instance with an instance profile, a task of ECS or Fargate,
// a pod of EKS with Pod Identity.
const (
	HostInstance HostKind = "instance"
	HostTask     HostKind = "task"
	HostPod      HostKind = "pod"
)

// HostEnv is the environment of a shell on a machine of the sandbox: no profile
// and no key, only what the machine gives. account is an account's label, role the
// name of a role in it that trusts the machine's service (ec2.amazonaws.com,
// ecs-tasks.amazonaws.com, pods.eks.amazonaws.com); it need not exist yet.
//
// A machine is told from another by the login of the proxy, so that clients find
// the services at their real addresses, 169.254.169.254 and 169.254.170.2. Not all
// of them ask for a task's credentials through a proxy; a pod's, which come from
// the sandbox's own address, they all find.
func (i Info) HostEnv(kind HostKind, account, role string) []Variable {
	out := append(i.network("http://"+account+":"+role+"@"+i.Address), []Variable{
		{"AWS_CONFIG_FILE", os.DevNull},
		{"AWS_SHARED_CREDENTIALS_FILE", os.DevNull},
		{"AWS_REGION", string(Region)},
		{"AWS_DEFAULT_REGION", string(Region)},
	}...)
	switch kind {
	case HostTask:
		out = append(out, Variable{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", metadata.TaskPath(account, role)})
	case HostPod:
		out = append(out, Variable{"AWS_CONTAINER_CREDENTIALS_FULL_URI", i.URL() + metadata.PodPath(account, role)},
			Variable{"AWS_CONTAINER_AUTHORIZATION_TOKEN", i.PodToken})
	}
	return out
}

// Usual is where the host one is on without having said which is asked for its
// credentials, through Proxy: as an instance the metadata service, as a task the
// URL of its credentials.
func (i Info) Usual() (instance, task string) {
	return "http://" + metadata.InstanceAddress, "http://" + metadata.ContainerAddress + metadata.TaskPath(metadata.UsualAccount, metadata.UsualRole)
}

// URL is the sandbox's own address for requests without TLS.
func (i Info) URL() string { return "http://" + i.Address }

// Ambient are variables that must not be set beside Env: they would bring other
// keys or another endpoint in.
func Ambient() []string {
	return []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
		"AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "AWS_ENDPOINT_URL",
		"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_OPENSEARCH",
	}
}

// CA is the certificate of the sandbox's authority, in PEM.
func (i Info) CA() ([]byte, error) { return os.ReadFile(i.CAFile) }
