package wire_test

import (
	"errors"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/wire"
)

func indices() wire.Table {
	return wire.Table{
		Columns: []wire.Column{wire.Col("health", "h"), wire.Col("index", "i"), wire.Num("docs", "dc"), wire.Num("store.size", "ss"), wire.Hidden(wire.Num("time", "t")), wire.Hidden(wire.Col("store.note"))},
		Rows: [][]any{
			{"green", "logs-b", 2, wire.Bytes(1 << 20), wire.Duration(1500), "x"},
			{"yellow", "a", int64(10), wire.Bytes(2048), wire.Duration(20), nil},
			{"red", "größe", nil, nil, wire.Duration(60000), "y"},
		},
	}
}

func TestTableText(t *testing.T) {
	for name, tc := range map[string]struct {
		look wire.Look
		want []string
	}{
		"default columns, no header":    {wire.Look{}, []string{"green  logs-b  2 1mb", "yellow a      10 2kb", "red    größe        "}},
		"header":                        {wire.Look{Headers: true, Columns: "index,docs"}, []string{"index  docs", "logs-b    2", "a        10", "größe      "}},
		"asked by short names":          {wire.Look{Headers: true, Columns: "dc,i"}, []string{"dc i", " 2 logs-b", "10 a", "   größe"}},
		"hidden ones by name":           {wire.Look{Columns: "index,time"}, []string{"logs-b 1.5s", "a      20ms", "größe    1m"}},
		"by pattern":                    {wire.Look{Headers: true, Columns: "store.*"}, []string{"store.size store.note", "       1mb x", "       2kb ", "           y"}},
		"twice is once":                 {wire.Look{Columns: "i,index,i"}, []string{"logs-b", "a", "größe"}},
		"nobody's column":               {wire.Look{Columns: "index,nothing"}, []string{"logs-b", "a", "größe"}},
		"sorted by text":                {wire.Look{Columns: "i", Sort: "index"}, []string{"a", "größe", "logs-b"}},
		"sorted by number":              {wire.Look{Columns: "i", Sort: "ss:desc"}, []string{"logs-b", "a", "größe"}},
		"a missing number is the least": {wire.Look{Columns: "i", Sort: "dc"}, []string{"größe", "logs-b", "a"}},
		"sorted by two":                 {wire.Look{Columns: "h,i", Sort: "health:desc,i"}, []string{"yellow a", "red    größe", "green  logs-b"}},
		"bytes in a unit":               {wire.Look{Columns: "ss", Bytes: "kb"}, []string{"1024", "   2", "    "}},
		"time in a unit":                {wire.Look{Columns: "t", Time: "ms"}, []string{" 1500", "   20", "60000"}},
		"time in seconds":               {wire.Look{Columns: "t", Time: "s"}, []string{" 1", " 0", "60"}},
		"time in minutes":               {wire.Look{Columns: "t", Time: "m"}, []string{"0", "0", "1"}},
		"help":                          {wire.Look{Help: true}, []string{"health     | h  | ", "index      | i  | ", "docs       | dc | ", "store.size | ss | ", "time       | t  | ", "store.note |    | "}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := indices().Text(tc.look)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Join(tc.want, "\n") + "\n"; got != want {
				t.Errorf("got\n%q\nwant\n%q", got, want)
			}
		})
	}
}

func TestTableJSON(t *testing.T) {
	for name, tc := range map[string]struct {
		look wire.Look
		want string
	}{
		"values are strings or null": {wire.Look{}, `[{"health":"green","index":"logs-b","docs":"2","store.size":"1mb"},{"health":"yellow","index":"a","docs":"10","store.size":"2kb"},{"health":"red","index":"größe","docs":null,"store.size":null}]`},
		"under the name asked for":   {wire.Look{Columns: "i,ss", Bytes: "b", Sort: "i"}, `[{"i":"a","ss":"2048"},{"i":"größe","ss":null},{"i":"logs-b","ss":"1048576"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := indices().JSON(tc.look)
			if err != nil {
				t.Fatal(err)
			}
			if s := body(t, got); s != tc.want {
				t.Errorf("got  %s\nwant %s", s, tc.want)
			}
		})
	}
	empty, err := wire.Table{Columns: []wire.Column{wire.Col("a")}}.JSON(wire.Look{})
	if err != nil || body(t, empty) != "[]" {
		t.Errorf("no rows: %v %v", empty, err)
	}
}

func TestUnknownSortKey(t *testing.T) {
	for _, render := range []func(wire.Look) error{
		func(l wire.Look) error { _, err := indices().Text(l); return err },
		func(l wire.Look) error { _, err := indices().JSON(l); return err },
	} {
		err := render(wire.Look{Sort: "nope"})
		var e *wire.Error
		if !errors.As(err, &e) || e.Status != 500 || !strings.Contains(e.Reason, "`nope`") {
			t.Errorf("got %v", err)
		}
	}
	if !strings.HasSuffix(must(indices().Text(wire.Look{Columns: "h"})), "red\n") {
		t.Error("rows were reordered without a sort")
	}
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}
