package contract

import (
	"slices"
	"strings"
)

// secMaster is what the security index does to the answers the master gets.
var secMaster = Scenario{Name: "sec-master", Cases: after(snapped, looks, writes, snapshotCalls)}

var secAllAccess = Scenario{Name: "sec-all-access", Cases: after(
	snapped,
	[]Case{{Call: "PUT " + mappings + "all_access", Body: `{"backend_roles":["` + Actors["admin"].ARN + `","` + MasterIAM.ARN + `"]}`}},
	as("admin", infos...),
	as("admin", looks[:7]...),
	as("admin", writes...),
	as("admin", snapshotCalls...),
	as("admin", restoreCalls...),
	as("admin", refusedAPI...),
)}

// both maps actors beside the master to the roles that make one.
func both(role string, more ...string) Case {
	c := mapTo(role, more...)
	c.Body = strings.Replace(c.Body, `[`, `["`+MasterIAM.ARN+`",`, 1)
	return c
}

var secManager = Scenario{Name: "sec-manager", Cases: after(
	[]Case{both("all_access", "manager"), both("security_manager", "manager", "pathed")},
	as("manager", infos...),
	as("manager", []Case{
		{Name: "map", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":["x"]}`, Status: 201},
		{Name: "mapping", Call: "GET " + mappings + "manage_snapshots"},
		{Name: "unmap", Call: "DELETE " + mappings + "manage_snapshots"},
	}...),
	// security_manager alone is enough for the security API and for nothing else.
	as("pathed", infos...),
	as("pathed", []Case{
		{Name: "map", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":["x"]}`, Status: 201},
		{Name: "unmap", Call: "DELETE " + mappings + "manage_snapshots"},
		{Name: "health", Call: "GET /_cluster/health", Status: 403},
	}...),
)}

// secLockedOut replaces a mapping without its master: no error says so.
var secLockedOut = Scenario{Name: "sec-locked-out", Cases: after(
	[]Case{
		mapTo("manage_snapshots", "signer"),
		both("all_access", "manager"), both("security_manager", "manager"),
		{Name: "replace", Call: "PUT " + mappings + "all_access", Body: `{"backend_roles":["` + Actors["manager"].ARN + `"]}`},
		{Name: "authinfo", Call: "GET " + security + "authinfo"},
		{Name: "health", Call: "GET /_cluster/health", Status: 403},
		{Name: "mapping", Call: "GET " + mappings + "all_access"},
		{Name: "replace-the-other", Call: "PUT " + mappings + "security_manager", Body: `{"backend_roles":["` + Actors["manager"].ARN + `"]}`},
		{Name: "mapping-too", Call: "GET " + mappings + "all_access", Status: 403},
	},
	as("manager", []Case{
		{Name: "put-back", Call: "PUT " + mappings + "all_access", Body: string(MasterIAM.mapping())},
		{Name: "health", Call: "GET /_cluster/health", Status: 403},
		{Name: "put-the-other-back", Call: "PUT " + mappings + "security_manager", Body: string(MasterIAM.mapping())},
	}...),
	[]Case{{Name: "saved", Call: "GET /_cluster/health"}},
)}

// secInternal has an internal user for a master; IAM identities are mapped all
// the same, and one of them must register: a password is none to the service.
var secInternal = Scenario{Name: "sec-internal", Internal: true, Cases: after(
	[]Case{{Name: "map", Call: "PUT " + mappings + "manage_snapshots", Body: `{"backend_roles":["` + Actors["signer"].ARN + `"]}`, Status: 201}},
	registeredBy("signer", snapped),
	infos,
	[]Case{
		{Name: "mappings", Call: "GET " + security + "api/rolesmapping"},
		{Name: "users", Call: "GET " + security + "api/internalusers"},
		{Name: "health", Call: "GET /_cluster/health"},
		{Name: "register", EngineOnly: true, Call: "PUT /_snapshot/other", Body: "@repository"},
		{Name: "unregister", EngineOnly: true, Call: "DELETE /_snapshot/other"},
		{Name: "snapshot", Call: "GET /_snapshot/r/s1", Keep: []string{"snapshots/snapshot", "error"}},
	},
	as("master-mistyped", Case{Name: "authinfo", Call: "GET " + security + "authinfo", Status: 401}, Case{Name: "health", Call: "GET /_cluster/health", Status: 401}),
	as("signer", infos[0]),
	as("signer", snapshotCalls...),
	as("signer", restoreCalls...),
	as("signer", refusedAPI[0]),
	as("signer", refused(looks[1])...),
	[]Case{
		{Name: "password-without-old", Call: "PUT " + security + "api/account", Body: `{"password":"Ferry-Boat-9-Crossing"}`, Status: 400},
		{Name: "password-wrong-old", Call: "PUT " + security + "api/account", Body: `{"password":"Ferry-Boat-9-Crossing","current_password":"x"}`, Status: 400},
		{Name: "password-weak", Call: "PUT " + security + "api/account", Body: `{"password":"captain1","current_password":"` + MasterInternal.Password + `"}`, Status: 400},
	},
)}

// anyStatus leaves everything about the answers to the record.
func anyStatus(cases []Case) []Case {
	out := make([]Case, len(cases))
	for i, c := range cases {
		c.Status = asRecorded
		out[i] = c
	}
	return out
}

// registeredBy gives the registrations among steps to an actor.
func registeredBy(who string, cases []Case) []Case {
	out := slices.Clone(cases)
	for i, c := range out {
		if strings.HasPrefix(c.Body, "@repository") {
			out[i].As = who
		}
	}
	return out
}
