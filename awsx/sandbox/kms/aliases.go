package kms

import (
	"regexp"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

var aliasShape = regexp.MustCompile(`^alias/[a-zA-Z0-9/_-]{1,250}$`)

func (s *service) aliasOperations() map[string]wire.TargetOperation {
	return map[string]wire.TargetOperation{
		"CreateAlias": operation(s, true, call.createAlias),
		"UpdateAlias": operation(s, true, call.updateAlias),
		"DeleteAlias": operation(s, true, call.deleteAlias),
		"ListAliases": operation(s, false, call.listAliases),
	}
}

type aliasInput struct{ AliasName, TargetKeyId string }

// mayName asks for the right on the alias, which the caller's own policies give;
// the right on the key is asked apart.
func (c call) mayName(name string) error {
	switch {
	case !aliasShape.MatchString(name):
		return invalid("Alias must start with the prefix \"alias/\" and hold letters, digits, slashes, underscores and hyphens only")
	case strings.HasPrefix(name, awsAlias):
		return fault("NotAuthorizedException", "Alias with reserved prefix \"%s\" cannot be changed", awsAlias)
	}
	q := access.Question{
		Caller: c.caller, Action: c.action, Owner: c.caller.Account, Context: c.facts,
		Resource: (&world.KMSAlias{Name: name, Account: c.caller.Account, Region: c.region}).ARN().String(),
	}
	if d := c.gate.Decide(q); !d.Allowed() {
		return denied(q.Words(d))
	}
	return nil
}

func (c call) createAlias(in aliasInput) (any, error) {
	if err := c.mayName(in.AliasName); err != nil {
		return nil, err
	}
	k, err := c.ask(in.TargetKeyId, false)
	if err != nil {
		return nil, err
	}
	return nil, c.write(k, func(s *world.State, live *world.KMSKey) error {
		if a := s.KMSAlias(k.Account, k.Region, in.AliasName); a != nil {
			return fault("AlreadyExistsException", "An alias with the name %s already exists", a.ARN())
		}
		now := c.world.Now()
		s.KMSAliases = append(s.KMSAliases, &world.KMSAlias{Name: in.AliasName, Account: k.Account, Region: k.Region, Key: k.ID, Created: now, Updated: now})
		return living(live)
	})
}

// changeAlias runs f on an alias that is there.
func (c call) changeAlias(name string, f func(*world.State, *world.KMSAlias)) error {
	return c.world.Write(func(s *world.State) error {
		a := s.KMSAlias(c.caller.Account, c.region, name)
		if a == nil {
			return noAlias((&world.KMSAlias{Name: name, Account: c.caller.Account, Region: c.region}).ARN().String())
		}
		f(s, a)
		return nil
	})
}

// updateAlias points the alias at another key; the right is needed on both keys.
func (c call) updateAlias(in aliasInput) (any, error) {
	err := c.mayName(in.AliasName)
	for _, ref := range []string{in.AliasName, in.TargetKeyId} {
		if err == nil {
			_, err = c.ask(ref, false)
		}
	}
	if err != nil {
		return nil, err
	}
	k, err := c.find(in.TargetKeyId)
	if err != nil {
		return nil, err
	}
	return nil, c.changeAlias(in.AliasName, func(_ *world.State, a *world.KMSAlias) { a.Key, a.Updated = k.ID, c.world.Now() })
}

func (c call) deleteAlias(in aliasInput) (any, error) {
	if err := c.mayName(in.AliasName); err != nil {
		return nil, err
	}
	if _, err := c.ask(in.AliasName, false); err != nil {
		return nil, err
	}
	return nil, c.changeAlias(in.AliasName, func(s *world.State, a *world.KMSAlias) {
		s.KMSAliases = slices.DeleteFunc(s.KMSAliases, func(one *world.KMSAlias) bool { return one == a })
	})
}

// listAliases shows those of the account and region, or of one key.
func (c call) listAliases(in pageInput) (any, error) {
	if err := c.allow("*"); err != nil {
		return nil, err
	}
	only := ""
	if in.KeyId != "" {
		k, err := c.find(in.KeyId)
		if err != nil {
			return nil, err
		}
		only = k.ID
	}
	type entry struct {
		AliasName, AliasArn, TargetKeyId string
		CreationDate, LastUpdatedDate    float64
	}
	var all []entry
	c.world.Read(func(s *world.State) {
		for _, a := range s.KMSAliases {
			if a.Account == c.caller.Account && a.Region == c.region && (only == "" || a.Key == only) {
				all = append(all, entry{a.Name, a.ARN().String(), a.Key, seconds(a.Created), seconds(a.Updated)})
			}
		}
	})
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.AliasName, b.AliasName) })
	return paged(in, "Aliases", all), nil
}
