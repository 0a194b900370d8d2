package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/sigv4"
)

// Query serves a service of the query protocol: parameters in a form, answers in
// XML.
type Query struct {
	Verifier sigv4.Verifier
	// Namespace is the XML namespace; Version the API version clients must ask for.
	Namespace, Version string
	Operations         map[string]Operation
}

// Operation is one action of a query service. Run returns what stands inside
// <…Result>, nil for an action without a result, or a *Fault.
type Operation struct {
	Mutates bool
	Run     func(*Input) (any, error)
}

// Input is one verified request.
type Input struct {
	Action string
	Caller access.Caller
	Params url.Values
	// Facts are the condition keys the service knows of the request.
	Facts map[string][]string
}

// Get is a parameter, "" when it was not given.
func (in *Input) Get(name string) string { return in.Params.Get(name) }

// Members reads a list of strings: name.member.1, name.member.2, …
func (in *Input) Members(name string) []string {
	var out []string
	for i := 1; in.Params.Has(name + ".member." + strconv.Itoa(i)); i++ {
		out = append(out, in.Params.Get(name+".member."+strconv.Itoa(i)))
	}
	return out
}

// Pairs reads a list of structures, each with two fields, as a map.
func (in *Input) Pairs(name, key, value string) map[string]string {
	out := map[string]string{}
	for i := 1; in.Params.Has(name + ".member." + strconv.Itoa(i) + "." + key); i++ {
		prefix := name + ".member." + strconv.Itoa(i) + "."
		out[in.Params.Get(prefix+key)] = in.Params.Get(prefix + value)
	}
	return out
}

// ServeHTTP verifies the signature before it looks at anything else: an unsigned
// request does not learn which actions there are.
func (q Query) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := CallOf(r.Context())
	verified, err := q.Verifier.Verify(r)
	if err != nil {
		q.fail(w, call, err)
		return
	}
	call.Caller = verified.Caller
	params, err := parameters(r)
	if err != nil {
		q.fail(w, call, err)
		return
	}
	action := params.Get("Action")
	op, known := q.Operations[action]
	call.Operation, call.Mutates = action, op.Mutates
	if !known || params.Get("Version") != q.Version {
		q.fail(w, call, NewFault(http.StatusBadRequest, "InvalidAction",
			"Could not find operation "+action+" for version "+params.Get("Version")))
		return
	}
	result, err := op.Run(&Input{Action: action, Caller: verified.Caller, Params: params, Facts: Facts(r, string(verified.Region))})
	if err != nil {
		q.fail(w, call, err)
		return
	}
	q.answer(w, call, action, result)
}

// parameters come in the query of a GET and in the form of a POST.
func parameters(r *http.Request) (url.Values, error) {
	if r.Method == http.MethodGet {
		return r.URL.Query(), nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, NewFault(http.StatusBadRequest, "MalformedInput", "the body could not be read")
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, NewFault(http.StatusBadRequest, "MalformedQueryString", "Keys may not contain "+err.Error())
	}
	return values, nil
}

// answer wraps a result as the protocol does. It is made whole before the first
// byte goes out, so that an error can still become an error.
func (q Query) answer(w http.ResponseWriter, call *Call, action string, result any) {
	var b bytes.Buffer
	b.WriteString(`<` + action + `Response xmlns="` + q.Namespace + `">`)
	if result != nil {
		enc := xml.NewEncoder(&b)
		if err := enc.EncodeElement(result, xml.StartElement{Name: xml.Name{Local: action + "Result"}}); err != nil {
			q.fail(w, call, err)
			return
		}
	}
	b.WriteString(`<ResponseMetadata><RequestId>` + call.ID + `</RequestId></ResponseMetadata></` + action + `Response>`)
	w.Header().Set("Content-Type", "text/xml")
	_, _ = w.Write(b.Bytes())
}

// fail writes an error in the query protocol's form; one that is no fault of
// the request is the service's own failure.
func (q Query) fail(w http.ResponseWriter, call *Call, err error) {
	fault, sender := asFault(err), "Sender"
	if fault.Status >= 500 {
		sender = "Receiver"
	}
	type inner struct{ Type, Code, Message string }
	body, err := xml.Marshal(struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Namespace string   `xml:"xmlns,attr"`
		Error     inner
		RequestID string `xml:"RequestId"`
	}{Namespace: q.Namespace, Error: inner{sender, fault.Code, fault.Message}, RequestID: call.ID})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(fault.Status)
	_, _ = w.Write(body)
}

// asFault reads an error as a refusal; what is none is the service's own failure.
func asFault(err error) *Fault {
	var fault *Fault
	var refusal *access.Refusal
	switch {
	case errors.As(err, &fault):
		return fault
	case errors.As(err, &refusal):
		return FromRefusal(refusal)
	}
	return NewFault(http.StatusInternalServerError, "InternalFailure", err.Error())
}
