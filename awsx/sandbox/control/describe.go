package control

import (
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/world"
)

// object is a JSON object of the API, by its field names.
type object map[string]any

// describe and describeConfig show one domain in the API's two forms.
func (c *call) describe() (any, error) {
	d, err := c.find(c.action(), c.domain)
	if err != nil {
		return nil, err
	}
	return object{"DomainStatus": c.status(d)}, nil
}

// describeMany leaves out what does not exist, as the service does.
func (c *call) describeMany() (any, error) {
	var in struct{ DomainNames []awsid.DomainName }
	if err := c.into(&in); err != nil {
		return nil, err
	}
	list := []object{}
	for _, name := range in.DomainNames {
		d, err := c.find(c.action(), name)
		if err != nil && isDenied(err) {
			return nil, err
		}
		if err == nil {
			list = append(list, c.status(d))
		}
	}
	return object{"DomainStatusList": list}, nil
}

// isDenied tells a refusal from a domain that is not there.
func isDenied(err error) bool { return strings.HasPrefix(err.Error(), "AccessDenied") }

// listNames needs no right on any single domain, only the one to list.
func (c *call) listNames() (any, error) {
	if err := c.allow("ListDomainNames", "*", nil); err != nil {
		return nil, err
	}
	wanted := c.r.URL.Query().Get("engineType")
	list := []object{}
	c.world.Read(func(s *world.State) {
		for _, d := range s.Domains {
			if d.Account == c.caller.Account && d.Region == c.region && (wanted == "" || wanted == string(d.Version.Family)) {
				list = append(list, object{"DomainName": d.Name, "EngineType": d.Version.Family})
			}
		}
	})
	slices.SortFunc(list, func(a, b object) int {
		return strings.Compare(string(a["DomainName"].(awsid.DomainName)), string(b["DomainName"].(awsid.DomainName)))
	})
	return object{"DomainNames": list}, nil
}

// status is DomainStatus: the options with what cannot be configured.
func (c *call) status(d world.Domain) object {
	out := object{
		"ARN": d.ARN().String(), "DomainId": string(d.Account) + "/" + string(d.Name), "DomainName": d.Name,
		"Endpoint": d.Endpoint, "Created": true, "Deleted": false, "Processing": false, "UpgradeProcessing": false,
		"DomainProcessingStatus": "Active",
		"ServiceSoftwareOptions": object{
			"CurrentVersion": d.Software, "NewVersion": "", "UpdateAvailable": false, "Cancellable": false, "UpdateStatus": "COMPLETED",
			"Description": "There is no software update available for this domain.", "AutomatedUpdateDate": 0, "OptionalDeployment": true,
		},
		"ChangeProgressDetails": object{"ChangeId": changeID(d), "ConfigChangeStatus": "Completed", "InitiatedBy": "CUSTOMER", "StartTime": d.Updated.Unix(), "LastUpdatedTime": d.Updated.Unix()},
		"ModifyingProperties":   []object{},
	}
	for _, o := range c.options(d) {
		out[o.name] = o.value
	}
	return out
}

func (c *call) describeConfig() (any, error) {
	d, err := c.find(c.action(), c.domain)
	if err != nil {
		return nil, err
	}
	return object{"DomainConfig": c.config(d)}, nil
}

// config is DomainConfig: each option with when it was last changed.
func (c *call) config(d world.Domain) object {
	status := object{
		"CreationDate": d.Created.Unix(), "UpdateDate": d.Updated.Unix(), "UpdateVersion": d.Revision + 1,
		"State": "Active", "PendingDeletion": false,
	}
	out := object{}
	for _, o := range c.options(d) {
		out[o.name] = object{"Options": o.value, "Status": status}
	}
	return out
}
