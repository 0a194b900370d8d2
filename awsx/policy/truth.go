package policy

// truth is a verdict on one small question. It follows Kleene's logic: a certain
// no makes an "and" no whatever else is unknown, a certain yes an "or" yes.
type truth int8

const (
	no truth = iota
	unsure
	yes
)

func and(a, b truth) truth { return min(a, b) }
func or(a, b truth) truth  { return max(a, b) }
func not(a truth) truth    { return yes - a }

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}
