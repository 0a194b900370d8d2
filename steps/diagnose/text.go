package diagnose

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// Text diagnoses words as a person pastes them: an answer's body alone, with its
// status line and headers, inside a log line or a traceback, or what AWS CLI and
// the SDKs print about it. The first part of it that is known wins.
//
// The body is not given back: whoever pasted it has it, and may have pasted more
// than the error.
func Text(pasted string) steps.Diagnosis {
	pasted = strings.TrimSpace(pasted)
	var first *steps.Diagnosis
	for _, f := range parts(pasted) {
		d := ofFailure(f)
		d.Body = ""
		if !d.Unknown {
			return d
		}
		if first == nil {
			first = &d
		}
	}
	return *first
}

// parts are the readings of a text, the most exact one first; the last is the
// text as it stands.
func parts(pasted string) []*failure.Failure {
	status := statusIn(pasted)
	var list []*failure.Failure
	for _, body := range bodiesIn(pasted) {
		list = append(list, failure.Parse(status, []byte(body)))
	}
	if m := ofSDK.FindStringSubmatch(pasted); m != nil {
		list = append(list, failure.FromCode(m[2], m[1], strings.Join(strings.Fields(m[3]), " ")))
	}
	whole := failure.Parse(status, []byte(pasted))
	if at := telling(pasted); at != "" {
		whole.Message = failure.Silent(at)
	}
	return append(list, whole)
}

// ofSDK is how botocore words an error, and with it AWS CLI and boto3.
var ofSDK = regexp.MustCompile(`(?s)An error occurred \((\w+)\) when calling the (\w+) operation(?: \(reached max retries: \d+\))?: (.+)`)

// statusLine is the first line of an answer, as curl -i and -v show it.
var statusLine = regexp.MustCompile(`(?m)HTTP/[0-9.]+ ([1-5][0-9]{2})\b`)

// statusIn is the last answer's status: a proxy's comes before it. 0 is not known.
func statusIn(pasted string) int {
	all := statusLine.FindAllStringSubmatch(pasted, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1][1])
	return n
}

// errorXML is an error of S3, IAM or STS.
var errorXML = regexp.MustCompile(`(?s)<(ErrorResponse|Error)\b.*</(ErrorResponse|Error)>`)

// mostTries bounds the look for objects in a text that is full of braces.
const mostTries = 500

// bodiesIn finds the JSON objects and XML errors in a text.
func bodiesIn(pasted string) []string {
	var list []string
	for at, tries := 0, 0; tries < mostTries; tries++ {
		i := strings.IndexByte(pasted[at:], '{')
		if i < 0 {
			break
		}
		at += i
		var object json.RawMessage
		dec := json.NewDecoder(strings.NewReader(pasted[at:]))
		if dec.Decode(&object) != nil {
			at++
			continue
		}
		list = append(list, string(object))
		at += int(dec.InputOffset())
	}
	if x := errorXML.FindString(pasted); x != "" {
		list = append(list, x)
	}
	return list
}

// telling is the line of a longer text that a rule knows, to be shown in its
// place; "" where none does by itself.
func telling(pasted string) string {
	for _, l := range strings.Split(pasted, "\n") {
		folded := strings.ToLower(strings.Join(strings.Fields(l), " "))
		for _, r := range rules {
			if r.matches(folded) {
				return strings.TrimSpace(l)
			}
		}
	}
	return ""
}
