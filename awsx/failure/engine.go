package failure

import (
	"encoding/json"
	"regexp"
	"strings"
)

// engineError is the engine's error object, one level of it.
type engineError struct {
	Type         string        `json:"type"`
	Reason       string        `json:"reason"`
	RootCause    []engineError `json:"root_cause"`
	CausedBy     *engineError  `json:"caused_by"`
	Suppressed   []engineError `json:"suppressed"`
	FailedShards []struct {
		Reason engineError `json:"reason"`
	} `json:"failed_shards"`
}

// readEngine reads {"error": …}: an object, or a bare sentence for requests no
// handler was found for.
func (f *Failure) readEngine(raw json.RawMessage) {
	var sentence string
	if json.Unmarshal(raw, &sentence) == nil {
		f.Message = sentence
		return
	}
	var e engineError
	if json.Unmarshal(raw, &e) != nil {
		f.Message = firstLine(string(raw))
		return
	}
	f.Code = e.Type
	f.Chain = e.chain()
	f.Chain = append(f.Chain, Nested(f.Innermost().Reason)...)
	for at := &e; at != nil; at = at.CausedBy {
		for _, s := range at.Suppressed {
			f.Suppressed = append(f.Suppressed, s.chain()...)
		}
	}
	f.Message = f.Innermost().Reason
	for _, words := range []string{e.Reason, f.Innermost().Type} {
		if f.Message == "" { // an engine that stumbles over itself says no more than its type
			f.Message = words
		}
	}
}

// chain goes down caused_by; where there is none, the first root cause or the
// first failed shard is the next level. A root cause that merely repeats the
// level above it, as it mostly does, adds nothing.
func (e engineError) chain() []Cause {
	var out []Cause
	for at := &e; at != nil; at = at.next() {
		c := Cause{Type: at.Type, Reason: at.Reason}
		if len(out) > 0 && c == out[len(out)-1] {
			continue
		}
		out = append(out, c)
	}
	return out
}

func (e *engineError) next() *engineError {
	switch {
	case e.CausedBy != nil:
		return e.CausedBy
	case len(e.FailedShards) > 0:
		return &e.FailedShards[0].Reason
	case len(e.RootCause) > 0:
		return &e.RootCause[0]
	}
	return nil
}

// The AWS SDK for Java prints the service's answer into its message: version 2
// "(Service: S3, Status Code: 403, Request ID: …)", version 1 "(Service: Amazon
// S3; Status Code: 403; Error Code: AccessDenied; Request ID: …)". Only the
// request ID tells the old one from the new one for certain.
var (
	javaStatus = regexp.MustCompile(`\(Service: [^,;()]+[,;] Status Code: (\d{3})`)
	javaCode   = regexp.MustCompile(`Error Code: ([A-Za-z0-9.]+)`)
)

// awsInEngine says whether a cause is an answer of S3, STS or KMS that the
// engine passes on, and gives its status and error code as far as printed.
func awsInEngine(c Cause) (status, code string, ok bool) {
	if !strings.Contains(c.Reason, "(Service: ") {
		return "", "", false
	}
	if m := javaStatus.FindStringSubmatch(c.Reason); m != nil {
		status = m[1]
	}
	if m := javaCode.FindStringSubmatch(c.Reason); m != nil {
		code = m[1]
	}
	return status, code, true
}
