package cluster

import (
	"context"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
)

// SecurityPath is a path of the security plugin, encoded. Elasticsearch knows
// only the old prefix; OpenSearch 2.19.4 and 3.4.0 answer to both [seen on real
// nodes], so that an engine that is not known yet is asked under the old one.
func SecurityPath(v awsid.EngineVersion, segments ...string) string {
	prefix := "_opendistro"
	if v.Family == awsid.OpenSearch {
		prefix = "_plugins"
	}
	return path(append([]string{prefix, "_security"}, segments...)...)
}

func (c *Cluster) security(segments ...string) string {
	return SecurityPath(c.opts.Version, segments...)
}

// AuthInfo is who the domain takes the caller for.
type AuthInfo struct {
	// User is the ARN of a user or a role, with its path and without a session,
	// or the name of an internal user.
	User string
	// BackendRoles are compared with the backend roles of role mappings: an IAM
	// caller's is the one ARN that User is, too.
	BackendRoles []string
	// Roles are those that the mappings give to the caller, as they take effect.
	Roles []string
}

// AuthInfo asks the domain who the caller is; nil where the domain has no
// fine-grained access control. Everybody may ask who has an identity at all.
func (c *Cluster) AuthInfo(ctx context.Context) (*AuthInfo, error) {
	var out struct {
		User         string   `json:"user_name"`
		BackendRoles []string `json:"backend_roles"`
		Roles        []string `json:"roles"`
	}
	if err := c.get(ctx, c.security("authinfo"), nil, &out); err != nil {
		return nil, withoutSecurity(err)
	}
	slices.Sort(out.Roles)
	return &AuthInfo{User: out.User, BackendRoles: out.BackendRoles, Roles: out.Roles}, nil
}

// withoutSecurity drops a failure that says that there is no such plugin:
// nobody handles the path, Elasticsearch takes its first segment for an index,
// or the service does not offer it.
func withoutSecurity(err error) error {
	f := failure.Of(err)
	switch {
	case f.Front == failure.FrontEngine && strings.Contains(f.Message, "no handler found for uri"):
		return nil
	case f.Has("index_not_found_exception"):
		return nil
	case f.Front == failure.FrontService && strings.Contains(f.Message, "is not allowed by Amazon"):
		return nil
	}
	return err
}

// Permissions is what the caller may do with the security API itself.
type Permissions struct {
	User string
	// API says that the caller may use the API at all.
	API    bool
	closed map[string][]string
}

// May says whether the caller may use a method of an endpoint, e.g. PUT of
// ROLESMAPPING or of ROLES.
func (p Permissions) May(method, endpoint string) bool {
	return p.API && !slices.Contains(p.closed[endpoint], method)
}

// PermissionsInfo asks what the caller may do with the security API. Everybody
// may ask who has an identity at all, so that it proves a password, too.
func (c *Cluster) PermissionsInfo(ctx context.Context) (Permissions, error) {
	var out struct {
		User   string              `json:"user_name"`
		API    bool                `json:"has_api_access"`
		Closed map[string][]string `json:"disabled_endpoints"`
	}
	err := c.get(ctx, c.security("api", "permissionsinfo"), nil, &out)
	return Permissions{User: out.User, API: out.API, closed: out.Closed}, err
}

// oldSecurity says that the plugin has the format it had before Elasticsearch 7.
func (c *Cluster) oldSecurity() bool {
	v := c.opts.Version
	return v.Family == awsid.Elasticsearch && v.Major < 7
}

// absent drops the plugin's own word that a mapping or role is not there. A path
// that nobody handles is something else.
func absent(err error) error {
	if f := failure.Of(err); f != nil && f.Kind == failure.Missing && f.Front == failure.FrontSecurity {
		return nil
	}
	return err
}
