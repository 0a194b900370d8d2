package session

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"snapferry/awsx/text"
)

func (s *Session) assume(cfg aws.Config, l Link) aws.CredentialsProvider {
	return s.assumeARN(cfg, l.RoleARN.String(), l)
}

func (s *Session) assumeARN(cfg aws.Config, role string, l Link) aws.CredentialsProvider {
	return cached(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), role, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = either(l.SessionName, "snapferry")
		o.Duration = l.Duration
		if o.Duration == 0 {
			o.Duration = maxChained
		}
		if l.ExternalID != "" {
			o.ExternalID = aws.String(l.ExternalID)
		}
		if l.MFASerial != "" {
			o.SerialNumber, o.TokenProvider = aws.String(l.MFASerial), s.mfa(l.MFASerial)
		}
	}))
}

// mfa asks without a deadline: a person is looking for a telephone. The front
// end that asks ends the wait by returning an error.
func (s *Session) mfa(serial string) func() (string, error) {
	return func() (string, error) {
		if s.opts.MFA == nil {
			return "", &Error{
				Summary: text.New("The role wants a code of the device %s, and there is nobody to ask", serial),
				Fix:     text.New("Run where questions can be answered, or use a login that needs no code"),
			}
		}
		return s.opts.MFA(context.Background(), serial)
	}
}
