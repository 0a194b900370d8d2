package policy

import "testing"

// TestDiffCanonical: what stands there is shown as AWS shows it, so that nobody takes
// the form for comparing for a change.
func TestDiffCanonical(t *testing.T) {
	key := mustParse(t, `{"Version":"2012-10-17","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"}]}`)
	after := key.Merge(Statement{Sid: "Ours", Effect: EffectAllow, Principal: AWS("arn:aws:iam::222222222222:role/r"), Action: []string{"kms:Decrypt", "kms:DescribeKey"}, Resource: []string{"*"}, Condition: Conditions{"StringEquals": {"kms:ViaService": {"s3.eu-west-1.amazonaws.com"}}}})
	want := ` {
   "Statement": [
     {
       "Action": "kms:*",
       "Effect": "Allow",
       "Principal": {
         "AWS": "arn:aws:iam::111111111111:root"
       },
       "Resource": "*",
       "Sid": "Enable IAM User Permissions"
     },
+    {
+      "Action": [
+        "kms:decrypt",
+        "kms:describekey"
+      ],
+      "Condition": {
+        "StringEquals": {
+          "kms:viaservice": "s3.eu-west-1.amazonaws.com"
+        }
+      },
+      "Effect": "Allow",
+      "Principal": {
+        "AWS": "arn:aws:iam::222222222222:role/r"
+      },
+      "Resource": "*",
+      "Sid": "Ours"
+    }
   ],
   "Version": "2012-10-17"
 }
`
	if got := show(DiffCanonical(key.Canonical(), after.Canonical())); got != want {
		t.Errorf("%s", got)
	}
	for name, c := range map[string]struct{ before, after, want string }{
		"inside another":    {"", `{"trust":{"Statement":[{"Action":["sts:assumerole"]}]}}`, "+{\n+  \"trust\": {\n+    \"Statement\": [\n+      {\n+        \"Action\": \"sts:assumerole\"\n+      }\n+    ]\n+  }\n+}\n"},
		"no policy":         {"", `{"indices":["a"]}`, "+{\n+  \"indices\": [\n+    \"a\"\n+  ]\n+}\n"},
		"no JSON":           {"", "text", "+text\n"},
		"large numbers":     {"", `{"n":12345678901234567890}`, "+{\n+  \"n\": 12345678901234567890\n+}\n"},
		"nothing that acts": {`{"a":1}`, `{"a":1}`, ""},
	} {
		if got := show(DiffCanonical(c.before, c.after)); got != c.want {
			t.Errorf("%s:\n%s\nwants\n%s", name, got, c.want)
		}
	}
}
