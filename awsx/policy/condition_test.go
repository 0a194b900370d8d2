package policy

import (
	"testing"

	"snapferry/awsx/text"
)

var operatorTable = []struct {
	op   string
	want []string
	have []string // nil is absent
	is   truth
}{
	{"StringEquals", []string{"a", "b"}, []string{"b"}, yes},
	{"StringEquals", []string{"a*"}, []string{"ab"}, no},
	{"StringEquals", []string{"a*"}, []string{"a*"}, yes},
	{"stringequals", []string{"a"}, []string{"a"}, yes},
	{"StringNotEquals", []string{"a", "b"}, []string{"b"}, no},
	{"StringNotEquals", []string{"a", "b"}, nil, yes},
	{"StringNotEqualsIfExists", []string{"a"}, nil, yes},
	{"StringNotEqualsIgnoreCase", []string{"ÄB"}, []string{"äb"}, no},
	{"StringLike", []string{"a?c*"}, []string{"abcd"}, yes},
	{"StringLike", []string{"a?c"}, []string{"ac"}, no},
	{"StringEquals", []string{"a"}, []string{"a", "b"}, unsure},
	{"StringEquals", []string{"a", "b"}, []string{"a", "b"}, yes},
	{"StringEquals", []string{"c"}, []string{"a", "b"}, no},
	{"ForAllValues:StringEquals", []string{"a"}, []string{""}, yes},
	{"ForAnyValue:StringEquals", []string{""}, []string{""}, no},
	{"ForAllValues:StringNotLike", []string{"a*", "b*"}, []string{"c", "bb"}, no},
	{"ForAnyValue:StringNotLike", []string{"a*"}, nil, no},
	{"ForAnyValue:StringLikeIfExists", []string{"a*"}, nil, yes},
	{"ArnEquals", []string{"arn:aws:s3:::b*"}, []string{"arn:aws:s3:::bucket"}, yes},
	{"ArnLike", []string{"arn:aws:*:111122223333:x"}, []string{"arn:aws:es:eu:111122223333:x"}, unsure},
	{"ArnLike", []string{"*"}, []string{"arn:aws:s3:::bucket"}, unsure},
	{"ArnLike", []string{"arn:aws:es:*:1:domain/x"}, []string{"arn:aws:es:eu-west-1:1:domain/x"}, yes},
	{"ArnNotLike", []string{"arn:aws:es:*:1:domain/x"}, []string{"arn:aws:es:eu-west-1:2:domain/x"}, yes},
	{"ArnNotEquals", []string{"arn:aws:iam::1:user/${aws:username}*"}, []string{"arn:aws:iam::1:user/ann2"}, no},
	{"ArnLike", []string{"arn:aws:s3:::b"}, []string{"b"}, no},
	{"Bool", []string{"TRUE"}, []string{"true"}, yes},
	{"Bool", []string{"false"}, nil, no},
	{"BinaryEquals", []string{"QQ=="}, []string{"QQ=="}, yes},
	{"BinaryEquals", []string{"QQ=="}, []string{"Qg=="}, no},
	{"BinaryEquals", []string{"%"}, []string{"Qg=="}, unsure},
	{"IpAddress", []string{"10.0.0.0/8"}, []string{"10.1.2.3"}, yes},
	{"IpAddress", []string{"10.0.0.0/8"}, []string{"::ffff:10.1.2.3"}, yes},
	{"IpAddress", []string{"10.0.0.0/8", "10.9.9.9"}, []string{"11.1.2.3"}, no},
	{"NotIpAddress", []string{"2001:db8::/32"}, []string{"2001:db8::1"}, no},
	{"IpAddress", []string{"ten"}, []string{"10.1.2.3"}, unsure},
	{"IpAddress", []string{"10.0.0.0/8"}, []string{"ten"}, unsure},
	{"NumericEquals", []string{"1.0"}, []string{"1"}, yes},
	{"NumericLessThan", []string{"10"}, []string{"9"}, yes},
	{"NumericLessThan", []string{"10"}, []string{"10"}, no},
	{"NumericLessThanEquals", []string{"10"}, []string{"10"}, yes},
	{"NumericGreaterThan", []string{"10"}, []string{"10"}, no},
	{"NumericGreaterThanEquals", []string{"10"}, []string{"11"}, yes},
	{"NumericEquals", []string{"x"}, []string{"1"}, unsure},
	{"NumericEquals", []string{"1"}, []string{"NaN"}, unsure},
	{"DateEquals", []string{"2026-11-22T00:00:00Z"}, []string{"2026-11-22T01:00:00+01:00"}, yes},
	{"DateLessThan", []string{"2026-11"}, []string{"2026-10-31T23:59:59.9Z"}, yes},
	{"DateLessThan", []string{"1793491200"}, []string{"2026-10-31T23:59Z"}, yes},
	{"DateGreaterThan", []string{"2026-11-22"}, []string{"2026-11-22T00:00:00Z"}, no},
	{"DateGreaterThanEquals", []string{"2026-11-22"}, []string{"2026-11-22T00:00:00Z"}, yes},
	{"DateNotEquals", []string{"2026-11-22"}, []string{"2026-11-23"}, yes},
	{"DateLessThan", []string{"tomorrow"}, []string{"2026-11-23"}, unsure},
	{"Null", []string{"true"}, nil, yes},
	{"Null", []string{"false"}, nil, no},
	{"Null", []string{"true"}, []string{"x"}, no},
	{"Null", []string{"maybe"}, []string{"x"}, unsure},
	{"NullIfExists", []string{"true"}, nil, unsure},
	{"ForAnyValue:Null", []string{"true"}, nil, unsure},
	{"StringSoundsLike", []string{"x"}, nil, unsure},
	{"StringLike", []string{"${aws:username}-*"}, []string{"ann-1"}, yes},
	{"StringNotLike", []string{"${aws:nobody}"}, []string{"x"}, no},
	{"StringEquals", []string{"${aws:nobody}", "x"}, []string{"x"}, yes},
	{"StringEquals", []string{"${aws:doubt}"}, []string{"x"}, unsure},
	{"StringEquals", []string{"a-${aws:doubt}"}, []string{"x"}, no},
	{"StringNotEquals", []string{"a-${aws:doubt}"}, []string{"x"}, yes},
	{"NumericEquals", []string{"${aws:username}"}, []string{"1"}, unsure},
}

func TestConditionOperators(t *testing.T) {
	for _, c := range operatorTable {
		ctx := map[string][]string{}
		if c.have != nil {
			ctx["svc:Key"] = c.have
		}
		a := newAsked(Request{Who: Who{Account: "1", ARN: "arn:aws:iam::1:user/ann"}, Context: ctx, ContextUnknown: []string{"aws:doubt", "svc:other"}})
		a.variables = true
		got, _ := a.condition(c.op, "SVC:key", c.want)
		if got != c.is {
			t.Errorf("%s %v of %v is %v, want %v", c.op, c.want, c.have, got, c.is)
		}
		if got, _ := a.condition(c.op, "svc:other", c.want); got != unsure {
			t.Errorf("%s on an unknown key is %v", c.op, got)
		}
	}
}

func TestAllConditionsMustHold(t *testing.T) {
	a := newAsked(Request{Context: map[string][]string{"k:a": {"1"}, "k:b": {"2"}}, ContextUnknown: []string{"k:c"}})
	for _, c := range []struct {
		in     Conditions
		is     truth
		detail string
	}{
		{nil, yes, ""},
		{Conditions{"StringEquals": {"k:a": {"1"}, "k:b": {"2"}}}, yes, ""},
		{Conditions{"StringEquals": {"k:a": {"1"}, "k:b": {"3"}}}, no, "StringEquals wants k:b 3, and the request has 2"},
		{Conditions{"StringEquals": {"k:a": {"1"}, "k:c": {"3"}}}, unsure, "StringEquals wants k:c 3, and its value is not known here"},
		{Conditions{"StringEquals": {"k:c": {"1"}}, "StringLike": {"k:b": {"x"}}}, no, "StringLike wants k:b x, and the request has 2"},
	} {
		l := look{result: yes}
		a.conditions(c.in, func(key string, t truth, detail text.Text) { l.at(ElementCondition, t, key, detail) })
		if l.result != c.is || l.reason.Detail.String() != c.detail || l.reason.Misses > 1 {
			t.Errorf("%v: %v, %+v", c.in, l.result, l.reason)
		}
	}
}
