package world

import "time"

// keepExpired is how long expired credentials are remembered, so that they are
// refused as expired and not as unknown.
const keepExpired = 48 * time.Hour

// NewSession gives out temporary credentials of a role.
func (s *State) NewSession(a *Account, r *Role, name string, issued time.Time, lifetime time.Duration, policies []string) *Session {
	for key, old := range s.Sessions {
		if issued.Sub(old.Expires) > keepExpired {
			delete(s.Sessions, key)
		}
	}
	session := &Session{
		Key: s.ID("ASIA", 16), Secret: s.Secret(), Token: s.Token(), Account: a.ID,
		RoleName: r.Name, RoleID: r.ID, Name: name, Issued: issued, Expires: issued.Add(lifetime), Policies: policies,
	}
	s.Sessions[session.Key] = session
	return session
}
