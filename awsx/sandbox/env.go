package sandbox

import "os"

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// Env is what makes any AWS client talk to the sandbox and to nothing else,
// with the source account's profile.
func (i Info) Env() []Variable {
	return []Variable{
		{"HTTPS_PROXY", i.Proxy},
		{"https_proxy", i.Proxy},
		// An exception for amazonaws.com would lead past the sandbox.
		{"NO_PROXY", ""},
		{"no_proxy", ""},
		{"AWS_CA_BUNDLE", i.CAFile},
		{"CURL_CA_BUNDLE", i.CAFile},
		{"REQUESTS_CA_BUNDLE", i.CAFile},
		{"SSL_CERT_FILE", i.CAFile},
		{"AWS_CONFIG_FILE", i.ConfigFile},
		{"AWS_SHARED_CREDENTIALS_FILE", i.CredentialsFile},
		{"AWS_PROFILE", "source"},
		{"AWS_REGION", string(Region)},
		{"AWS_DEFAULT_REGION", string(Region)},
		{"AWS_EC2_METADATA_DISABLED", "true"},
	}
}

// Ambient are variables that must not be set beside Env: they would bring other
// keys or another endpoint in.
func Ambient() []string {
	return []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_ENDPOINT_URL",
		"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_OPENSEARCH",
	}
}

// CA is the certificate of the sandbox's authority, in PEM.
func (i Info) CA() ([]byte, error) { return os.ReadFile(i.CAFile) }
