package ask

import (
	"maps"
	"strings"
)

// Amend answers in the person's place, by the key of the answers file: value takes the
// place of what the key says, and "" that of all below it too, which is asked anew then.
// It judges nothing; Errors does.
func (a *Answers) Amend(key Key, value string) {
	under := func(k Key) bool {
		return k == key || value == "" && strings.HasPrefix(string(k), string(key)+".")
	}
	maps.DeleteFunc(a.said, func(k Key, _ string) bool { return under(k) })
	maps.DeleteFunc(a.begun, func(k Key, _ Unentered) bool { return under(k) })
	if value != "" {
		a.said[key] = value
		return
	}
	for k := range a.secrets {
		if strings.HasPrefix(string(k), string(key)+".") {
			delete(a.secrets, k)
			a.unseen++
		}
	}
}
