package wizard

// kept is what was drawn, and of what.
type kept struct {
	of    drawnOf
	lines []string
}

// drawnOf is all that lines of the chrome are made of.
type drawnOf struct {
	words        string
	width, route int
	minute       int64
	dark, boxes  bool
}

// draw gives what was drawn of the same, or draws it.
func (k *kept) draw(of drawnOf, draw func() []string) []string {
	if k.lines == nil || k.of != of {
		k.of, k.lines = of, draw()
	}
	return k.lines
}
