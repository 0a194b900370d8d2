package contract

// written is a snapshot r:s1 with one index, as another version leaves it.
var written = []Case{
	{Call: "PUT /logs-a", Body: `{"settings":{"number_of_shards":1,"number_of_replicas":0},"mappings":{"properties":{"a":{"type":"long"}}},"aliases":{"logs":{}}}`},
	{Call: "PUT /logs-a/_doc/1?refresh=true", Body: `{"a":1}`},
	{Call: "PUT /_snapshot/r", Body: "@repository"},
	{Call: green},
	{Call: "PUT /_snapshot/r/s1?wait_for_completion=true", Body: `{"indices":"logs-a","include_global_state":false,"metadata":{"marker":"m-1"}}`},
}

// readers are what a newer or older cluster asks of that repository.
func readers(register, list, restore Case) []Case {
	register.Name, register.Call, register.Body = "register", "PUT /_snapshot/r", "@repository readonly=true"
	list.Name, list.Call = "list", "GET /_snapshot/r/_all"
	restore.Name, restore.Call, restore.Body = "restore", restoreS1+"?wait_for_completion=true", `{"indices":"logs-a","include_global_state":false}`
	return []Case{register, {Name: "verify", Call: "POST /_snapshot/r/_verify"}, list, restore}
}

var versionScenarios = []Scenario{
	{
		Name: "from-7.10.2", WrittenBy: "7.10.2", Earlier: written, On: []string{"2.19.4"},
		Cases: append(readers(Case{}, Case{}, Case{}),
			Case{Name: "count", Call: "GET /logs-a/_count"},
			Case{Name: "settings", Call: "GET /logs-a/_settings?human=true"},
			Case{Name: "aliases", Call: "GET /logs-a/_alias"}),
	},
	{
		Name: "too-old", WrittenBy: "7.10.2", Earlier: written, On: []string{"3.4.0", "3.8.0"},
		Cases: readers(Case{},
			Case{Status: 500, Error: "snapshot_exception", Reason: `Snapshot could not be read$`},
			Case{Status: 400, Error: "illegal_argument_exception", Reason: `^Version id 7100299 must contain OpenSearch mask$`}),
	},
	{
		Name: "too-new-for-3", WrittenBy: "3.8.0", Earlier: written, On: []string{"3.4.0"},
		Cases: readers(Case{}, Case{},
			Case{Status: 500, Error: "snapshot_restore_exception", Reason: `the snapshot was created with OpenSearch version \[3\.8\.0\] which is higher than the version of this node \[3\.4\.0\]$`}),
	},
	{
		Name: "too-new-for-2", WrittenBy: "3.4.0", Earlier: written, On: []string{"2.19.4"},
		Cases: readers(Case{}, Case{},
			Case{Status: 500, Error: "snapshot_restore_exception", Reason: `the snapshot was created with OpenSearch version \[3\.4\.0\] which is higher than the version of this node \[2\.19\.4\]$`}),
	},
	{
		Name: "too-new-for-7", WrittenBy: "2.19.4", Earlier: written, On: []string{"7.10.2"},
		Cases: readers(Case{}, Case{}, Case{Status: 500}),
	},
	{
		Name: "from-2.19.4", WrittenBy: "2.19.4", Earlier: written, On: []string{"3.4.0"},
		Cases: append(readers(Case{}, Case{}, Case{}), Case{Name: "count", Call: "GET /logs-a/_count"}),
	},
}
