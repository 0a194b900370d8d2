package cluster

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"snapferry/awsx/awsid"
)

// Repository is a registered snapshot repository. Settings are strings, as the
// engine gives them back.
type Repository struct {
	Name     awsid.RepositoryName
	Type     string
	Settings map[string]string
}

type repositoryBody struct {
	Type     string            `json:"type"`
	Settings map[string]string `json:"settings"`
}

// Repositories lists all, the service's own (cs-…) included, by name.
// With fine-grained access control: cluster:admin/repository/get.
func (c *Cluster) Repositories(ctx context.Context) ([]Repository, error) {
	return c.repositories(ctx, path("_snapshot"))
}

func (c *Cluster) repositories(ctx context.Context, p string) ([]Repository, error) {
	var out map[string]struct {
		Type     string         `json:"type"`
		Settings map[string]any `json:"settings"`
	}
	if err := c.get(ctx, p, nil, &out); err != nil {
		return nil, err
	}
	var list []Repository
	for _, name := range slices.Sorted(maps.Keys(out)) {
		list = append(list, Repository{Name: awsid.RepositoryName(name), Type: out[name].Type, Settings: flat(out[name].Settings)})
	}
	return list, nil
}

// Repository reads one, nil when absent. That it is registered proves nothing:
// a registration whose verification failed stays (RepositoriesService of the engine).
// With fine-grained access control: cluster:admin/repository/get.
func (c *Cluster) Repository(ctx context.Context, name awsid.RepositoryName) (*Repository, error) {
	list, err := c.repositories(ctx, path("_snapshot", string(name)))
	return only(list, missing(err, "repository_missing_exception"), func(x Repository) bool { return x.Name == name })
}

// PutRepository registers and verifies. A failure may leave the registration behind.
// With fine-grained access control: cluster:admin/repository/put, and iam:PassRole for role_arn.
func (c *Cluster) PutRepository(ctx context.Context, r Repository) error {
	return c.call(ctx, http.MethodPut, path("_snapshot", string(r.Name)), nil, repositoryBody{r.Type, r.Settings}, nil)
}

// VerifyRepository gives the names of the nodes that can reach it, sorted. A
// writable repository is written to and read by every node; of a read-only one
// only the index is read.
// With fine-grained access control: cluster:admin/repository/verify.
func (c *Cluster) VerifyRepository(ctx context.Context, name awsid.RepositoryName) ([]string, error) {
	var out struct {
		Nodes map[string]struct {
			Name string `json:"name"`
		} `json:"nodes"`
	}
	if err := c.call(ctx, http.MethodPost, path("_snapshot", string(name), "_verify"), nil, nil, &out); err != nil {
		return nil, err
	}
	var names []string
	for _, n := range out.Nodes {
		names = append(names, n.Name)
	}
	slices.Sort(names)
	return names, nil
}

// DeleteRepository removes the registration, never the objects; absent is no error.
// With fine-grained access control: cluster:admin/repository/delete.
func (c *Cluster) DeleteRepository(ctx context.Context, name awsid.RepositoryName) error {
	return missing(c.call(ctx, http.MethodDelete, path("_snapshot", string(name)), nil, nil, nil), "repository_missing_exception")
}
