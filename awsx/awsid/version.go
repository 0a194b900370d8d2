package awsid

import (
	"cmp"
	"fmt"
	"regexp"
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

// EngineVersion is an engine and its version, e.g. OpenSearch 2.19.4 as a node tells
// it. Patch is NoPatch where it is not told: the control plane says OpenSearch_2.19.
type EngineVersion struct {
	Family Family
	Major  int
	Minor  int
	Patch  int
}

// NoPatch is a patch level that nobody told.
const NoPatch = -1

var versionShape = regexp.MustCompile(`^(?:(Elasticsearch|OpenSearch)[_ ])?([0-9]{1,3})\.([0-9]{1,3})(?:\.([0-9]{1,3}))?$`)

// ParseEngineVersion reads "OpenSearch_2.11", "Elasticsearch_7.10",
// "OpenSearch 2.19.4" and a bare "7.10.2", which is Elasticsearch from 5 to 7
// by the older control plane's habit. A bare 1, 2 or 3 may be either and is
// refused.
func ParseEngineVersion(s string) (EngineVersion, error) {
	m := versionShape.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return EngineVersion{}, refuse("engine version", s, text.New("%q is not an engine version", s),
			text.New("It looks like OpenSearch_2.11 or Elasticsearch_7.10"))
	}
	v := EngineVersion{Family: Family(m[1])}
	for i, dst := range []*int{&v.Major, &v.Minor, &v.Patch} {
		*dst, _ = strconv.Atoi(m[i+2]) // digits by the shape above, or nothing
	}
	if m[4] == "" {
		v.Patch = NoPatch
	}
	if v.Family == "" {
		if v.Major < 5 || v.Major > 7 {
			return EngineVersion{}, refuse("engine version", s, text.New("%q does not say of which engine", s),
				text.New("Write Elasticsearch or OpenSearch before it, for example OpenSearch_2.11"))
		}
		v.Family = Elasticsearch
	}
	return v, nil
}

// IsZero says that no version is known.
func (v EngineVersion) IsZero() bool { return v == EngineVersion{} }

// Number is "2.19.4", and "2.19" where no more was told.
func (v EngineVersion) Number() string {
	if v.Patch == NoPatch {
		return fmt.Sprintf("%d.%d", v.Major, v.Minor)
	}
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
}

func (v EngineVersion) String() string {
	if v.IsZero() {
		return ""
	}
	return string(v.Family) + " " + v.Number()
}

// Compare orders versions of one line of descent: OpenSearch 1.0 follows
// Elasticsearch 7.10, from which it was forked.
func (v EngineVersion) Compare(o EngineVersion) int {
	return cmp.Or(cmp.Compare(v.epoch(), o.epoch()), cmp.Compare(v.Minor, o.Minor), cmp.Compare(max(0, v.Patch), max(0, o.Patch)))
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
