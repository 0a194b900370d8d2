package failure

import "regexp"

// leftOut stands where something was taken out of the other side's words.
const leftOut = "[left out]"

// value is a secret's text in whatever escaping it came: base64, percent codes,
// JSON's \/ and \u002b, XML's &#43;.
const value = `(?:[A-Za-z0-9+/=%_.~-]|\\/|\\u00[0-9A-Fa-f]{2}|&#x?[0-9A-Fa-f]+;)`

// secrets are the places where AWS and its SDKs repeat what a request was signed
// with. The front's and the query services' refusal of a signature ends with the
// canonical request, session token included; S3 gives the same in elements of its
// own, as text and as bytes, and repeats a refused token in Token-0.
var secrets = []struct {
	at   *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`(?is)<(CanonicalRequest|CanonicalRequestBytes|StringToSign|StringToSignBytes|SignatureProvided|Token-\d+|SecretAccessKey|SessionToken)>[^<]*`), "<$1>" + leftOut},
	{regexp.MustCompile(`(?is)the\s+(?:canonical\s+(?:string|request)|string[\s-]+to[\s-]+sign).*`), leftOut},
	{regexp.MustCompile(`(?i)(x-amz-(?:security-token|credential|signature)[\s"'\\]*(?:[:=]|%3D)[\s"'\\\[]*)` + value + `+`), "$1" + leftOut},
	{regexp.MustCompile(`(?i)(\bauthorization(?: header)?["'\\]*\s*[:=][\s"'\\\[]*)[^"'\\\]\r\n<]+`), "$1" + leftOut},
	{regexp.MustCompile(`(?i)((?:secret[_ ]?access[_ ]?key|session[_ ]?token)(?:[\s"':=\\]){1,8})` + value + `{16,}`), "$1" + leftOut},
	{regexp.MustCompile(`(?i)(\bsignature["'\\]*\s*[:=][\s"'\\]*)[0-9a-f]{64}`), "$1" + leftOut},
}

// Silent takes out of words what a request was signed with: for errors that are
// shown as they are, without having been read into a Failure.
func Silent(s string) string {
	for _, secret := range secrets {
		s = secret.at.ReplaceAllString(s, secret.with)
	}
	return s
}

// hush takes the secrets out of everything that is kept, shown or written down.
// It comes after classify, which may need words that stand behind them.
func (f *Failure) hush() {
	f.Message, f.Body = Silent(f.Message), []byte(Silent(string(f.Body)))
	for _, causes := range [][]Cause{f.Chain, f.Suppressed} {
		for i := range causes {
			causes[i].Reason = Silent(causes[i].Reason)
		}
	}
}
