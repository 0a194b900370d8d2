package awsid

import (
	"fmt"
	"strconv"
	"strings"

	"snapferry/awsx/text"
)

// Family is one of the two engines the service runs.
type Family string

// The engines.
const (
	Elasticsearch Family = "Elasticsearch"
	OpenSearch    Family = "OpenSearch"
)

// EngineVersion is an engine and its version, e.g. OpenSearch 2.19.4. Patch is 0
// where the source (the control plane) does not tell it.
type EngineVersion struct {
	Family Family
	Major  int
	Minor  int
	Patch  int
}

// ParseEngineVersion reads "OpenSearch_2.11", "Elasticsearch_7.10",
// "OpenSearch 2.19.4" and a bare "7.10.2", which is Elasticsearch from 5 to 7
// by the older control plane's habit.
func ParseEngineVersion(s string) (EngineVersion, error) {
	t := strings.TrimSpace(s)
	family, number, ok := strings.Cut(strings.ReplaceAll(t, " ", "_"), "_")
	if !ok {
		family, number = string(Elasticsearch), t
	}
	v := EngineVersion{Family: Family(family)}
	parts := strings.Split(number, ".")
	if (v.Family != Elasticsearch && v.Family != OpenSearch) || len(parts) < 2 || len(parts) > 3 {
		return EngineVersion{}, refuse("engine version", s, text.New("%q is not an engine version", s), text.New("It looks like OpenSearch_2.11 or Elasticsearch_7.10"))
	}
	for i, dst := range []*int{&v.Major, &v.Minor, &v.Patch}[:len(parts)] {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 {
			return EngineVersion{}, refuse("engine version", s, text.New("%q is not an engine version", s), text.New("It looks like OpenSearch_2.11 or Elasticsearch_7.10"))
		}
		*dst = n
	}
	return v, nil
}

// IsZero says that no version is known.
func (v EngineVersion) IsZero() bool { return v == EngineVersion{} }

// Number is "2.19.4".
func (v EngineVersion) Number() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

func (v EngineVersion) String() string {
	if v.IsZero() {
		return ""
	}
	return string(v.Family) + " " + v.Number()
}

// Compare orders versions of one line of descent: OpenSearch 1.0 follows
// Elasticsearch 7.10, from which it was forked.
func (v EngineVersion) Compare(o EngineVersion) int {
	a := [3]int{v.epoch(), v.Minor, v.Patch}
	b := [3]int{o.epoch(), o.Minor, o.Patch}
	for i := range a {
		if a[i] != b[i] {
			if a[i] < b[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// epoch puts both families on one line of majors: 5, 6, 7, then OpenSearch 1
// (8), 2 (9), 3 (10).
func (v EngineVersion) epoch() int {
	if v.Family == OpenSearch {
		return 7 + v.Major
	}
	return v.Major
}

// MarshalText and UnmarshalText keep a version in JSON as its string.
func (v EngineVersion) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (v *EngineVersion) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*v = EngineVersion{}
		return nil
	}
	p, err := ParseEngineVersion(string(b))
	if err != nil {
		return err
	}
	*v = p
	return nil
}
