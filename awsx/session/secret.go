package session

import "snapferry/awsx/awsid"

// Secret is a value that shows itself to nobody but Reveal; see awsid.Secret.
type Secret = awsid.Secret

// NewSecret wraps a secret; "" is none.
func NewSecret(s string) Secret { return awsid.NewSecret(s) }
