package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/control"
	"snapferry/awsx/sandbox/upstream"
	"snapferry/awsx/sandbox/world"
)

// nodeAnswers is how long the control plane waits for a node before it says that it
// does not know.
const nodeAnswers = 10 * time.Second

// health implements control.Asks. The service looks past the security of its clusters:
// the embedded one is simply asked, a real node as the master of its domain.
func (s *Sandbox) health(ctx context.Context, d world.Domain) (control.Health, error) {
	if d.Backend == memoryBackend {
		h, err := s.clusters[d.Label].Health(ctx)
		return control.Health(h), err
	}
	ctx, cancel := context.WithTimeout(ctx, nodeAnswers)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(d.Backend, "/")+"/_cluster/health", nil)
	if err != nil {
		return control.Health{}, err
	}
	resp, err := asMaster(d.Security).Do(req)
	if err != nil {
		return control.Health{}, err
	}
	defer resp.Body.Close()
	var told struct {
		Status       string
		Active       int `json:"active_shards"`
		Initializing int `json:"initializing_shards"`
		Unassigned   int `json:"unassigned_shards"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&told); err != nil || resp.StatusCode != http.StatusOK {
		return control.Health{}, fmt.Errorf("the node answers %s", resp.Status)
	}
	return control.Health{Status: told.Status, Shards: told.Active + told.Initializing + told.Unassigned, Unassigned: told.Unassigned}, nil
}

// asMaster calls a domain's node as the domain's master: a node without security takes
// no notice of that.
func asMaster(security world.Security) *http.Client {
	master := backend.Anonymous()
	switch {
	case security.MasterARN != "":
		master = backend.IAM(security.MasterARN)
	case security.MasterUser != "":
		master = backend.Internal(security.MasterUser)
	}
	return &http.Client{Transport: upstream.Identified(master, security.MasterPassword, nil)}
}
