package cli

import "snapferry/ui/panel"

// Route is what was known of both sides and the bucket after the last deed.
func (d *desk) Route() panel.Route {
	d.seen.Lock()
	defer d.seen.Unlock()
	return d.route
}

// learn notes for Route what the deed found out.
func (d *desk) learn() {}
