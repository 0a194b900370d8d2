package ask

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/steps/spec"
)

// Answers is everything that was answered so far, also what does not apply any
// more: whoever goes back and chooses otherwise finds the rest as it was typed.
// It is not for concurrent use; Clone what another goroutine reads.
type Answers struct {
	// said holds the raw texts; a key with "" was left blank on purpose.
	said    map[Key]string
	secrets map[Key]awsid.Secret
	unseen  int
	// begun are texts that were typed and are no answers, or not yet.
	begun map[Key]Unentered
	// presets are what goals begin with, "" those that have nothing of their own. They
	// are never changed.
	presets map[string]map[Key]string
	// asides are what was answered for shapes that do not hold now; a map is replaced,
	// never changed.
	asides map[string]aside
	today  time.Time
}

// New begins with the answers of a draft, as a file or the sandbox has them.
// today is the day the run began (see spec.Draft.Build).
func New(d *spec.Draft, today time.Time) *Answers {
	a := &Answers{said: map[Key]string{}, secrets: map[Key]awsid.Secret{}, begun: map[Key]Unentered{}, today: today}
	for _, k := range d.Keys() {
		a.said[k] = d.Get(k)
	}
	// A file may name a profile or a user alone, which says the base too.
	for _, k := range d.Keys() {
		for field, base := range map[string]string{".profile": baseProfile, ".user": basePassword} {
			if slot, ok := strings.CutSuffix(string(k), field); ok && a.said[Key(slot+".base")] == "" {
				a.said[Key(slot+".base")] = base
			}
		}
	}
	return a
}

// Clone gives an independent copy.
func (a *Answers) Clone() *Answers {
	return &Answers{said: maps.Clone(a.said), secrets: maps.Clone(a.secrets), begun: maps.Clone(a.begun), presets: a.presets, asides: a.asides, unseen: a.unseen, today: a.today}
}

// Get is an answer as it was typed, "" where there is none; secrets are not got
// this way.
func (a *Answers) Get(key Key) string {
	if strings.HasSuffix(string(key), tagsSuffix) {
		return a.tags(key)
	}
	return a.said[key]
}

// Secret is what was typed unseen for a key.
func (a *Answers) Secret(key Key) awsid.Secret { return a.secrets[key] }

// Unseen counts what was typed unseen: another number means other secrets.
func (a *Answers) Unseen() int { return a.unseen }

// Answered says that a question was answered, be it by leaving it blank.
func (a *Answers) Answered(key Key) bool {
	_, said := a.said[key]
	return said || a.Get(key) != ""
}

// put notes a raw answer that was judged before. Of a secret only that it was
// asked for is noted with the rest, and blanks around it may be part of it.
func (a *Answers) put(q Question, raw string) {
	delete(a.begun, q.Key)
	switch {
	case q.Key == Goal || q.Key == "shape":
		a.turn(q.Key, strings.TrimSpace(raw))
	case q.Kind == Secret:
		a.secrets[q.Key], a.said[q.Key] = awsid.NewSecret(raw), ""
		a.unseen++
	case strings.HasSuffix(string(q.Key), tagsSuffix):
		a.putTags(q.Key, strings.TrimSpace(raw))
	default:
		a.said[q.Key] = strings.TrimSpace(raw)
		a.unlink(q.Key)
	}
}

// linkRole is the key of the role of one link of a chain.
var linkRole = regexp.MustCompile(`^(.+\.chain\.)(\d+)\.role$`)

// unlink ends a chain at the link whose role was just left blank.
func (a *Answers) unlink(key Key) {
	m := linkRole.FindStringSubmatch(string(key))
	if m == nil || a.said[key] != "" {
		return
	}
	first, _ := strconv.Atoi(m[2])
	maps.DeleteFunc(a.said, func(k Key, _ string) bool {
		number, _, _ := strings.Cut(strings.TrimPrefix(string(k), m[1]), ".")
		n, err := strconv.Atoi(number)
		return strings.HasPrefix(string(k), m[1]) && err == nil && n >= first && k != key
	})
}

// tagsSuffix ends the key of a question whose answers are one key a tag.
const tagsSuffix = ".tags"

// tags shows the tags below key as they are typed: name=value, name=value.
func (a *Answers) tags(key Key) string {
	var list []string
	for k, v := range a.said {
		if name, ok := strings.CutPrefix(string(k), string(key)+"."); ok {
			list = append(list, name+"="+v)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// putTags takes the place of all tags below key, unless nothing was changed: a
// tag of a file may hold what cannot be typed here.
func (a *Answers) putTags(key Key, raw string) {
	if raw == a.tags(key) {
		return
	}
	maps.DeleteFunc(a.said, func(k Key, _ string) bool { return strings.HasPrefix(string(k), string(key)+".") })
	for _, tag := range strings.Split(raw, ",") {
		if name, value, _ := strings.Cut(strings.TrimSpace(tag), "="); name != "" {
			a.said[key+Key("."+strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
}

// Draft is what the answers say, of the questions that apply.
func (a *Answers) Draft() *spec.Draft { return a.walk().draft }

// Pages are the pages that apply, with the questions that apply, in order.
func (a *Answers) Pages() []Page { return a.walk().pages }

// Find gives a question that applies and the number of its page.
func (a *Answers) Find(key Key) (q Question, page int, ok bool) {
	for i, p := range a.Pages() {
		if n := slices.IndexFunc(p.Questions, func(q Question) bool { return q.Key == key }); n >= 0 {
			return p.Questions[n], i, true
		}
	}
	return Question{}, 0, false
}
