package ask

import "snapferry/steps"

// Hit is what becomes of one index of the source under some patterns.
type Hit struct {
	Name string
	// Stream is the data stream it stands behind, "" for none: patterns go by that.
	Stream string
	Bytes  int64
	// Primaries is the number of its shards, Copies how often each is there.
	Primaries, Copies int
	// Made is the version it was made with.
	Made string
	// Moves says that it is taken along. Else Left says that the patterns leave it,
	// and if they do not, Why what keeps it.
	Moves, Left bool
	Why         steps.Text
}
