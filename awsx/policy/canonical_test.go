package policy

import (
	"testing"
)

// inDocument wraps the elements of one statement.
func inDocument(elements string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + elements + `}]}`
}

func TestSameMeaningIsEqual(t *testing.T) {
	for name, pair := range map[string][2]string{
		"string and list":         {inDocument(`"Action":"a:b","Resource":"*"`), inDocument(`"Action":["a:b"],"Resource":["*"]`)},
		"order in lists":          {inDocument(`"Action":["a:b","a:c"],"Resource":["x","y"]`), inDocument(`"Action":["a:c","a:b"],"Resource":["y","x"]`)},
		"repeated values":         {inDocument(`"Action":["a:b","a:b"],"Resource":["x","x"]`), inDocument(`"Action":"a:b","Resource":"x"`)},
		"letter case of actions":  {inDocument(`"Action":["S3:getobject","s3:GetObject"]`), inDocument(`"Action":"s3:GetObject"`)},
		"letter case, not action": {inDocument(`"NotAction":"S3:getobject"`), inDocument(`"NotAction":"s3:GetObject"`)},
		"everybody":               {inDocument(`"Principal":"*","Action":"a:b"`), inDocument(`"Principal":{"AWS":"*"},"Action":"a:b"`)},
		"everybody as a list":     {inDocument(`"NotPrincipal":"*","Action":"a:b"`), inDocument(`"NotPrincipal":{"AWS":["*"]},"Action":"a:b"`)},
		"account and root": {
			inDocument(`"Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:root"]},"Action":"a:b"`),
			inDocument(`"Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"a:b"`),
		},
		"letter case of condition keys": {inDocument(`"Action":"a:b","Condition":{"Bool":{"AWS:securetransport":"true"}}`), inDocument(`"Action":"a:b","Condition":{"Bool":{"aws:SecureTransport":"true"}}`)},
		"condition without quotes":      {inDocument(`"Action":"a:b","Condition":{"Bool":{"aws:SecureTransport":true}}`), inDocument(`"Action":"a:b","Condition":{"Bool":{"aws:SecureTransport":["true"]}}`)},
		"empty condition":               {inDocument(`"Action":"a:b","Condition":{}`), inDocument(`"Action":"a:b"`)},
		"order of elements":             {inDocument(`"Action":"a:b","Sid":"x"`), inDocument(`"Sid":"x","Action":"a:b"`)},
		"escapes":                       {inDocument(`"Action":"a:b","Resource":"\u0061\/b"`), inDocument(`"Action":"a:b","Resource":"a/b"`)},
		"unknown elements' layout":      {inDocument(`"Action":"a:b","Note":{"b":1,"a":[ 2 ]}`), inDocument(`"Action":"a:b","Note":{"a":[2],"b":1}`)},
		"single statement and list":     {`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"a:b"}}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"a:b"}]}`},
		"order of statements": {
			`{"Statement":[{"Effect":"Deny","Action":"a:b"},{"Effect":"Allow","Action":"a:c"}]}`,
			`{"Statement":[{"Effect":"Allow","Action":"a:c"},{"Effect":"Deny","Action":"a:b"}]}`,
		},
		"no version is the old one": {`{"Statement":{"Effect":"Deny","Action":"a:b"}}`, `{"Version":"2008-10-17","Statement":{"Effect":"Deny","Action":"a:b"}}`},
	} {
		a, b := mustParse(t, pair[0]), mustParse(t, pair[1])
		if !a.Equal(b) {
			t.Errorf("%s:\n%s\n%s", name, a.Canonical(), b.Canonical())
		}
		if again := mustParse(t, a.Canonical()); again.Canonical() != a.Canonical() {
			t.Errorf("%s: the canonical form is not stable: %s", name, again.Canonical())
		}
	}
}

func TestOtherMeaningDiffers(t *testing.T) {
	for name, pair := range map[string][2]string{
		"other id":                            {`{"Id":"a","Statement":[]}`, `{"Id":"b","Statement":[]}`},
		"effect":                              {`{"Statement":{"Effect":"Deny","Action":"a:b"}}`, `{"Statement":{"Effect":"Allow","Action":"a:b"}}`},
		"version":                             {`{"Version":"2012-10-17","Statement":[]}`, `{"Statement":[]}`},
		"id":                                  {`{"Id":"a","Statement":[]}`, `{"Statement":[]}`},
		"sid":                                 {inDocument(`"Sid":"a","Action":"a:b"`), inDocument(`"Sid":"A","Action":"a:b"`)},
		"resource case":                       {inDocument(`"Action":"a:b","Resource":"x"`), inDocument(`"Action":"a:b","Resource":"X"`)},
		"not":                                 {inDocument(`"Action":"a:b"`), inDocument(`"NotAction":"a:b"`)},
		"absent and empty":                    {inDocument(`"Action":"a:b"`), inDocument(`"Action":"a:b","Resource":[]`)},
		"principal type":                      {inDocument(`"Principal":{"AWS":"x"},"Action":"a:b"`), inDocument(`"Principal":{"Service":"x"},"Action":"a:b"`)},
		"root and account of another service": {inDocument(`"Principal":{"Service":"111122223333"},"Action":"a:b"`), inDocument(`"Principal":{"Service":"arn:aws:iam::111122223333:root"},"Action":"a:b"`)},
		"user named root":                     {inDocument(`"Principal":{"AWS":"111122223333"},"Action":"a:b"`), inDocument(`"Principal":{"AWS":"arn:aws:iam::111122223333:user/root"},"Action":"a:b"`)},
		"condition value":                     {inDocument(`"Action":"a:b","Condition":{"StringEquals":{"k":"x"}}`), inDocument(`"Action":"a:b","Condition":{"StringEquals":{"k":"X"}}`)},
		"operator":                            {inDocument(`"Action":"a:b","Condition":{"StringEquals":{"k":"x"}}`), inDocument(`"Action":"a:b","Condition":{"StringLike":{"k":"x"}}`)},
		"two spellings of one key are not one": {
			inDocument(`"Action":"a:b","Condition":{"StringEquals":{"k":"x","K":"y"}}`),
			inDocument(`"Action":"a:b","Condition":{"StringEquals":{"k":["x","y"]}}`),
		},
		"unknown element":         {inDocument(`"Action":"a:b","Note":1`), inDocument(`"Action":"a:b"`)},
		"unknown element's value": {inDocument(`"Action":"a:b","Note":12345678901234567890`), inDocument(`"Action":"a:b","Note":12345678901234567891`)},
	} {
		a, b := mustParse(t, pair[0]), mustParse(t, pair[1])
		if a.Equal(b) {
			t.Errorf("%s: both are %s", name, a.Canonical())
		}
	}
}
