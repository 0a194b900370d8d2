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
		return
	}
	b.spec.Shape = derive(src, dst)
	if src.Region != "" && dst.Region != "" && src.Region.Partition() != dst.Region.Partition() {
		b.fail("target.region", steps.T("%s and %s are in different partitions", string(src.Region), string(dst.Region)),
			steps.T("Partitions share no accounts and no buckets: a snapshot cannot be handed over between them"))
	}
	if b.spec.Shape != stated && (stated != "" || b.spec.Shape != ShapeTwoAccounts) {
		b.otherShape(stated)
		return
	}
	if b.spec.Shape != ShapeTwoAccounts {
		b.identities()
	}
}

// otherShape says what in the answers is not the shape that was stated, or taken
// for granted where none was.
func (b *builder) otherShape(stated Shape) {
	src := &b.spec.Source
	oneAccount := steps.T("Correct one of the two; if a move inside one account is meant, say shape: same-account, or shape: same-domain for a restore beside the originals")
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
	case b.spec.Shape == ShapeSameDomain:
		b.fail("target.account", steps.T("Source and target are the same domain of the same account, %s", src.Account.Grouped()), oneAccount)
	default:
		b.fail("target.account", steps.T("Source and target are the same account, %s", src.Account.Grouped()), oneAccount)
	}
}

// derive tells the shape from the answers. Two domains of one account may be one
// domain that is known by its name on one side and by a custom endpoint on the
// other: that is not seen here, and the name clashes of the plan stop it.
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

// KeySide is the side whose account holds the bucket's customer key; ok is false
// where there is none, or a third account holds it, whose policies nobody here
// can be expected to read.
func (s *Spec) KeySide() (side steps.Side, ok bool) {
	switch s.Bucket.KMSKey.Account {
	case "":
		return "", false
	case s.Source.Account:
		return steps.Source, true
	case s.Target.Account:
		return steps.Target, true
	}
	return "", false
}
