//go:build realengine

package contract

import (
	"os"
	"strings"
	"testing"
)

// TestRealSecurity plays the secured scenarios on real nodes with the security
// plugin. SNAPFERRY_RECORD and SNAPFERRY_ENGINES do as in TestRealEngines.
func TestRealSecurity(t *testing.T) {
	versions := []string{"2.19.4", "3.4.0"}
	if only := os.Getenv("SNAPFERRY_ENGINES"); only != "" {
		versions = strings.Split(only, ",")
	}
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w := &realWorld{root: t.TempDir(), nodes: map[string]Target{}, stores: map[string]*plainS3{}}
			if os.Getenv("SNAPFERRY_RECORD") != "" {
				playSecured(t, w, version, record)
				return
			}
			RunSecured(t, w, version)
		})
	}
}

// Secured implements the world of the secured scenarios.
func (w *realWorld) Secured(t testing.TB, version string, master Actor) Target {
	t.Helper()
	return w.cluster(t, version, master)
}
