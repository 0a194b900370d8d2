package preflight

import (
	"snapferry/steps"
	"snapferry/steps/spec"
)

// Catalogue lists the checks of a migration in the order they are shown. What
// the shape does not need is left out.
func Catalogue(s *spec.Spec) []Check {
	list := []Check{clockInStep(steps.Source)}
	if s.Shape != spec.ShapeSameDomain {
		list = append(list, clockInStep(steps.Target))
	}
	for _, side := range sides(s) {
		list = append(list, identityMatches(side), signerMatches(side))
	}
	for _, side := range sides(s) {
		list = append(
			list, domainFound(side), signerMayCall(side), accessPolicyAdmits(side), domainAnswers(side), signerMapped(side), mapperMay(side),
			domainCalm(side), domainHealthy(side), softwareSendsSource(side),
		)
	}
	list = append(list, slotFree(), roleSpelling())
	for _, side := range s.RoleSides() {
		list = append(list, roleTrustsService(side), roleMayUseBucket(side), passRoleAtSigner(side))
	}
	for _, side := range sides(s) {
		list = append(list, signerMayPass(side))
	}
	list = append(list, bucketUsable())
	for _, side := range sides(s) {
		list = append(list, bucketRegion(side))
	}
	for _, side := range s.RoleSides() {
		list = append(list, bucketPolicyAllows(side))
	}
	list = append(list, principalsAlive(), bucketPrivate(), bucketOwnsObjects(), keyShareable(), keyEnabled())
	for _, side := range s.RoleSides() {
		list = append(list, roleMayUseKey(side), keyPolicyAllows(side))
	}
	return append(list, versionPath(), indexVersions(), somethingMoves(), patternsHit(), protectedStays(), snapshotsRestorable(), streamsWhole(), streamsHaveTemplates(), namesFree(), snapshotNameFree(), repositoryFree(), replicasFit(), shardRoom(), diskRoom())
}

// All lists every check there is, for the documentation.
func All() []Check {
	return Catalogue(&spec.Spec{Shape: spec.ShapeTwoAccounts})
}

func sides(s *spec.Spec) []steps.Side {
	if s.Shape == spec.ShapeSameDomain {
		return []steps.Side{steps.Source}
	}
	return []steps.Side{steps.Source, steps.Target}
}

// receiving is the side whose domain gets the indices.
func receiving(s *spec.Spec) steps.Side {
	if s.Shape == spec.ShapeSameDomain {
		return steps.Source
	}
	return steps.Target
}
