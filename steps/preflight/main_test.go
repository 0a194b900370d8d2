package preflight_test

import (
	"os"
	"testing"

	"snapferry/awsx/sandbox/fixture"
)

func TestMain(m *testing.M) { os.Exit(fixture.Run(m)) }
