package control

import (
	"encoding/json"
	"strings"
	"unicode"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/world"
)

// advanced is AdvancedSecurityOptions as UpdateDomainConfig takes it.
type advanced struct {
	Enabled                     *bool
	InternalUserDatabaseEnabled *bool
	MasterUserOptions           *struct{ MasterUserARN, MasterUserName, MasterUserPassword string }
}

// appoints says that a request names a master. Naming who is master already maps
// him again: that is how somebody whose mapping was overwritten comes back (AWS
// developer guide, fine-grained access control: changing the master user).
func appoints(in map[string]json.RawMessage) bool {
	var o advanced
	return json.Unmarshal(in["AdvancedSecurityOptions"], &o) == nil && o.MasterUserOptions != nil
}

// applySecurity gives a domain another master: an IAM identity where it has no
// users of its own, else one of these with his password. What would need another
// deployment is refused.
func applySecurity(d *world.Domain, raw json.RawMessage) error {
	var o advanced
	if err := json.Unmarshal(raw, &o); err != nil {
		return invalid("AdvancedSecurityOptions cannot be read: " + err.Error())
	}
	switch m := o.MasterUserOptions; {
	case o.Enabled != nil && *o.Enabled != d.Security.Enabled:
		return invalid("The sandbox does not switch the fine-grained access control of a domain on or off.")
	case m == nil && o.InternalUserDatabaseEnabled != nil && *o.InternalUserDatabaseEnabled != d.Security.InternalUsers:
		return invalid("You must choose a master user for the internal user database to be switched on or off.")
	case m == nil:
		return nil
	case !d.Security.Enabled:
		return invalid("You must enable fine-grained access control to set a master user.")
	case strings.Contains(d.Backend, "://"):
		return invalid("The sandbox cannot change the master user of the node that stands behind this domain.")
	case m.MasterUserARN != "":
		return byARN(d, o)
	}
	return byPassword(d, o)
}

func byARN(d *world.Domain, o advanced) error {
	m := o.MasterUserOptions
	arn, err := awsid.ParseARN(m.MasterUserARN)
	switch {
	case m.MasterUserName+m.MasterUserPassword != "", o.InternalUserDatabaseEnabled != nil && *o.InternalUserDatabaseEnabled:
		return invalid("A master user ARN cannot be combined with the internal user database.")
	case err != nil || arn.Service != "iam" || arn.Type() != "user" && arn.Type() != "role":
		return invalid("Invalid master user ARN: " + m.MasterUserARN)
	}
	d.Security = world.Security{Enabled: true, Anonymous: d.Security.Anonymous, MasterARN: arn.String()}
	return nil
}

func byPassword(d *world.Domain, o advanced) error {
	m := o.MasterUserOptions
	switch {
	case o.InternalUserDatabaseEnabled != nil && !*o.InternalUserDatabaseEnabled:
		return invalid("A master user name needs the internal user database.")
	case m.MasterUserName == "" || len(m.MasterUserName) > 64 || strings.Contains(m.MasterUserName, ":"):
		return invalid("Invalid master user name.")
	case !strong(m.MasterUserPassword):
		return invalid("The master user password must contain at least 8 characters, one of them uppercase, one lowercase, one a digit and one a special character.")
	}
	d.Security = world.Security{
		Enabled: true, InternalUsers: true, Anonymous: d.Security.Anonymous, MasterUser: m.MasterUserName, MasterPassword: m.MasterUserPassword,
	}
	return nil
}

// strong is the service's rule for a master's password (AWS developer guide,
// fine-grained access control).
func strong(password string) bool {
	var upper, lower, digit, special bool
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			upper = true
		case unicode.IsLower(r):
			lower = true
		case unicode.IsDigit(r):
			digit = true
		default:
			special = true
		}
	}
	return len(password) >= 8 && upper && lower && digit && special
}
