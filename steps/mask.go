package steps

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Name is a value to hide and the word shown for it, e.g. SOURCE-DOMAIN.
type Name struct {
	Value string
	As    string
}

// Masker replaces account ids and names by placeholders. The same value gives
// the same placeholder for as long as the Masker lives, and a placeholder is
// left as it is, so that masking twice does no harm. The nil Masker changes
// nothing. Safe for concurrent use.
type Masker struct {
	mu    sync.Mutex
	names []Name            // longest first; replaced as a whole, never changed
	seen  map[string]string // values met that have no name of their own
	count map[string]int
}

// NewMasker hides the names given wherever they stand as whole words, letter
// case aside, and account ids, key ids, resources in ARNs, buckets in addresses
// and hosts of domains wherever they are met.
func NewMasker(names ...Name) *Masker {
	m := &Masker{seen: map[string]string{}, count: map[string]int{}}
	m.add(names)
	return m
}

// Name hides further names as NewMasker does, each by the word given.
func (m *Masker) Name(names ...Name) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(names)
}

func (m *Masker) add(names []Name) {
	all := slices.Clone(m.names)
	for _, n := range names {
		if n.Value != "" {
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, func(a, b Name) int { return cmp.Compare(len(b.Value), len(a.Value)) })
	m.names = all
}

// Hide adds names that become known later, such as those of indices: each gets
// the kind and a number. What is hidden already keeps its word.
func (m *Masker) Hide(kind string, values ...string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	known := map[string]bool{}
	for _, n := range m.names {
		known[n.Value] = true
	}
	var fresh []Name
	for _, v := range values {
		if v != "" && !known[v] {
			known[v] = true
			m.count[kind]++
			fresh = append(fresh, Name{v, fmt.Sprintf("%s-%d", kind, m.count[kind])})
		}
	}
	m.add(fresh)
}

func (m *Masker) given() []Name {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.names
}

// What is hidden without having been named. Account ids are twelve digits, or
// three groups of four as a person writes them; longer numbers are none.
var (
	arnShape     = regexp.MustCompile(`\barn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):([A-Za-z0-9-]*):([^\s"'\\<>,;()]+)`)
	hostShape    = regexp.MustCompile(`\b([A-Za-z0-9][A-Za-z0-9-]*)(\.[a-z0-9-]+\.es\.amazonaws\.com|\.aos\.[a-z0-9-]+\.on\.aws)`)
	bucketShape  = regexp.MustCompile(`\b([a-z0-9][a-z0-9.-]*[a-z0-9])(\.s3[.-][a-z0-9-]*\.?amazonaws\.com)`)
	addressShape = regexp.MustCompile(`\b(s3://)([a-z0-9][a-z0-9.-]*[a-z0-9])`)
	keyShape     = regexp.MustCompile(`\b(?:AKIA|ASIA|AROA|AIDA|ANPA|AGPA)[A-Z0-9]{12,}\b`)
	accountShape = regexp.MustCompile(`\b(?:\d{12}|\d{4}-\d{4}-\d{4})\b`)
	nameShape    = regexp.MustCompile(`[^/:]+`)
	ownWord      = regexp.MustCompile(`^(?:ACCOUNT|ENDPOINT|BUCKET|NAME|KEY-ID)-\d+$`)
)

// Mask gives s with everything hidden.
func (m *Masker) Mask(s string) string {
	if m == nil || s == "" {
		return s
	}
	// Names first: what they leave behind are placeholders that the shapes below
	// know as such, while the other way round an ARN would hide a known name
	// behind a number.
	s = m.named(s)
	s = arnShape.ReplaceAllStringFunc(s, m.arn)
	s = replaceGroup(hostShape, s, 1, func(h string) string { return m.alias("ENDPOINT", h) })
	s = replaceGroup(bucketShape, s, 1, func(b string) string { return m.alias("BUCKET", b) })
	s = replaceGroup(addressShape, s, 2, func(b string) string { return m.alias("BUCKET", b) })
	s = keyShape.ReplaceAllStringFunc(s, func(k string) string { return m.alias("KEY-ID", k) })
	return accountShape.ReplaceAllStringFunc(s, m.account)
}

// named replaces the names that were given, where they stand as whole words.
func (m *Masker) named(s string) string {
	for _, n := range m.given() {
		s = replaceWord(s, n)
	}
	return s
}

func replaceWord(s string, n Name) string {
	low, word := strings.ToLower(s), strings.ToLower(n.Value)
	if len(low) != len(s) || !strings.Contains(low, word) {
		// Letters whose lower case has another length are in no AWS name.
		return strings.ReplaceAll(s, n.Value, n.As)
	}
	var out strings.Builder
	for at := 0; ; {
		i := strings.Index(low[at:], word)
		if i < 0 {
			out.WriteString(s[at:])
			return out.String()
		}
		begin, end := at+i, at+i+len(word)
		out.WriteString(s[at:begin])
		if inWord(s, begin-1) || inWord(s, end) {
			out.WriteString(s[begin:end])
		} else {
			out.WriteString(n.As)
		}
		at = end
	}
}

// inWord says that the byte at i is a letter or digit, of any script.
func inWord(s string, i int) bool {
	if i < 0 || i >= len(s) {
		return false
	}
	c := s[i]
	return c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// account gives known accounts their word also where they are written in groups.
func (m *Masker) account(id string) string {
	digits := strings.ReplaceAll(id, "-", "")
	for _, n := range m.given() {
		if n.Value == digits {
			return n.As
		}
	}
	return m.alias("ACCOUNT", digits)
}

// arn keeps the kind of thing and hides whose and which it is.
func (m *Masker) arn(s string) string {
	parts := strings.SplitN(s, ":", 6)
	if parts[4] == "aws" { // AWS's own policies are nobody's secret
		return s
	}
	parts[4] = accountShape.ReplaceAllStringFunc(parts[4], m.account)
	end := strings.IndexAny(parts[5], "/:")
	switch {
	case parts[2] == "s3" && end >= 0:
		parts[5] = m.alias("BUCKET", parts[5][:end]) + parts[5][end:]
	case parts[2] == "s3":
		parts[5] = m.alias("BUCKET", parts[5])
	case end >= 0:
		parts[5] = parts[5][:end] + nameShape.ReplaceAllStringFunc(parts[5][end:], func(n string) string { return m.alias("NAME", n) })
	}
	return strings.Join(parts, ":")
}

// alias gives a value its placeholder; wildcards, variables and placeholders are
// no names.
func (m *Masker) alias(kind, value string) string {
	given := func(n Name) bool { return n.As == value }
	if value == "" || strings.ContainsAny(value, "*?$") || ownWord.MatchString(value) || slices.ContainsFunc(m.given(), given) {
		return value
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := kind + " " + value
	if _, ok := m.seen[key]; !ok {
		m.count[kind]++
		m.seen[key] = fmt.Sprintf("%s-%d", kind, m.count[kind])
	}
	return m.seen[key]
}

// replaceGroup puts one group of each hit through with and keeps the others;
// the shapes used with it are made of groups only.
func replaceGroup(shape *regexp.Regexp, s string, group int, with func(string) string) string {
	return shape.ReplaceAllStringFunc(s, func(hit string) string {
		parts := shape.FindStringSubmatch(hit)
		parts[group] = with(parts[group])
		return strings.Join(parts[1:], "")
	})
}
