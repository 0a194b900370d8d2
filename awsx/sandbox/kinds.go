package sandbox

import (
	"fmt"
	"maps"
	"slices"

	"snapferry/awsx/sandbox/world"
)

// AccessKind is how a domain decides who may do what on it.
type AccessKind string

// The kinds. The first two have fine-grained access control, whose master is an
// IAM identity or a user of the domain's own database; the others have none.
const (
	AccessIAMMaster      AccessKind = "iam-master"
	AccessInternalMaster AccessKind = "internal-master"
	// AccessPolicy is a domain whose access policy names who may call it.
	AccessPolicy AccessKind = "policy"
	// AccessOpen takes everybody, signed or not: what stands in a closed subnet.
	AccessOpen AccessKind = "open"
)

// AccessKinds are all kinds.
func AccessKinds() []AccessKind {
	return []AccessKind{AccessIAMMaster, AccessInternalMaster, AccessPolicy, AccessOpen}
}

// usualAccess is the kind of a domain nobody said anything about: the default
// world is the full case, source and target with fine-grained access control, one
// of each sort.
func usualAccess(label string) AccessKind {
	switch label {
	case "source":
		return AccessIAMMaster
	case "target":
		return AccessInternalMaster
	}
	return AccessPolicy
}

// Kinds are how the domains of a directory's world decide, by label; where there
// is no world yet, how those of a new one would.
func Kinds(dir string) map[string]AccessKind {
	kinds := map[string]AccessKind{}
	for _, label := range Labels() {
		kinds[label] = usualAccess(label)
	}
	if info, err := readInfo(dir); err == nil {
		for _, d := range info.Domains {
			kinds[d.Label] = d.Access
		}
	}
	return kinds
}

// MasterUser is the name of the internal master.
const MasterUser = "master"

// secure gives a new domain its kind of access. Fine-grained access control with
// an internal master goes with an access policy for everybody, as its console
// recommends: a password is no IAM identity, so a policy that named identities
// would let nobody in who has one.
func secure(s *world.State, d *world.Domain, kind AccessKind) {
	principal := world.RootARN(d.Account).String()
	switch kind {
	case AccessIAMMaster:
		a := s.Accounts[d.Account]
		d.Security = world.Security{Enabled: true, MasterARN: a.UserARN(a.User(adminUser)).String()}
	case AccessInternalMaster:
		principal = "*"
		// The database wants letters of both cases, a digit and a sign.
		d.Security = world.Security{Enabled: true, InternalUsers: true, MasterUser: MasterUser, MasterPassword: "Sandbox-1-" + s.Lower(16)}
	case AccessOpen:
		principal = "*"
	}
	d.AccessPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + principal +
		`"},"Action":"es:*","Resource":"` + d.ARN().String() + `/*"}]}`
}

// accessOf is the kind a domain was made with.
func accessOf(d *world.Domain) AccessKind {
	if d.Access == "" {
		return AccessPolicy // of a world from before there were others
	}
	return AccessKind(d.Access)
}

// sameAccess refuses to go on with a world whose domains are of another kind
// than asked: the documents in it belong to the kind it was made with.
func (s *Sandbox) sameAccess() error {
	var err error
	s.world.Read(func(st *world.State) {
		for _, label := range slices.Sorted(maps.Keys(s.options.Access)) {
			d, want := st.DomainLabelled(label), s.options.Access[label]
			if d != nil && accessOf(d) != want && err == nil {
				err = &MadeError{fmt.Sprintf("the domain %s of the sandbox in %s is %s, not %s", label, s.options.Dir, accessOf(d), want)}
			}
		}
	})
	return err
}

// master is who the domain's own security takes for its master: the ARN of an
// IAM identity, or the name of an internal user.
func master(d *world.Domain) string {
	if d.Security.InternalUsers {
		return d.Security.MasterUser
	}
	return d.Security.MasterARN
}
