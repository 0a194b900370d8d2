package session

import "github.com/aws/aws-sdk-go-v2/config"

// configFiles and credentialsFiles are the shared files the SDK reads, in its
// order: given, named by the environment, or in the home directory.
func (s *Session) configFiles() []string {
	return sharedFile(s.opts.ConfigFiles, s.opts, "AWS_CONFIG_FILE", config.DefaultSharedConfigFilename)
}

func (s *Session) credentialsFiles() []string {
	return sharedFile(s.opts.CredentialsFiles, s.opts, "AWS_SHARED_CREDENTIALS_FILE", config.DefaultSharedCredentialsFilename)
}

func sharedFile(given []string, o Options, env string, home func() string) []string {
	switch {
	case o.Isolated || len(given) > 0:
		return given
	case o.Getenv(env) != "":
		return []string{o.Getenv(env)}
	}
	return []string{home()}
}
