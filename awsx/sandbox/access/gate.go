package access

import (
	"crypto/subtle"
	"net/http"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/world"
)

// WorldGate is the Gate over the sandbox's world.
type WorldGate struct{ world *world.World }

var _ Gate = (*WorldGate)(nil)

// NewGate makes the gate of a world. Keys expire by the world's clock.
func NewGate(w *world.World) *WorldGate { return &WorldGate{w} }

// The two refusals of a key, in the words of STS and IAM. The services with a
// JSON protocol give the same messages under other codes.
func invalidToken() *Refusal {
	return &Refusal{Status: http.StatusForbidden, Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid."}
}

func expiredToken() *Refusal {
	return &Refusal{Status: http.StatusForbidden, Code: "ExpiredToken", Message: "The security token included in the request is expired"}
}

// Key implements Gate.
func (g *WorldGate) Key(id, token string) (Caller, string, error) {
	if slot, ok := g.slot(id); ok {
		return g.slotCaller(slot, token)
	}
	var caller Caller
	var secret string
	refusal := invalidToken()
	g.world.Read(func(s *world.State) {
		if session := s.Sessions[id]; session != nil {
			caller, secret, refusal = g.session(s, session, token)
			return
		}
		// A long-lived key with a session token is as wrong as a temporary one
		// without.
		account, key := s.Key(id)
		if key == nil || key.Inactive || token != "" {
			return
		}
		if c, ok := longLived(account, key); ok {
			caller, secret, refusal = c, key.Secret, nil
		}
	})
	if refusal != nil {
		return Caller{}, "", refusal
	}
	return caller, secret, nil
}

// session checks temporary credentials in the order in which STS does: first the
// token, then its end.
func (g *WorldGate) session(s *world.State, session *world.Session, token string) (Caller, string, *Refusal) {
	if subtle.ConstantTimeCompare([]byte(token), []byte(session.Token)) != 1 {
		return Caller{}, "", invalidToken()
	}
	if !g.world.Now().Before(session.Expires) {
		return Caller{}, "", expiredToken()
	}
	account := s.Accounts[session.Account]
	if account == nil {
		return Caller{}, "", invalidToken()
	}
	role := account.Role(session.RoleName)
	if role == nil || role.ID != session.RoleID {
		return Caller{}, "", invalidToken()
	}
	return SessionCaller(account, role, session.Name, session.Key), session.Secret, nil
}

// SessionCaller is a role's session as a caller.
func SessionCaller(account *world.Account, role *world.Role, name, accessKey string) Caller {
	return Caller{
		Account: account.ID, Principal: account.RoleARN(role), UserID: role.ID + ":" + name, AccessKey: accessKey,
		Session: awsid.ARN{
			Partition: awsid.PartitionAWS, Service: "sts", Account: account.ID,
			Resource: "assumed-role/" + role.Name + "/" + name,
		},
	}
}

// longLived is the owner of a long-lived key; a key may outlive its user only in
// a state file edited by hand.
func longLived(account *world.Account, key *world.AccessKey) (Caller, bool) {
	c := Caller{Account: account.ID, AccessKey: key.ID}
	if key.User == "" {
		c.Principal = world.RootARN(account.ID)
		c.Session, c.UserID = c.Principal, string(account.ID)
		return c, true
	}
	user := account.User(key.User)
	if user == nil {
		return Caller{}, false
	}
	c.Principal = account.UserARN(user)
	c.Session, c.UserID = c.Principal, user.ID
	return c, true
}

// Decide implements Gate.
func (g *WorldGate) Decide(q Question) policy.Decision {
	r := q.request()
	stack := policy.Stack{Resource: q.ResourcePolicy, Kind: q.kind()}
	g.world.Read(func(s *world.State) {
		g.globals(s, q, r.Context)
		stack.Identity, stack.Boundary, stack.Session = documents(s, q.Caller)
	})
	return policy.Decide(stack, r)
}
