package upstream

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// SlotTable binds roles to a node's S3 clients in the order in which they are
// first registered. A node's clients are fixed when it starts, while roles come
// and go; so the binding is kept, and the store asks the table which role stands
// behind a client's keys at each request.
type SlotTable struct {
	mu      sync.Mutex
	state   State
	clients []string
	// role is client → role ARN.
	role map[string]string
}

// NewSlotTable makes a table for these clients and reads its bindings back.
func NewSlotTable(clients []string, s State) (*SlotTable, error) {
	t := &SlotTable{state: s, clients: slices.Clone(clients), role: map[string]string{}}
	b, err := s.Load()
	if err == nil && b != nil {
		err = json.Unmarshal(b, &t.role)
	}
	if err != nil {
		return nil, fmt.Errorf("upstream: reading the clients' roles: %w", err)
	}
	return t, nil
}

// Bind gives the client of a role, a free one if it has none yet.
func (t *SlotTable) Bind(roleARN string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	free := ""
	for _, client := range t.clients {
		switch role, taken := t.role[client]; {
		case role == roleARN:
			return client, nil
		case !taken && free == "":
			free = client
		}
	}
	if free == "" {
		return "", fmt.Errorf("all %d S3 clients of the node stand for other roles; start the node with more", len(t.clients))
	}
	next := maps.Clone(t.role)
	next[free] = roleARN
	b, err := json.Marshal(next)
	if err != nil {
		return "", err
	}
	if err := t.state.Save(b); err != nil {
		return "", fmt.Errorf("upstream: keeping the clients' roles: %w", err)
	}
	t.role = next
	return free, nil
}

// Role is the ARN of the role a client stands for, "" when it is free.
func (t *SlotTable) Role(client string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.role[client]
}
