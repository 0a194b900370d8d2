package s3

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"snapferry/awsx/sandbox/world"
)

// WorldRegister keeps bucket configurations in the sandbox's world, and asks it
// about principals.
type WorldRegister struct{ World *world.World }

var (
	_ BucketRegister = WorldRegister{}
	_ Principals     = WorldRegister{}
)

// Bucket implements BucketRegister. A configuration that cannot be read (a
// hand-edited state file) is as good as none.
func (w WorldRegister) Bucket(name string) (cfg BucketConfig, ok bool) {
	w.World.Read(func(s *world.State) {
		raw, there := s.Buckets[name]
		ok = there && json.Unmarshal(raw, &cfg) == nil
	})
	return cfg, ok
}

// Buckets implements BucketRegister.
func (w WorldRegister) Buckets() []BucketConfig {
	var out []BucketConfig
	w.World.Read(func(s *world.State) {
		for _, name := range slices.Sorted(maps.Keys(s.Buckets)) {
			var cfg BucketConfig
			if json.Unmarshal(s.Buckets[name], &cfg) == nil {
				out = append(out, cfg)
			}
		}
	})
	return out
}

// Put implements BucketRegister.
func (w WorldRegister) Put(cfg BucketConfig) error {
	raw, err := json.Marshal(cfg)
	if err != nil {
		return fmt.Errorf("keep the bucket's configuration: %w", err)
	}
	return w.World.Write(func(s *world.State) error {
		s.Buckets[cfg.Name] = raw
		return nil
	})
}

// Delete implements BucketRegister.
func (w WorldRegister) Delete(name string) error {
	return w.World.Write(func(s *world.State) error {
		delete(s.Buckets, name)
		return nil
	})
}

// Bind implements Principals.
func (w WorldRegister) Bind(policy string) (bound string, err error) {
	w.World.Read(func(s *world.State) { bound, err = s.Bind(policy) })
	return bound, err
}

// Show implements Principals.
func (w WorldRegister) Show(policy string) (shown string) {
	w.World.Read(func(s *world.State) { shown = s.Show(policy) })
	return shown
}
