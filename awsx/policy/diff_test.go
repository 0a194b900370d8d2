package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// show writes a diff as people know it.
func show(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(map[LineKind]string{LineContext: " ", LineAdd: "+", LineRemove: "-"}[l.Kind] + l.Text + "\n")
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	before := mustParse(t, document(`{"Sid":"Theirs","Effect":"Deny","Principal":"*","Action":"s3:*"}`, `{"Sid":"Old","Effect":"Allow","Action":"a:b"}`, `{"Sid":"Ours","Effect":"Allow","Action":["a:b","a:c"]}`))
	after := mustParse(t, `{"Version":"2012-10-17","Id":"new","Statement":[
	  {"Sid":"Ours","Effect":"Allow","Action":["a:b","a:d"]},
	  {"Effect":"Deny","Action":["S3:*"],"Principal":{"AWS":"*"},"Sid":"Theirs"},
	  {"Sid":"More","Effect":"Allow","Action":"x:y"}]}`)
	want := ` {
   "Version": "2012-10-17",
+  "Id": "new",
   "Statement": [
     {
       "Sid": "Theirs",
       "Effect": "Deny",
       "Principal": "*",
       "Action": "s3:*"
     }
-    {
-      "Sid": "Old",
-      "Effect": "Allow",
-      "Action": "a:b"
-    }
     {
       "Sid": "Ours",
       "Effect": "Allow",
       "Action": [
         "a:b",
-        "a:c"
+        "a:d"
       ]
     }
+    {
+      "Sid": "More",
+      "Effect": "Allow",
+      "Action": "x:y"
+    }
   ]
 }
`
	if d := cmp.Diff(want, show(Diff(before, after))); d != "" {
		t.Error(d)
	}
}

func TestDiffOfNothing(t *testing.T) {
	d := mustParse(t, document(theirs))
	same := mustParse(t, d.Canonical())
	if got := Diff(d, same); got != nil {
		t.Errorf("the same meaning differs: %s", show(got))
	}
	bare := mustParse(t, `{"Statement":`+theirs+`}`)
	if got := show(Diff(bare, bare.Merge(list("x")).Without("Theirs"))); !strings.HasPrefix(got, " {\n   \"Statement\": [\n-    {\n") {
		t.Errorf("a document without a version: %s", got)
	}
	if got := show(Diff(Document{}, d)); strings.Count(got, "\n") != strings.Count(d.Pretty(), "\n")+1 || strings.Contains(got, "\n-") || strings.Contains(got, "\n ") {
		t.Errorf("a new document is all new: %s", got)
	}
	if got := show(Diff(d, Document{})); strings.Contains(got, "+") {
		t.Errorf("a deleted document is all gone: %s", got)
	}
	if DiffJSON("", "") != nil || DiffJSON(`{"a":1}`, `{ "a" : 1 }`) != nil {
		t.Error("layout is no difference")
	}
}

func TestDiffJSON(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{`{"a":1,"b":2}`, `{"a":1,"b":3}`, " {\n   \"a\": 1,\n-  \"b\": 2\n+  \"b\": 3\n }\n"},
		{`{"a":[1]}`, `{"a":[1,2]}`, " {\n   \"a\": [\n     1,\n+    2\n   ]\n }\n"},
		{``, `{"a":1}`, "+{\n+  \"a\": 1\n+}\n"},
		{`[]`, ``, "-[]\n"},
		{"not json", "not json either", "-not json\n+not json either\n"},
		{`["a","b","c"]`, `["b","c","d"]`, " [\n-  \"a\",\n   \"b\",\n   \"c\",\n+  \"d\"\n ]\n"},
	} {
		if got := show(DiffJSON(c.before, c.after)); got != c.want {
			t.Errorf("%s → %s:\n%s\nwant\n%s", c.before, c.after, got, c.want)
		}
	}
}

// A diff read as "take out, put in" must turn one text into the other, for small
// texts and for those too large for a table.
func TestDiffLeadsFromOneToTheOther(t *testing.T) {
	var small, large [2][]string
	for i := range 3000 {
		large[0] = append(large[0], fmt.Sprint("line ", i*7%1000))
		large[1] = append(large[1], fmt.Sprint("line ", i*11%997))
	}
	small[0], small[1] = large[0][:60], large[1][:60]
	for _, pair := range [][2][]string{small, large} {
		var from, to []string
		for _, l := range lineDiff(pair[0], pair[1]) {
			if l.Kind != LineAdd {
				from = append(from, l.Text)
			}
			if l.Kind != LineRemove {
				to = append(to, l.Text)
			}
		}
		if !cmp.Equal(from, pair[0]) || !cmp.Equal(to, pair[1]) {
			t.Errorf("%d lines do not lead to %d", len(pair[0]), len(pair[1]))
		}
	}
}
