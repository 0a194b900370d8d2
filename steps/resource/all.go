package resource

import (
	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// TagRun is the tag that makes a bucket or a role recognisable as ours; its
// value is the run's id. Steps put it into the documents they want.
const TagRun = "snapferry:run"

// Options of All.
type Options struct {
	// Place tells what a rendering needs to know of a side without asking
	// anybody. What is "" there is left for the reader to set. Nil knows nothing.
	Place func(steps.Side) Place
	// Curl is a domain call of a side as a line to copy, made without asking
	// anybody. Nil renders no domain calls.
	Curl func(side steps.Side, method, target string, body []byte) string
	// MapperCurl is the same for calls of the security API, which the mapper makes.
	MapperCurl func(side steps.Side, method, target string, body []byte) string
	// Tags are the keys of role tags that the answers ask for. Beside them and
	// our own, tags of others are neither shown nor touched.
	Tags []string
}

// Place is where a side's things are, as far as it is known without a call.
type Place struct {
	Region awsid.Region
	// Profile is the shared-config profile the control identity begins with, "" where
	// it is none; Assumed are the roles it takes on from there, in order.
	Profile string
	Assumed []awsid.ARN
	// Engine is what the domain runs, zero where that was not learned yet.
	Engine awsid.EngineVersion
}

func (o Options) place(side steps.Side) Place {
	if o.Place == nil {
		return Place{}
	}
	return o.Place(side)
}

// placeOf is where a change is made from. What is handed over nobody makes as the
// identity here.
func (o Options) placeOf(c steps.Change) Place {
	p := o.place(c.Ref.Side)
	if c.Unread || c.Handed {
		p.Profile, p.Assumed = "", nil
	}
	return p
}

// All gives every kind by its name. Kinds of later roads join here.
//
//	kind           name                 in              ours by
//	bucket         bucket                               tag snapferry:run
//	bucket-policy  bucket                               Sid
//	role           role name                            tag snapferry:run
//	signer-grant   ARN of user or role  policy name     Sid
//	access-policy  domain                               Sid
//	key-policy     ARN of the key                       Sid
//	repository     repository                           the registration as written
//	fgac-role      role of the domain                   the role as written
//	role-mapping   role of the domain                   the entries we added
//
// Repositories are handled by the side's signer, roles of the domain and their
// mappings by its mapper, everything else by its control identity. What is not there is steps.Absent for all of them; a domain or a key
// that is not there is an error, as its policy cannot be.
func All(a Access, o Options) map[steps.Kind]Kind {
	return map[steps.Kind]Kind{
		steps.KindBucket:       bucketKind{a, o},
		steps.KindBucketPolicy: bucketPolicyKind(a, o),
		steps.KindRole:         roleKind{a, o},
		steps.KindSignerGrant:  grantKind(a, o),
		steps.KindAccessPolicy: accessPolicyKind(a, o),
		steps.KindKeyPolicy:    keyPolicyKind(a, o),
		steps.KindRepository:   repositoryKind{a, o},
		steps.KindFGACRole:     fgacRoleKind{a, o},
		steps.KindRoleMapping:  roleMappingKind{a, o},
	}
}
