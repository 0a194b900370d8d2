package security

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// invalid is the answer to a body that cannot be one: the status says "error"
// and the reason stands beside it.
func invalid(reason string) *Answer {
	return &Answer{Status: 400, Body: wire.Obj("status", "error", "reason", reason)}
}

// check refuses a body the API does not take, in the plugin's order: empty,
// unknown members, types, holes in lists.
func (p *Plugin) check(k kind, body object) *Answer {
	if len(body) == 0 {
		return invalid("Request body required for this action.")
	}
	if refusal := k.checkMembers(body); refusal != nil {
		return refusal
	}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if want := k.members[name]; want != typeOf(body[name]) {
			a := invalid("Wrong datatype")
			a.Body = a.Body.(wire.Object).Set(name, want+" expected")
			return a
		}
	}
	return p.checkLists(body)
}

// checkMembers refuses unknown members, and a body that says nothing.
func (k kind) checkMembers(body object) *Answer {
	var unknown []string
	says := k.oneOf == nil
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if k.members[name] == "" {
			unknown = append(unknown, name)
		}
		says = says || slices.Contains(k.oneOf, name)
	}
	if unknown == nil && says {
		return nil
	}
	a := invalid("Invalid configuration")
	o := a.Body.(wire.Object)
	o = o.SetIf(unknown != nil, "invalid_keys", wire.Obj("keys", strings.Join(unknown, ",")))
	a.Body = o.SetIf(!says, "specify_one_of", wire.Obj("keys", strings.Join(k.oneOf, ",")))
	return a
}

// typeOf is a value's type as texts name it.
func typeOf(v any) string {
	switch v.(type) {
	case []any:
		return array
	case string:
		return text
	case object:
		return anyObj
	}
	return ""
}

// checkLists refuses null in a list, and from version 3 on blanks too.
func (p *Plugin) checkLists(body object) *Answer {
	text := "`null` is not allowed as json array element"
	if p.atLeast(3, 0) {
		text = "`null` or blank values are not allowed as json array elements"
	}
	for _, v := range body {
		list, _ := v.([]any)
		for _, e := range list {
			s, isString := e.(string)
			if e == nil || p.atLeast(3, 0) && isString && strings.TrimSpace(s) == "" {
				return invalid(text)
			}
		}
	}
	return nil
}

// checkGrants refuses a member of an index permission that does not exist. The
// real plugin fails over it, which is why the text names its classes.
func checkGrants(body object) *Answer {
	list, _ := body["index_permissions"].([]any)
	for _, v := range list {
		grant, _ := v.(object)
		for _, name := range slices.Sorted(maps.Keys(grant)) {
			if slices.Contains(grantMembers, name) {
				continue
			}
			const role = "org.opensearch.security.securityconf.impl.v7.RoleV7"
			return failure(wire.New(500, "unrecognized_property_exception", "Unrecognized field %q (class %s$Index), not marked as ignorable "+
				"(5 known properties: \"index_patterns\", \"dls\", \"fls\", \"allowed_actions\", \"masked_fields\"])\n at [Source: UNKNOWN; byte offset: #UNKNOWN] "+
				"(through reference chain: %s[\"index_permissions\"]->java.util.ArrayList[0]->%s$Index[%q])", name, role, role, role, name))
		}
	}
	return nil
}

// read reads a body and checks it. A list with something in it is not empty and
// has no members either.
func (p *Plugin) read(k kind, raw []byte) (object, *Answer) {
	var v any
	if len(strings.TrimSpace(string(raw))) > 0 {
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, invalid("Could not parse content of request.")
		}
	}
	if list, _ := v.([]any); len(list) > 0 {
		if no := k.checkMembers(nil); no != nil {
			return nil, no
		}
	}
	o, _ := v.(object)
	return o, p.check(k, o)
}
