package failure

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
)

// keep bounds the part of a body that is kept as evidence.
const keep = 64 << 10

// FromResponse reads an HTTP answer that is not a success. operation and host
// may be empty; header may be nil; status 0 means that nobody knows it.
func FromResponse(operation, host string, status int, header http.Header, body []byte) *Failure {
	f := &Failure{Operation: operation, Host: host, Status: status, RequestID: requestID(header)}
	f.Body = body
	f.read(bytes.TrimSpace(body))
	if code := header.Get("X-Amzn-Errortype"); code != "" && f.Code == "" {
		f.Code = shortCode(code)
	}
	f.classify()
	f.hush()
	f.Body = bytes.Clone(f.Body[:min(len(f.Body), keep)])
	return f
}

// Parse reads a body alone, as a person pastes it. Status 0 means unknown.
func Parse(status int, body []byte) *Failure { return FromResponse("", "", status, nil, body) }

// read recognises whose words the body is by its shape: the managed service in
// front of the engine writes Message or message, the engine an error object,
// the security plugin's REST API status and message, S3 and IAM XML, a load
// balancer HTML or nothing.
func (f *Failure) read(body []byte) {
	switch {
	case len(body) == 0:
		if f.Status >= 500 {
			f.Front = FrontBalancer
		}
	case body[0] == '<':
		f.readXML(body)
	case body[0] == '{':
		f.readJSON(body)
	default:
		f.Message = firstLine(string(body))
		if f.Status == http.StatusUnauthorized {
			// The security plugin answers "Unauthorized" and "Authentication
			// finally failed" as plain text.
			f.Front = FrontSecurity
		}
	}
}

func (f *Failure) readJSON(body []byte) {
	var b struct {
		Error   json.RawMessage `json:"error"`
		Status  json.RawMessage `json:"status"`
		Type    string          `json:"__type"`
		Code    string          `json:"code"`
		Reason  string          `json:"reason"`
		Message string          `json:"message"` // Message too: names match in any letter case
	}
	if json.Unmarshal(body, &b) != nil {
		f.Message = firstLine(string(body))
		return
	}
	var word string
	statusIsWord := json.Unmarshal(b.Status, &word) == nil && word != ""
	switch {
	case len(b.Error) > 0 && string(b.Error) != "null":
		f.Front = FrontEngine
		if n := 0; json.Unmarshal(b.Status, &n) == nil && f.Status == 0 {
			f.Status = n
		}
		f.readEngine(b.Error)
	case b.Type != "":
		f.Front, f.Code, f.Message = FrontAWS, shortCode(b.Type), b.Message
	case statusIsWord:
		f.Front, f.Code, f.Message = FrontSecurity, word, b.Message
		if f.Message == "" {
			f.Message = b.Reason
		}
	case b.Message != "":
		f.Front, f.Code, f.Message = FrontService, b.Code, b.Message
	default:
		var compact bytes.Buffer
		_ = json.Compact(&compact, body)
		f.Message = firstLine(compact.String())
	}
}

// readXML reads the two forms AWS has: S3's Error and the query protocol's
// ErrorResponse around it.
func (f *Failure) readXML(body []byte) {
	type inner struct {
		Code      string `xml:"Code"`
		Message   string `xml:"Message"`
		RequestID string `xml:"RequestId"`
	}
	var b struct {
		XMLName xml.Name
		inner
		Error inner `xml:"Error"`
	}
	err := xml.Unmarshal(body, &b)
	root := b.XMLName.Local
	if err != nil || (root != "Error" && root != "ErrorResponse") {
		f.Front, f.Message = FrontBalancer, htmlTitle(string(body))
		return
	}
	e := b.inner
	if root == "ErrorResponse" {
		e.Code, e.Message = b.Error.Code, b.Error.Message
	}
	f.Front, f.Code, f.Message = FrontAWS, e.Code, e.Message
	if f.RequestID == "" {
		f.RequestID = e.RequestID
	}
}

func requestID(h http.Header) string {
	for _, name := range []string{"X-Amzn-Requestid", "X-Amz-Request-Id"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	return ""
}

// shortCode takes the namespace and the trailing URL off an error code:
// "com.amazonaws.es#ResourceNotFoundException", "AccessDeniedException:http://…".
func shortCode(s string) string {
	s, _, _ = strings.Cut(s, ":")
	return s[strings.LastIndexByte(s, '#')+1:]
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	if len(s) > 500 {
		return s[:500]
	}
	return strings.TrimSpace(s)
}

func htmlTitle(s string) string {
	low := strings.ToLower(s)
	if i := strings.Index(low, "<title>"); i >= 0 {
		if j := strings.Index(low[i:], "</title>"); j > 0 {
			return strings.TrimSpace(s[i+len("<title>") : i+j])
		}
	}
	return ""
}

// FromCode makes a failure of an AWS error code that stood inside a successful
// answer, such as one object of a DeleteObjects.
func FromCode(operation, code, message string) *Failure {
	f := &Failure{Front: FrontAWS, Operation: operation, Code: code, Message: message}
	f.classify()
	f.hush()
	return f
}
