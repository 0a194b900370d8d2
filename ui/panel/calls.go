package panel

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// call is one call: when, what, where, how it ended, how long it took. What was
// asked gives way where there is no room.
func (l Look) call(c Call, width int) string {
	status, paint := strconv.Itoa(c.Status), l.Text.Render
	switch {
	case c.Status == 0:
		status, paint = "none", l.Warn.Render
	case c.Status >= 400:
		status, paint = l.Glyphs.Warn+status, l.Warn.Render
	}
	when := l.clock(c.At)
	end := fmt.Sprintf("%5s %7s", status, took(c.Took))
	where := l.Plain(c.Method + " " + l.Middle(cmp.Or(string(c.Side), domain(c.Host)), 16) + " " + c.Path)
	if c.Err != "" {
		where += " " + l.Plain(c.Err)
	}
	room := width - len(when) - len(end) - 2
	if room < 8 { // no room for more than where
		return l.Middle(where, width)
	}
	return l.Dim.Render(when) + " " + l.Fit(l.Middle(where, room), room) + " " + paint(end)
}

// hidden is what a domain's host has around its name: where it stands, and a suffix
// that makes it unique (26 letters and digits).
var hidden = regexp.MustCompile(`^(?:search|vpc)-(.+)-[a-z0-9]{26}$`)

// domain is the first part of a host, and of a domain's host its name.
func domain(host string) string {
	host, _, _ = strings.Cut(host, ".")
	if m := hidden.FindStringSubmatch(host); m != nil {
		return m[1]
	}
	return host
}

// took is a duration of a call.
func took(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}
