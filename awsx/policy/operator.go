package policy

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// operator is a condition operator taken apart.
type operator struct {
	comparison
	// name is in small letters, without prefix and suffix.
	name     string
	known    bool
	ifExists bool
	set      string
}

// comparison is what an operator does with one value of the policy and one of
// the request. Negated operators are the denial of their positive form.
type comparison struct {
	negated   bool
	variables bool
	wildcards bool
	match     func(p pattern, value string) truth
}

// pattern is one value of the policy; glob only where variables are permitted.
type pattern struct {
	text  string
	glob  glob
	known truth
}

// The set operators, in small letters with their colon.
const (
	forAll = "forallvalues:"
	forAny = "foranyvalue:"
)

// comparisons by name; AWS's documents write them with capitals, but letter case
// is not told to matter. Null is not here: it looks at presence alone.
var comparisons = map[string]comparison{
	"stringequals":              {variables: true, match: sameText},
	"stringnotequals":           {variables: true, match: sameText, negated: true},
	"stringequalsignorecase":    {variables: true, match: sameFolded},
	"stringnotequalsignorecase": {variables: true, match: sameFolded, negated: true},
	"stringlike":                {variables: true, wildcards: true, match: sameText},
	"stringnotlike":             {variables: true, wildcards: true, match: sameText, negated: true},
	"arnequals":                 {variables: true, wildcards: true, match: sameARN},
	"arnlike":                   {variables: true, wildcards: true, match: sameARN},
	"arnnotequals":              {variables: true, wildcards: true, match: sameARN, negated: true},
	"arnnotlike":                {variables: true, wildcards: true, match: sameARN, negated: true},
	"bool":                      {variables: true, match: sameFolded},
	"binaryequals":              {match: sameBytes},
	"ipaddress":                 {match: inNetwork},
	"notipaddress":              {match: inNetwork, negated: true},
	"numericequals":             {match: number(0)},
	"numericnotequals":          {match: number(0), negated: true},
	"numericlessthan":           {match: number(-1)},
	"numericlessthanequals":     {match: number(-1, 0)},
	"numericgreaterthan":        {match: number(1)},
	"numericgreaterthanequals":  {match: number(1, 0)},
	"dateequals":                {match: date(0)},
	"datenotequals":             {match: date(0), negated: true},
	"datelessthan":              {match: date(-1)},
	"datelessthanequals":        {match: date(-1, 0)},
	"dategreaterthan":           {match: date(1)},
	"dategreaterthanequals":     {match: date(1, 0)},
}

func parseOperator(s string) operator {
	o := operator{name: strings.ToLower(s)}
	for _, set := range []string{forAll, forAny} {
		if rest, ok := strings.CutPrefix(o.name, set); ok {
			o.name, o.set = rest, set
		}
	}
	if o.name == "null" {
		o.known = o.set == ""
		return o
	}
	o.name, o.ifExists = strings.CutSuffix(o.name, "ifexists")
	o.comparison, o.known = comparisons[o.name]
	return o
}

func sameText(p pattern, v string) truth { return truthOf(p.glob.match(v)) }

func sameFolded(p pattern, v string) truth {
	folded := make(glob, len(p.glob))
	for i, r := range p.glob {
		folded[i] = r
		if r >= 0 {
			folded[i] = []rune(strings.ToLower(string(r)))[0]
		}
	}
	return truthOf(folded.match(strings.ToLower(v)))
}

// sameARN compares part by part. A pattern of fewer parts that would match as a
// plain string ("*") is a case AWS does not describe.
func sameARN(p pattern, v string) truth {
	switch {
	case p.glob.matchParts(v, nil):
		return yes
	case len(p.glob.parts()) < 6 && p.glob.match(v):
		return unsure
	}
	return no
}

func sameBytes(p pattern, v string) truth {
	a, errA := base64.StdEncoding.DecodeString(p.text)
	b, errB := base64.StdEncoding.DecodeString(v)
	if errA != nil || errB != nil {
		return unsure
	}
	return truthOf(bytes.Equal(a, b))
}

// inNetwork takes an address or a CIDR block; an address alone is a block of its own.
func inNetwork(p pattern, v string) truth {
	block, err := netip.ParsePrefix(p.text)
	if err != nil {
		single, err := netip.ParseAddr(p.text)
		if err != nil {
			return unsure
		}
		block = netip.PrefixFrom(single, single.BitLen())
	}
	addr, err := netip.ParseAddr(v)
	if err != nil {
		return unsure
	}
	return truthOf(block.Contains(addr.Unmap()))
}

// number compares the request's value with the policy's; signs lists the results
// of the comparison that match. What is not a number is not told.
func number(signs ...int) func(pattern, string) truth {
	return func(p pattern, v string) truth {
		want, errW := strconv.ParseFloat(p.text, 64)
		have, errH := strconv.ParseFloat(v, 64)
		if errW != nil || errH != nil || want != want || have != have {
			return unsure
		}
		return oneOf(cmp.Compare(have, want), signs)
	}
}

// date is number for times: ISO 8601 as the W3C profile has it, or seconds since
// the epoch.
func date(signs ...int) func(pattern, string) truth {
	return func(p pattern, v string) truth {
		want, okW := parseTime(p.text)
		have, okH := parseTime(v)
		if !okW || !okH {
			return unsure
		}
		return oneOf(have.Compare(want), signs)
	}
}

func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	seconds, err := strconv.ParseInt(s, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

func oneOf(sign int, signs []int) truth {
	for _, s := range signs {
		if s == sign {
			return yes
		}
	}
	return no
}
