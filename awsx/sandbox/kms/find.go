package kms

import (
	"regexp"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/world"
)

var keyID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// find gives a copy of the key a reference means: an id or alias of the caller's
// account, or the ARN of either in any account. It asks nobody for permission.
func (c call) find(ref string) (world.KMSKey, error) {
	account, name := c.caller.Account, ref
	if strings.HasPrefix(ref, "arn:") {
		arn, err := awsid.ParseARN(ref)
		switch {
		case err != nil || arn.Service != "kms":
			return world.KMSKey{}, fault("NotFoundException", "Invalid keyId %s", ref)
		case arn.Region != c.region:
			// A key never leaves its region, and its name tells where it is.
			return world.KMSKey{}, fault("NotFoundException", "Invalid arn %s", arn.Region)
		}
		account, name = arn.Account, strings.TrimPrefix(arn.Resource, "key/")
	}
	if strings.HasPrefix(name, "alias/") {
		return c.byAlias(account, name)
	}
	if !keyID.MatchString(name) {
		return world.KMSKey{}, fault("NotFoundException", "Invalid keyId %s", ref)
	}
	return c.byID(account, name)
}

func (c call) byID(account awsid.AccountID, id string) (world.KMSKey, error) {
	var found *world.KMSKey
	c.world.Read(func(s *world.State) {
		if k := s.KMSKey(account, c.region, id, c.world.Now()); k != nil {
			copied := *k
			found = &copied
		}
	})
	if found != nil {
		return *found, nil
	}
	arn := (&world.KMSKey{ID: id, Account: account, Region: c.region}).ARN().String()
	if account != c.caller.Account {
		return world.KMSKey{}, c.hidden(arn)
	}
	return world.KMSKey{}, noKey(arn)
}

// hidden is what is said of a key in another account, whether it is there or not.
func (c call) hidden(arn string) error {
	return denied("User: " + c.caller.Name() + " is not authorized to perform: " + c.action + " on resource: " + arn +
		" because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access")
}

// byAlias follows an alias. One of AWS's own for a service makes its key when it
// is first asked for.
func (c call) byAlias(account awsid.AccountID, name string) (world.KMSKey, error) {
	if service, ok := strings.CutPrefix(name, awsAlias); ok && account == c.caller.Account {
		return c.managed(service)
	}
	var id string
	c.world.Read(func(s *world.State) {
		if a := s.KMSAlias(account, c.region, name); a != nil {
			id = a.Key
		}
	})
	if id != "" {
		return c.byID(account, id)
	}
	arn := (&world.KMSAlias{Name: name, Account: account, Region: c.region}).ARN().String()
	if account != c.caller.Account {
		return world.KMSKey{}, c.hidden(arn)
	}
	return world.KMSKey{}, noAlias(arn)
}

// usable refuses keys that nobody may encrypt or decrypt with.
func usable(k world.KMSKey) error {
	switch arn := k.ARN().String(); {
	case !k.Deletion.IsZero():
		return pending(arn)
	case k.Disabled:
		return disabled(arn)
	}
	return nil
}
