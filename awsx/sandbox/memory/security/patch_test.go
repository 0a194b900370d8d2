package security_test

import "testing"

const (
	updated = `{"status":"OK","message":"'manage_snapshots' updated."}`
	wrong   = `{"status":"BAD_REQUEST","message":"Wrong request body"}`
	nothing = `{"status":"OK","message":"No updates required"}`
)

func bad(text string) string { return `{"status":"BAD_REQUEST","message":"` + text + `"}` }

// patches are done to a mapping of users u and v: the answer, and the users
// then.
var patches = map[string]struct {
	patch  string
	status int
	want   string
	users  string
}{
	"append":               {`[{"op":"add","path":"/users/-","value":"w"}]`, 200, updated, `["u","v","w"]`},
	"insert":               {`[{"op":"add","path":"/users/0","value":"w"}]`, 200, updated, `["w","u","v"]`},
	"insert at the end":    {`[{"op":"add","path":"/users/2","value":"w"}]`, 200, updated, `["u","v","w"]`},
	"insert beyond":        {`[{"op":"add","path":"/users/3","value":"w"}]`, 400, bad("Array index 3 out of bounds"), `["u","v"]`},
	"insert nowhere":       {`[{"op":"add","path":"/users/x","value":"w"}]`, 400, bad("Array index x out of bounds"), `["u","v"]`},
	"add replaces":         {`[{"op":"add","path":"/users","value":["w"]}]`, 200, updated, `["w"]`},
	"replace":              {`[{"op":"replace","path":"/users","value":["w"]}]`, 200, updated, `["w"]`},
	"replace one":          {`[{"op":"replace","path":"/users/1","value":"w"}]`, 200, updated, `["u","w"]`},
	"replace beyond":       {`[{"op":"replace","path":"/users/2","value":"w"}]`, 400, bad("Array index 2 out of bounds"), `["u","v"]`},
	"replace what is not":  {`[{"op":"replace","path":"/hosts","value":["w"]}]`, 400, bad(`Missing field \"hosts\"`), `["u","v"]`},
	"append to nothing":    {`[{"op":"add","path":"/backend_roles/-","value":"w"}]`, 400, bad(`Missing field \"backend_roles\"`), `["u","v"]`},
	"remove one":           {`[{"op":"remove","path":"/users/0"}]`, 200, updated, `["v"]`},
	"remove beyond":        {`[{"op":"remove","path":"/users/2"}]`, 400, bad("Array index 2 out of bounds"), `["u","v"]`},
	"remove in nothing":    {`[{"op":"remove","path":"/backend_roles/7"}]`, 400, bad(`Missing field \"backend_roles\"`), `["u","v"]`},
	"remove nothing":       {`[{"op":"remove","path":"/nosuch"}]`, 200, nothing, `["u","v"]`},
	"remove all":           {`[{"op":"remove","path":"/users"}]`, 400, `{"status":"error","reason":"Request body required for this action."}`, `["u","v"]`},
	"the same":             {`[{"op":"add","path":"/users","value":["u","v"]}]`, 200, nothing, `["u","v"]`},
	"two, second fails":    {`[{"op":"add","path":"/users/-","value":"w"},{"op":"replace","path":"/hosts","value":[]}]`, 400, bad(`Missing field \"hosts\"`), `["u","v"]`},
	"two":                  {`[{"op":"add","path":"/users/-","value":"w"},{"op":"remove","path":"/users/0"}]`, 200, updated, `["v","w"]`},
	"into a text":          {`[{"op":"add","path":"/users/0/x","value":"w"}]`, 400, bad(`Missing field \"x\"`), `["u","v"]`},
	"wrong type":           {`[{"op":"add","path":"/users","value":"w"}]`, 400, `{"status":"error","reason":"Wrong datatype","users":"Array expected"}`, `["u","v"]`},
	"unknown member":       {`[{"op":"add","path":"/nosuch","value":["w"]}]`, 400, `{"status":"error","reason":"Invalid configuration","invalid_keys":{"keys":"nosuch"}}`, `["u","v"]`},
	"reserved":             {`[{"op":"add","path":"/reserved","value":true}]`, 400, `{"status":"error","reason":"Invalid configuration","invalid_keys":{"keys":"reserved"}}`, `["u","v"]`},
	"test":                 {`[{"op":"test","path":"/users","value":["u","v"]},{"op":"add","path":"/users/-","value":"w"}]`, 400, bad("Unsupported patch operation: test. Supported are: replace,remove,add"), `["u","v"]`},
	"copy":                 {`[{"op":"copy","from":"/users","path":"/hosts"}]`, 400, bad("Unsupported patch operation: copy. Supported are: replace,remove,add"), `["u","v"]`},
	"no list":              {`{"op":"add","path":"/users","value":["w"]}`, 400, wrong, `["u","v"]`},
	"empty list":           {`[]`, 400, wrong, `["u","v"]`},
	"no body":              {``, 400, wrong, `["u","v"]`},
	"no operations":        {`["x"]`, 400, wrong, `["u","v"]`},
	"no op":                {`[{"path":"/users","value":["w"]}]`, 400, wrong, `["u","v"]`},
	"no path":              {`[{"op":"add","value":["w"]}]`, 400, bad("Invalid JSON Patch payload (missing 'path' field)"), `["u","v"]`},
	"no value":             {`[{"op":"add","path":"/users"}]`, 400, bad("Invalid JSON Patch payload (missing 'value' field)"), `["u","v"]`},
	"no slash":             {`[{"op":"add","path":"users","value":["w"]}]`, 400, `{"error":{"root_cause":[{"type":"illegal_argument_exception","reason":"Missing leading slash"}],"type":"illegal_argument_exception","reason":"Missing leading slash"},"status":400}`, `["u","v"]`},
	"cut off":              {`[{"op":`, 400, bad("Error in JSON patch: Unexpected end-of-input within/between Object entries\\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 8]"), `["u","v"]`},
	"nonsense":             {`nonsense`, 400, bad("Error in JSON patch: invalid character 'o' in literal null (expecting 'u')"), `["u","v"]`},
	"value is not aliased": {`[{"op":"add","path":"/hosts","value":["h"]},{"op":"add","path":"/hosts/-","value":"i"}]`, 200, updated, `["u","v"]`},
}

func TestPatch(t *testing.T) {
	for name, tc := range patches {
		t.Run(name, func(t *testing.T) {
			p := open(t, "3.4.0")
			play(t, p, []step{
				{"PUT rolesmapping/manage_snapshots", `{"users":["u","v"]}`, 201, ""},
				{"PATCH rolesmapping/manage_snapshots", tc.patch, tc.status, tc.want},
			})
			_, got := do(t, p, "GET rolesmapping/manage_snapshots", "")
			hosts := `[]`
			if name == "value is not aliased" {
				hosts = `["h","i"]`
			}
			if want := `{"manage_snapshots":{"hosts":` + hosts + `,"users":` + tc.users + `,"reserved":false,"hidden":false,"backend_roles":[],"and_backend_roles":[]}}`; !equalJSON(t, got, want) {
				t.Errorf("is then %s", got)
			}
		})
	}
}

// TestPatchSeveral changes several entries in one call: all of it or nothing.
func TestPatchSeveral(t *testing.T) {
	const updated = `{"status":"OK","message":"Resource updated."}`
	p := open(t, "3.4.0")
	play(t, p, []step{
		{"PATCH rolesmapping", `[{"op":"add","path":"/readall","value":{"users":["bob"]}}]`, 200, updated},
		{"PATCH rolesmapping", `[{"op":"add","path":"/readall/users/-","value":"eve"},{"op":"add","path":"/logstash","value":{"backend_roles":["q"]}}]`, 200, updated},
		{"GET rolesmapping/readall", "", 200, `{"readall":{"hosts":[],"users":["bob","eve"],"reserved":false,"hidden":false,"backend_roles":[],"and_backend_roles":[]}}`},
		{"PATCH rolesmapping", `[{"op":"remove","path":"/logstash"}]`, 200, updated},
		{"PATCH rolesmapping", `[{"op":"remove","path":"/logstash"}]`, 200, nothing},
		{"PATCH rolesmapping", `[{"op":"remove","path":"/all_access/nosuch"}]`, 200, nothing},
		{"PATCH rolesmapping", `[{"op":"add","path":"/nosuchrole","value":{"users":["bob"]}}]`, 404, `{"status":"NOT_FOUND","message":"role 'nosuchrole' not found."}`},
		{"PATCH rolesmapping", `[{"op":"replace","path":"/nosuchrole/users","value":["bob"]}]`, 400, `{"status":"BAD_REQUEST","message":"Missing field \"nosuchrole\""}`},
		{"PATCH rolesmapping", `[{"op":"add","path":"/readall/bad","value":["bob"]}]`, 400, `{"status":"error","reason":"Invalid configuration","invalid_keys":{"keys":"bad"}}`},
		{"PATCH rolesmapping", `[{"op":"add","path":"/readall/users/-","value":"joe"},{"op":"add","path":"/nosuchrole","value":{"users":["bob"]}}]`, 404, ""},
		{"GET rolesmapping/readall", "", 200, `{"readall":{"hosts":[],"users":["bob","eve"],"reserved":false,"hidden":false,"backend_roles":[],"and_backend_roles":[]}}`},
		{"PATCH rolesmapping", ``, 400, `{"status":"BAD_REQUEST","message":"Wrong request body"}`},
		{"PATCH roles", `[{"op":"add","path":"/mine","value":{"cluster_permissions":["x"]}}]`, 200, updated},
		{"PATCH roles", `[{"op":"remove","path":"/all_access"}]`, 403, `{"status":"FORBIDDEN","message":"Resource 'all_access' is static."}`},
		{"PATCH roles", `[{"op":"remove","path":"/mine"}]`, 200, updated},
		{"GET roles/mine", "", 404, ""},
		{"PATCH internalusers", `[{"op":"add","path":"/crew","value":{"password":"Deck-Hand-4-Mooring"}}]`, 200, updated},
		{"GET internalusers/crew", "", 200, `{"crew":{"hash":"","reserved":false,"hidden":false,"backend_roles":[],"attributes":{},"opendistro_security_roles":[],"static":false}}`},
	})
}
