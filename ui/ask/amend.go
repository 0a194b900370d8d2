package ask

import "strings"

// Amend answers in the person's place, by the key of the answers file: value takes the
// place of what the key says, and "" that of all below it too, which is asked anew then.
// It judges nothing; Errors does.
func (a *Answers) Amend(key Key, value string) {
	for _, texts := range []map[Key]string{a.said, a.begun} {
		for k := range texts {
			if k == key || value == "" && strings.HasPrefix(string(k), string(key)+".") {
				delete(texts, k)
			}
		}
	}
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
