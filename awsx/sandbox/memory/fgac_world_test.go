package memory_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory"
)

const (
	masterARN = "arn:aws:iam::111111111111:role/master"
	signerARN = "arn:aws:iam::111111111111:role/team/signer"
)

func withMaster(o *memory.Options) { o.Security = &memory.Security{MasterARN: masterARN} }

// secured is a cluster with access control as real nodes were recorded with:
// three indices, one with an alias, a data stream, and a snapshot s1 of the
// indices. The master calls.
func secured(t *testing.T, v string, change ...func(*memory.Options)) *world {
	t.Helper()
	w := start(t, v, append([]func(*memory.Options){withMaster}, change...)...)
	w.be(masterARN)
	for _, ix := range []string{"logs-a", "logs-b", "other"} {
		w.must("PUT /"+ix, `{"settings":{"number_of_replicas":0}}`)
		w.must("PUT /"+ix+"/_doc/1", `{"a":1}`)
	}
	w.must("POST /_aliases", `{"actions":[{"add":{"index":"logs-a","alias":"al"}}]}`)
	if v != "7.10.2" {
		w.must("PUT /_index_template/t", `{"index_patterns":["traces*"],"data_stream":{}}`)
		w.must("POST /traces/_doc", `{"@timestamp":"2026-11-22T00:00:00Z"}`)
	}
	w.must("PUT /_snapshot/r", repositoryBody)
	w.must("PUT /_snapshot/r/s1?wait_for_completion=true", `{"indices":"logs-a,logs-b,other","include_global_state":false}`)
	return w
}

// be makes an IAM identity the caller.
func (w *world) be(arn string) { w.who = backend.IAM(arn) }

// login makes an internal user the caller.
func (w *world) login(name, password string) {
	w.who, w.password = backend.Internal(name), password
}

// api is where the resources are.
func (w *world) api() string {
	if strings.HasPrefix(w.options.Version.Number(), "7") {
		return "/_opendistro/_security/api/"
	}
	return "/_plugins/_security/api/"
}

// grant gives the signer one role, with cluster permissions and index patterns
// with their actions: "cluster_monitor; logs-*,x: read,indices_monitor".
func (w *world) grant(role string) {
	w.t.Helper()
	cluster, rest, _ := strings.Cut(role, ";")
	var index []string
	for part := range strings.SplitSeq(rest, ";") {
		if patterns, actions, ok := strings.Cut(part, ": "); ok {
			index = append(index, fmt.Sprintf(`{"index_patterns":[%s],"allowed_actions":[%s]}`, quoted(patterns), quoted(actions)))
		}
	}
	was := w.who
	w.be(masterARN)
	w.must("PUT "+w.api()+"roles/probe", fmt.Sprintf(`{"cluster_permissions":[%s],"index_permissions":[%s]}`, quoted(cluster), strings.Join(index, ",")))
	w.must("PUT "+w.api()+"rolesmapping/probe", `{"backend_roles":["`+signerARN+`"]}`)
	w.who = was
}

// quoted makes a JSON list's inside of words between commas.
func quoted(words string) string {
	var out []string
	for word := range strings.SplitSeq(words, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, `"`+word+`"`)
		}
	}
	return strings.Join(out, ",")
}

var brackets = regexp.MustCompile(`^no permissions for \[(.*)\] and User \[name=(.+), backend_roles=\[(.+)\], requestedTenant=null\]$`)

// verdict is what stands in a refusal's brackets, or the status of another
// answer.
func (a answer) verdict() string {
	reason, _ := a.at("error", "reason").(string)
	m := brackets.FindStringSubmatch(reason)
	if a.status != 403 || m == nil {
		return fmt.Sprint(a.status)
	}
	return "[" + m[1] + "]"
}

// rulings plays lines of "METHOD /path BODY => VERDICT" with bulk bodies' line
// breaks written \n. A # begins a comment.
func (w *world) rulings(table string) {
	w.t.Helper()
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		left, want, ok := strings.Cut(line, " => ")
		method, rest, ok2 := strings.Cut(left, " ")
		if !ok || !ok2 {
			w.t.Fatalf("no ruling: %s", line)
		}
		path, body, _ := strings.Cut(rest, " ")
		a := w.do(method+" "+path, strings.ReplaceAll(body, `\n`, "\n"))
		if got := a.verdict(); got != want {
			w.t.Errorf("%s: %s, want %s: %.300s", left, got, want, a.raw)
		}
	}
}
