package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox/world"
)

// changeable are the options UpdateDomainConfig takes here; others would need a
// cluster that is rebuilt.
var changeable = []string{"AccessPolicies", "AdvancedOptions", "AdvancedSecurityOptions", "DryRun", "DomainName"}

// updateConfig changes what was given and leaves the rest, all or nothing. A dry
// run tells what would come out and changes nothing.
func (c *call) updateConfig() (any, error) {
	d, err := c.find(c.action(), c.domain)
	if err != nil {
		return nil, err
	}
	in := map[string]json.RawMessage{}
	if err := c.into(&in); err != nil {
		return nil, err
	}
	for name := range in {
		if !slices.Contains(changeable, name) {
			return nil, invalid("The sandbox does not change " + name + " of a domain.")
		}
	}
	err = c.world.Write(func(s *world.State) error {
		live := s.Domain(d.Account, d.Region, d.Name)
		changed := *live
		if err := apply(s, &changed, in); err != nil {
			return err
		}
		d = changed
		if string(in["DryRun"]) == "true" {
			return nil
		}
		changed.Revision++
		changed.Updated = c.world.Now()
		*live, d = changed, changed
		return nil
	})
	if err != nil {
		return nil, err
	}
	if appoints(in) && string(in["DryRun"]) != "true" {
		// After the write: the cluster looks into the world while it works.
		if err := c.appoint(d); err != nil {
			return nil, err
		}
	}
	out := object{"DomainConfig": c.config(d)}
	if string(in["DryRun"]) == "true" {
		out["DryRunResults"] = object{"DeploymentType": "None", "Message": "This change will not require a new deployment."}
	}
	return out, nil
}

// apply changes a copy of the domain.
func apply(s *world.State, d *world.Domain, in map[string]json.RawMessage) error {
	if raw, ok := in["AccessPolicies"]; ok {
		var doc string
		if err := json.Unmarshal(raw, &doc); err != nil {
			return invalid("AccessPolicies must be a string")
		}
		bound, err := accessPolicy(s, doc)
		if err != nil {
			return err
		}
		d.AccessPolicy = bound
	}
	if raw, ok := in["AdvancedOptions"]; ok {
		var options map[string]string
		if err := json.Unmarshal(raw, &options); err != nil {
			return invalid("AdvancedOptions must be strings")
		}
		merged := maps.Clone(d.AdvancedOptions)
		if merged == nil {
			merged = map[string]string{}
		}
		maps.Copy(merged, options)
		d.AdvancedOptions = merged
	}
	if raw, ok := in["AdvancedSecurityOptions"]; ok {
		return applySecurity(d, raw)
	}
	return nil
}

// accessPolicy checks a policy as the service does when it sets one. An empty
// one takes the policy away.
func accessPolicy(s *world.State, doc string) (string, error) {
	if doc == "" {
		return "", nil
	}
	refused := func(why error) error {
		return invalid(fmt.Sprintf("Error setting policy: [%s]: %s", doc, why))
	}
	parsed, err := policy.Parse([]byte(doc))
	if err == nil {
		err = parsed.Validate(policy.KindDomainAccess)
	}
	if err != nil {
		return "", refused(err)
	}
	bound, err := s.Bind(doc)
	var unknown *world.PrincipalError
	if errors.As(err, &unknown) {
		return "", refused(unknown)
	}
	return bound, err
}
