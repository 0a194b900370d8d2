package policy

import "testing"

func TestMark(t *testing.T) {
	a, b := Mark("arn:aws:iam::111111111111:role/a"), Mark("arn:aws:iam::111111111111:role/b")
	if a == b || len(a) != 8 || a != Mark("arn:aws:iam::111111111111:role/a") {
		t.Errorf("%q and %q", a, b)
	}
	if Mark("x", "y") == Mark("xy") || Mark("") != "" || Mark() != "" || Mark("", " ") != "" {
		t.Error("subjects run into each other, or nothing has a mark")
	}
}
