package iam

import (
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// keysPerUser is how many access keys a user may have [IAM quotas].
const keysPerUser = 2

func status(k *world.AccessKey) string {
	if k.Inactive {
		return "Inactive"
	}
	return "Active"
}

// createKey is the only answer that ever holds the secret.
func (s *service) createKey(in *wire.Input) (any, error) {
	n, err := s.userNamed(in)
	if err != nil {
		return nil, err
	}
	var out struct {
		AccessKey struct{ UserName, AccessKeyId, Status, SecretAccessKey, CreateDate string }
	}
	err = s.write(in, func(st *world.State, a *world.Account) error {
		u, err := findUser(a, n)
		if err != nil {
			return err
		}
		if len(keysOf(a, u.Name)) >= keysPerUser {
			return limit("Cannot exceed quota for AccessKeysPerUser: %d", keysPerUser)
		}
		k := &world.AccessKey{ID: st.ID("AKIA", 16), Secret: st.Secret(), User: u.Name, Created: s.world.Now()}
		a.Keys[k.ID] = k
		o := &out.AccessKey
		o.UserName, o.AccessKeyId, o.Status, o.SecretAccessKey, o.CreateDate = u.Name, k.ID, status(k), k.Secret, stamp(k.Created)
		return nil
	})
	return out, err
}

// changeKey runs f on the key of the named user.
func (s *service) changeKey(in *wire.Input, f func(*world.Account, *world.AccessKey)) (any, error) {
	n, err := s.userNamed(in)
	if err != nil {
		return nil, err
	}
	return nil, s.write(in, func(_ *world.State, a *world.Account) error {
		u, err := findUser(a, n)
		if err != nil {
			return err
		}
		k := a.Keys[in.Get("AccessKeyId")]
		if k == nil || k.User != u.Name {
			return noSuch("The Access Key with id %s cannot be found.", in.Get("AccessKeyId"))
		}
		f(a, k)
		return nil
	})
}

// updateKey switches a key off and on. One that is off is refused as if it did
// not exist.
func (s *service) updateKey(in *wire.Input) (any, error) {
	state := in.Get("Status")
	if state != "Active" && state != "Inactive" {
		return nil, invalid("1 validation error detected: Value '%s' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]", state)
	}
	return s.changeKey(in, func(_ *world.Account, k *world.AccessKey) { k.Inactive = state == "Inactive" })
}

func (s *service) deleteKey(in *wire.Input) (any, error) {
	return s.changeKey(in, func(a *world.Account, k *world.AccessKey) { delete(a.Keys, k.ID) })
}

// listKeys never shows a secret.
func (s *service) listKeys(in *wire.Input) (any, error) {
	n, err := s.userNamed(in)
	if err != nil {
		return nil, err
	}
	type shape struct{ UserName, AccessKeyId, Status, CreateDate string }
	var out struct {
		AccessKeyMetadata list[shape]
		page
	}
	err = s.read(in, func(_ *world.State, a *world.Account) error {
		u, err := findUser(a, n)
		if err != nil {
			return err
		}
		var all []shape
		for _, k := range keysOf(a, u.Name) {
			all = append(all, shape{u.Name, k.ID, status(k), stamp(k.Created)})
		}
		out.AccessKeyMetadata, out.page = paged(in, all)
		return nil
	})
	return out, err
}
