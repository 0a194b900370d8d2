package session

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

// WhoAmI asks the regional STS endpoint, at every call. No permission is needed
// for it; an explicit deny cannot forbid it. Where STS cannot be reached, a
// machine's role is told by the machine.
func (s *Session) WhoAmI(ctx context.Context) (Who, error) {
	creds, err := s.source.Retrieve(ctx)
	if err != nil {
		return Who{}, err
	}
	out, err := sts.NewFromConfig(s.AWS()).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	w := Who{Provider: creds.Source}
	switch {
	case failure.Is(err, failure.Unreachable, failure.Timeout):
		arn, ok := s.machine(ctx)
		if !ok {
			return Who{}, err
		}
		w.Account, w.ARN, w.ByMachine = arn.Account, arn, true
	case err != nil:
		return Who{}, err
	default:
		if w.ARN, err = awsid.ParseARN(aws.ToString(out.Arn)); err != nil {
			return Who{}, err
		}
		w.Account, w.UserID = awsid.AccountID(aws.ToString(out.Account)), aws.ToString(out.UserId)
	}
	if creds.CanExpire {
		w.Expires = creds.Expires
	}
	w.Principal, w.PathKnown = principal(w.ARN, s.id.Chain)
	return w, nil
}

// principal turns a session ARN into the ARN policies name. STS answers
// assumed-role/NAME/SESSION and drops the role's path, which only the link that
// assumed it can give back.
func principal(session awsid.ARN, chain []Link) (awsid.ARN, bool) {
	rest, ok := strings.CutPrefix(session.Resource, "assumed-role/")
	if !ok {
		return session, true
	}
	name, _, _ := strings.Cut(rest, "/")
	if n := len(chain); n > 0 && chain[n-1].RoleARN.Account == session.Account && chain[n-1].RoleARN.Name() == name {
		return chain[n-1].RoleARN, true
	}
	return awsid.RoleARN(session.Partition, session.Account, "/", awsid.RoleName(name)), false
}
