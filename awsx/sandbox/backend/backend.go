// Package backend is the contract between the managed-service front and the
// cluster behind it: an http.Handler that is told who asks and through which
// role it may reach the object store.
//
// The front has already verified the signature, judged the access policy,
// PassRole, trust and account, and taken away every header by which a client
// could claim an identity. The backend has the fine-grained access control and
// the engine. This package knows neither of them, nor any wire format.
package backend

import "context"

// Identity is the caller as the security plugin of a managed domain sees him.
type Identity struct {
	// Name is the ARN of an IAM user or the ARN of a role (path kept, no
	// session name: a managed domain maps the role, not the session), or the
	// name of an internal user.
	Name string
	// BackendRoles are the strings a role mapping's backend_roles are compared
	// with. For IAM callers it is the one ARN that Name holds too.
	BackendRoles []string
	// InternalUser says that Name came with HTTP basic authentication. The
	// request still carries that header, because only the backend knows the
	// passwords; an identity never holds a secret.
	InternalUser bool
	// None is a request without any identity that the access policy let through.
	None bool
}

// Anonymous is the identity of a request that carries none.
func Anonymous() Identity { return Identity{None: true} }

// IAM is the identity of a signed request: arn is the user's or the role's ARN.
func IAM(arn string) Identity { return Identity{Name: arn, BackendRoles: []string{arn}} }

// Internal is the identity of a request with basic authentication.
func Internal(user string) Identity { return Identity{Name: user, InternalUser: true} }

type identityKey struct{}

// WithIdentity hands an identity to the backend of the request with this context.
func WithIdentity(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, id)
}

// IdentityFrom gives the identity the front decided on. A context without one
// is anonymous, never an administrator: forgetting WithIdentity must not open a
// domain.
func IdentityFrom(ctx context.Context) Identity {
	if id, ok := ctx.Value(identityKey{}).(Identity); ok {
		return id
	}
	return Anonymous()
}
