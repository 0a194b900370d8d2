package facts

import (
	"errors"
	"maps"
	"net/http"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/session"
	"snapferry/steps"
)

// Refused names the answer behind an error where a domain refuses the password of
// the side's mapper; every other error stays as it is.
func (f *Facts) Refused(err error) error {
	is := failure.Of(err)
	var said *steps.Error
	if is == nil || is.Status != http.StatusUnauthorized || !is.Unidentified() || errors.As(err, &said) {
		return err
	}
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		if f.internal(Slot{side, Mapper}) && is.Host == f.host(side) {
			return wrongPassword(side, f.spec.Side(side).Mapper.User, err)
		}
	}
	return err
}

// wrongPassword is for a password that was changed since, or never was the right one.
func wrongPassword(side steps.Side, user string, err error) error {
	return &steps.Error{
		Field:   string(side) + ".mapper.user",
		Summary: steps.T("The %s domain refuses the internal user %s with the password that was given", string(side), user),
		Fix:     steps.T("Give it anew: in the environment as SNAPFERRY_%s_MAPPER_PASSWORD, by a file descriptor with --%s-mapper-password-fd, or typed when asked; a domain whose master is an IAM identity takes no password", strings.ToUpper(string(side)), string(side)),
		Cause:   err,
	}
}

// Repeat takes a password for a side's mapper in place of the one that was given, and
// forgets what was learned.
func (f *Facts) Repeat(side steps.Side, password session.Secret) {
	f.mu.Lock()
	given := maps.Clone(f.opts.Passwords)
	if given == nil {
		given = map[steps.Side]session.Secret{}
	}
	given[side] = password
	f.opts.Passwords = given
	maps.DeleteFunc(f.clusters, func(k string, _ *cluster.Cluster) bool { return strings.HasPrefix(k, internalKey) })
	f.mu.Unlock()
	f.DropAll()
}
