package control

import (
	"maps"
	"slices"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/world"
)

// tag is a tag as the API writes it.
type tag struct{ Key, Value string }

// tagged finds the domain of an ARN, which is how the tag operations name it.
func (c *call) tagged(action, arn string) (world.Domain, error) {
	a, err := awsid.ParseARN(arn)
	if err != nil || a.Service != "es" || a.Type() != "domain" || a.Account != c.caller.Account || a.Region != c.region {
		return world.Domain{}, invalid("Invalid ARN: " + arn)
	}
	return c.find(action, awsid.DomainName(a.Name()))
}

func (c *call) listTags() (any, error) {
	d, err := c.tagged("ListTags", c.r.URL.Query().Get("arn"))
	if err != nil {
		return nil, err
	}
	list := []tag{}
	for _, k := range slices.Sorted(maps.Keys(d.Tags)) {
		list = append(list, tag{k, d.Tags[k]})
	}
	return object{"TagList": list}, nil
}

// addTags replaces the value of a key that is there.
func (c *call) addTags() (any, error) {
	var in struct {
		ARN     string
		TagList []tag
	}
	if err := c.into(&in); err != nil {
		return nil, err
	}
	return c.retag("AddTags", in.ARN, func(tags map[string]string) {
		for _, t := range in.TagList {
			tags[t.Key] = t.Value
		}
	})
}

// removeTags takes no offence at keys that are not there.
func (c *call) removeTags() (any, error) {
	var in struct {
		ARN     string
		TagKeys []string
	}
	if err := c.into(&in); err != nil {
		return nil, err
	}
	return c.retag("RemoveTags", in.ARN, func(tags map[string]string) {
		for _, k := range in.TagKeys {
			delete(tags, k)
		}
	})
}

// retag changes the tags of the domain that an ARN names.
func (c *call) retag(action, arn string, change func(map[string]string)) (any, error) {
	d, err := c.tagged(action, arn)
	if err != nil {
		return nil, err
	}
	return object{}, c.world.Write(func(s *world.State) error {
		live := s.Domain(d.Account, d.Region, d.Name)
		if live.Tags == nil {
			live.Tags = map[string]string{}
		}
		change(live.Tags)
		return nil
	})
}
