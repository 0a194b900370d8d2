package spec

import "snapferry/steps"

// statedShape is the shape that was said, "" when none was.
func (b *builder) statedShape() Shape {
	return Shape(b.one("shape", string(ShapeTwoAccounts), string(ShapeSameAccount), string(ShapeSameDomain)))
}

// shape derives what kind of move this is and holds it against what was stated.
// One account on both sides is easily a slip of the clipboard, so it must be
// meant: it is taken only where the shape says so.
func (b *builder) shape(stated Shape) {
	src, dst := &b.spec.Source, &b.spec.Target
	if src.Account == "" || dst.Account == "" {
		b.spec.Shape = stated
		b.twoAccounts(stated)
		return
	}
	b.spec.Shape = derive(src, dst)
	if src.Region != "" && dst.Region != "" && src.Region.Partition() != dst.Region.Partition() {
		b.fail("target.region", steps.T("%s and %s are in different partitions", string(src.Region), string(dst.Region)),
			steps.T("Partitions share no accounts and no buckets: a snapshot cannot be handed over between them"))
	}
	if b.spec.Shape == stated || (stated == "" && b.spec.Shape == ShapeTwoAccounts) {
		if stated == ShapeSameAccount || stated == ShapeSameDomain {
			b.identities()
		}
		b.twoAccounts(stated)
		return
	}
	switch {
	case b.spec.Shape == ShapeTwoAccounts:
		b.fail("target.account", steps.T("The target's account is not the source's, but shape says %s", string(stated)),
			steps.T("Correct the account, or leave target.account out: it is the source's then"))
	case b.spec.Shape == ShapeSameDomain && stated == ShapeSameAccount:
		b.fail("target.domain", steps.T("Source and target are the same domain"),
			steps.T("Name another target; if a restore beside the originals is meant, say shape: same-domain and give a rename"))
	case stated == ShapeSameDomain:
		b.fail("target.domain", steps.T("The target is another domain, but shape says same-domain"),
			steps.T("Leave target.domain out, or say shape: same-account"))
	default:
		b.fail("target.account", steps.T("Source and target are the same account, %s", src.Account.Grouped()),
			steps.T("Correct one of the two; if a move inside one account is meant, say shape: same-account, or shape: same-domain for a restore beside the originals"))
	}
}

// twoAccounts refuses a run that this version has no steps for: the target's own
// role and the sharing of the bucket. Partial answers may hold it, since looking
// does no harm.
func (b *builder) twoAccounts(stated Shape) {
	if b.partial || b.spec.Shape != ShapeTwoAccounts {
		return
	}
	at := Key("target.account")
	if stated == ShapeTwoAccounts {
		at = "shape"
	}
	b.fail(at, steps.T("Moving into another account is not built yet: both domains must be in one account"),
		steps.T("Name two domains of one account and say shape: same-account, or shape: same-domain for a restore beside the originals"))
}

// derive tells the shape from the answers. Two domains of one account may be one
// domain that is known by its name on one side and by a custom endpoint on the
// other:
// only then is it not seen here, and the name clashes of the plan stop it.
func derive(src, dst *SideSpec) Shape {
	switch {
	case src.Account != dst.Account:
		return ShapeTwoAccounts
	case src.Region == dst.Region && src.Domain != "" && src.Domain == dst.Domain:
		return ShapeSameDomain
	case src.Endpoint != "" && src.Endpoint == dst.Endpoint:
		return ShapeSameDomain
	}
	return ShapeSameAccount
}
