package repo_test

import (
	"context"

	"snapferry/awsx/sandbox/backend"
)

// meddler is a bucket whose objects somebody else keeps changing.
type meddler struct{ backend.Blobs }

func (m meddler) Get(context.Context, string) ([]byte, error) { return []byte("other"), nil }
