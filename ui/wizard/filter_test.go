package wizard

import "testing"

// TestFilterOnTheFirstPage: the key that ends it is named there too, where esc leads
// nowhere else.
func TestFilterOnTheFirstPage(t *testing.T) {
	p := sit(t, Options{Deeds: &desk{}, Width: 60, Height: 20})
	p.press("/", "zzz").says("/zzz", "Nothing matches", "esc end the filter")
	if p.press("esc").says("Migrate a domain"); p.quit || p.page != startPage {
		t.Errorf("quit %v, on %s", p.quit, p.page)
	}
	p.press("/", "error text", "enter").says("What an error means")
}
