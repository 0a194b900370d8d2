package facts

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// Held is a snapshot by what it holds.
type Held struct {
	Name    awsid.SnapshotName `json:"snapshot"`
	Indices []string           `json:"indices"`
}

// Holds lists the snapshots of a repository of a side's domain in the short form,
// for which the engine reads one file and not one for each snapshot.
func (f *Facts) Holds(ctx context.Context, side steps.Side, repo awsid.RepositoryName) ([]Held, error) {
	return domainFact(ctx, f, FactSnapshot, side, string(repo)+"/*", func(ctx context.Context, c *cluster.Cluster) ([]Held, error) {
		answer, err := c.Do(ctx, http.MethodGet, "/_snapshot/"+url.PathEscape(string(repo))+"/_all?verbose=false", nil)
		if err != nil {
			return nil, err
		}
		if failed := answer.Failure(); failed != nil {
			return nil, failed
		}
		var out struct {
			Snapshots []Held `json:"snapshots"`
		}
		if err := json.Unmarshal(answer.Body, &out); err != nil {
			return nil, fmt.Errorf("the snapshots of repository %s cannot be read: %w", repo, err)
		}
		return out.Snapshots, nil
	})
}
