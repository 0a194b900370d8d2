package resource

import (
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/steps"
)

// TagRun is the tag that makes a bucket or a role recognisable as ours; its
// value is the run's id. Steps put it into the documents they want.
const TagRun = "snapferry:run"

// Options of All.
type Options struct {
	// Clock is what waits for eventual consistency live by.
	Clock failure.Clock
	// Place tells what a rendering needs to know of a side without asking
	// anybody. What is "" there is rendered as an environment variable.
	Place func(steps.Side) Place
	// Tags are the keys of role tags that the answers ask for. Beside them and
	// our own, tags of others are neither shown nor touched.
	Tags []string
}

// Place is where a side's things are, as far as it is known without a call.
type Place struct {
	Account awsid.AccountID
	Region  awsid.Region
	// Host is the domain's endpoint.
	Host string
	// Profile is the shared-config profile of the control identity, "" where it
	// is none.
	Profile string
}

// All gives every kind by its name. Kinds of later roads join here.
func All(a Access, o Options) map[steps.Kind]Kind {
	return map[steps.Kind]Kind{
		steps.KindBucket:       bucketKind{a, o},
		steps.KindBucketPolicy: bucketPolicyKind(a, o),
		steps.KindRole:         roleKind{a, o},
		steps.KindSignerGrant:  grantKind{a, o},
		steps.KindAccessPolicy: accessPolicyKind(a, o),
		steps.KindKeyPolicy:    keyPolicyKind(a, o),
		steps.KindRepository:   repositoryKind{a, o},
	}
}
