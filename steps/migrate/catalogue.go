// Package migrate says which things a migration wants: the steps, one file each,
// in the order they are done in. A declarative step computes the documents it
// wants; snapshot, restore, settle and verify are actions.
//
// It does not know how a thing is read or written (resource), when a step runs
// or is resumed (engine), or how anything is shown.
package migrate

import (
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// The steps' public names.
const (
	StepBucket           steps.StepID = "bucket"
	StepSourceRole       steps.StepID = "source-role"
	StepTargetRole       steps.StepID = "target-role"
	StepSourceSigner     steps.StepID = "source-signer"
	StepTargetSigner     steps.StepID = "target-signer"
	StepShareBucket      steps.StepID = "share-bucket"
	StepShareKey         steps.StepID = "share-key"
	StepSourceMapping    steps.StepID = "source-mapping"
	StepSourceRepository steps.StepID = "source-repository"
	StepSnapshot         steps.StepID = "snapshot"
	StepTargetMapping    steps.StepID = "target-mapping"
	StepTargetRepository steps.StepID = "target-repository"
	StepRestore          steps.StepID = "restore"
	StepSettle           steps.StepID = "settle"
	StepVerify           steps.StepID = "verify"
)

// Catalogue lists the steps a Spec's shape needs, in order. f must have been
// opened for the same Spec.
func Catalogue(s *spec.Spec, f *facts.Facts) []engine.Step {
	r := &route{spec: s, facts: f}
	// Roles come before whatever names them: AWS refuses policies that name nobody.
	list := []engine.Step{bucketStep{r}, roleStep{r, steps.Source, StepSourceRole}}
	if !r.spec.OneAccount() {
		list = append(list, roleStep{r, steps.Target, StepTargetRole})
	}
	list = append(list, signerStep{r, steps.Source, StepSourceSigner})
	if TwoSigners(s) {
		list = append(list, signerStep{r, steps.Target, StepTargetSigner})
	}
	if !r.spec.OneAccount() {
		list = append(list, shareBucketStep{r}, shareKeyStep{r})
	}
	list = append(list, mappingStep{r, steps.Source, StepSourceMapping}, repositoryStep{r, steps.Source, StepSourceRepository}, snapshotStep{r})
	if s.Shape != spec.ShapeSameDomain {
		list = append(list, mappingStep{r, steps.Target, StepTargetMapping}, repositoryStep{r, steps.Target, StepTargetRepository})
	}
	return append(list, restoreStep{r}, settleStep{r}, verifyStep{r})
}
