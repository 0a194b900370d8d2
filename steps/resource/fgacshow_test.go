package resource_test

import (
	"strings"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/resource"
)

// TestMappingsAsCurl: who is only added is appended, so that a line that is run
// later loses nobody.
func TestMappingsAsCurl(t *testing.T) {
	mapping := func(users, backend []string) steps.Doc {
		return resource.RoleMapping{Users: users, BackendRoles: backend}.Doc()
	}
	list := func(s ...string) []string { return s }
	const path = "/_plugins/_security/api/"
	for name, tc := range map[string]struct {
		ref           steps.Ref
		before, after steps.Doc
		call, body    string
		unread        bool
	}{
		"others unseen": {ref: mappingRef("r"), before: mapping(nil, nil), after: mapping(nil, list("m")), call: "PATCH " + path + "rolesmapping/r", body: `[{"op":"add","path":"/backend_roles/-","value":"m"}]
# Only where it answers Missing field, as nobody is in that list yet:
# source PATCH ` + path + `rolesmapping/r [{"op":"add","path":"/backend_roles","value":["m"]}]
# Only where it answers not found, as nobody is mapped at all yet:
# source PUT ` + path + `rolesmapping/r {"and_backend_roles":[],"backend_roles":["m"],"hosts":[],"users":[]}
`, unread: true},
		"nobody, unseen": {ref: mappingRef("r"), before: steps.Absent, after: mapping(list("we"), nil), call: "PUT " + path + "rolesmapping/r", body: `{"and_backend_roles":[],"backend_roles":[],"hosts":[],"users":["we"]}`, unread: true},
		"first of all":   {mappingRef("r"), steps.Absent, mapping(list("we"), nil), "PUT " + path + "rolesmapping/r", `{"and_backend_roles":[],"backend_roles":[],"hosts":[],"users":["we"]}`, false},
		"beside others":  {mappingRef("r"), mapping(list("a"), list("m")), mapping(list("a", "we"), list("m")), "PATCH " + path + "rolesmapping/r", `[{"op":"add","path":"/users/-","value":"we"}]`, false},
		"an empty list":  {mappingRef("r"), mapping(nil, list("m")), mapping(list("a", "we"), list("m", "n")), "PATCH " + path + "rolesmapping/r", `[{"op":"add","path":"/users","value":["a","we"]},{"op":"add","path":"/backend_roles/-","value":"n"}]`, false},
		"somebody goes":  {mappingRef("r"), mapping(list("a", "we"), nil), mapping(list("a"), nil), "PUT " + path + "rolesmapping/r", `{"and_backend_roles":[],"backend_roles":[],"hosts":[],"users":["a"]}`, false},
		"all go":         {mappingRef("r"), mapping(list("we"), nil), steps.Absent, "DELETE " + path + "rolesmapping/r", "", false},
		"it is so":       {mappingRef("r"), mapping(list("we"), nil), mapping(list("we"), nil), "", "", false},
		"a role":         {observerRef(), steps.Absent, resource.FGACRole{ClusterPermissions: list("cluster_monitor")}.Doc(), "PUT " + path + "roles/" + observer, `{"cluster_permissions":["cluster_monitor"],"index_permissions":[],"tenant_permissions":[]}`, false},
		"a role goes":    {observerRef(), resource.FGACRole{}.Doc(), steps.Absent, "DELETE " + path + "roles/" + observer, "", false},
		"a role that is": {observerRef(), resource.FGACRole{}.Doc(), resource.FGACRole{}.Doc(), "", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			kinds := resource.All(mapper{}, resource.Options{
				Place: func(steps.Side) resource.Place { return resource.Place{Engine: openSearch} },
				MapperCurl: func(side steps.Side, method, target string, body []byte) string {
					return string(side) + " " + method + " " + target + " " + strings.Join(strings.Fields(string(body)), "")
				},
			})
			c := steps.NewChange("s", tc.ref, tc.before, tc.after, steps.Text{})
			c.Unread = tc.unread
			got := kinds[tc.ref.Kind].Render(c)
			want := resource.Renderings{Curl: "source " + tc.call + " " + tc.body}
			if tc.call == "" {
				want.Curl = ""
			}
			if got != want {
				t.Errorf("\n got %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestOldEnginesHaveTheOldPath(t *testing.T) {
	for _, v := range []awsid.EngineVersion{{}, {Family: awsid.Elasticsearch, Major: 7, Minor: 10}} {
		kinds := resource.All(mapper{}, resource.Options{
			Place:      func(steps.Side) resource.Place { return resource.Place{Engine: v} },
			MapperCurl: func(_ steps.Side, _, target string, _ []byte) string { return target },
		})
		got := kinds[steps.KindFGACRole].Render(steps.NewChange("s", observerRef(), steps.Absent, resource.FGACRole{}.Doc(), steps.Text{}))
		if got.Curl != "/_opendistro/_security/api/roles/"+observer {
			t.Errorf("%s: %s", v, got.Curl)
		}
	}
}
