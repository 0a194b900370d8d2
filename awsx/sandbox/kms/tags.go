package kms

import (
	"maps"
	"slices"

	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

func (s *service) tagOperations() map[string]wire.TargetOperation {
	return map[string]wire.TargetOperation{
		"TagResource":      operation(s, true, call.tag),
		"UntagResource":    operation(s, true, call.untag),
		"ListResourceTags": operation(s, false, call.tags),
		"ListGrants":       operation(s, false, call.grants),
	}
}

func (c call) tag(in struct {
	KeyId string
	Tags  []tag
},
) (any, error) {
	_, err := c.change(in.KeyId, func(k *world.KMSKey) error {
		for _, t := range in.Tags {
			k.Tags[t.TagKey] = t.TagValue
		}
		return living(k)
	})
	return nil, err
}

// untag takes no offence at tags that are not there.
func (c call) untag(in struct {
	KeyId   string
	TagKeys []string
},
) (any, error) {
	_, err := c.change(in.KeyId, func(k *world.KMSKey) error {
		for _, name := range in.TagKeys {
			delete(k.Tags, name)
		}
		return living(k)
	})
	return nil, err
}

func (c call) tags(in pageInput) (any, error) {
	k, err := c.ask(in.KeyId, false)
	if err != nil {
		return nil, err
	}
	var all []tag
	for _, name := range slices.Sorted(maps.Keys(k.Tags)) {
		all = append(all, tag{name, k.Tags[name]})
	}
	return paged(in, "Tags", all), nil
}

// grants answers what programs ask before they delete a key. Nobody can make one
// here: snapshots need none.
func (c call) grants(in pageInput) (any, error) {
	if _, err := c.ask(in.KeyId, true); err != nil {
		return nil, err
	}
	return paged(in, "Grants", []string{}), nil
}
