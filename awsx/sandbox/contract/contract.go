// Package contract is what a cluster behind the managed-service front must do:
// scenarios of requests with the expected status, error type and reason, run
// against any target over HTTP, and the bodies real nodes gave, recorded with
// everything that differs from run to run masked.
//
// The same scenarios judge the embedded cluster in a plain test run and real
// Elasticsearch and OpenSearch nodes under the tag realengine. Where the two
// differ, the embedded cluster is wrong. This package knows no implementation:
// targets are handed in. Only tests import it.
package contract

import (
	"net/http"
	"testing"
	"time"
)

// World is a set of clusters of different versions that share one object store,
// so that one can restore what another wrote.
type World interface {
	// Cluster gives the cluster of a version, the same one at each call. It may
	// hold what earlier scenarios left; the runner cleans up between them.
	Cluster(t testing.TB, version string) Target
}

// Target is one cluster.
type Target struct {
	// BaseURL and Client reach it. For a handler in this process see InProcess.
	BaseURL string
	Client  *http.Client
	// Repository are the settings of an S3 repository in the shared store as a
	// caller of the service writes them: bucket, region, role_arn. The runner
	// adds base_path and what a case says.
	Repository map[string]any
	// Deny makes the store refuse the role from now on, as S3 refuses with
	// AccessDenied: requests of an HTTP method, "*" for all, "" for none any
	// more. Nil skips the scenarios that need it.
	Deny func(method string)
	// Fronted says that the managed-service front stands before it, which
	// answers some requests itself.
	Fronted bool
	// As gives a client whose requests come from an actor; it is set where the
	// cluster has fine-grained access control, and Client is then the master's.
	As func(Actor) *http.Client
	// Pass lets time go by between two looks at something under way: a short
	// sleep for a real node, a step of the injected clock for an embedded one.
	Pass func(time.Duration)
}

// Scenario is a sequence of cases that begins with a cluster without indices
// and repositories. Its name is the base path of its repositories.
type Scenario struct {
	Name string
	// Earlier is run before on the cluster of another version, WrittenBy, whose
	// repository the cases then read.
	WrittenBy string
	Earlier   []Case
	// On lists the versions or engine families it applies to; empty means every
	// version.
	On []string
	// Denies says that its cases use Deny.
	Denies bool
	// Internal, of a secured scenario, says that the master is an internal user
	// and no IAM identity.
	Internal bool
	Cases    []Case
}

// Case is one request and what is to come of it.
type Case struct {
	// Name, with the scenario's, names the golden file. A case without a name is
	// a step on the way: it must succeed and its body is not compared.
	Name string
	// As names who asks, in Actors; "" is the master.
	As string
	// Call is "METHOD /path?query", or "DENY WHAT" for a call of Target.Deny.
	Call string
	// Body is JSON, or one of the shorthands: "@repository KEY=VALUE …" for a
	// registration in the shared store, "@bulk INDEX COUNT BYTES" for documents.
	Body string
	// Status is the expected one; 0 means 200. An entry of Per for a version or
	// an engine family ("elasticsearch", "opensearch") goes before it.
	Status int
	Per    map[string]int
	// Error is the expected error.type, or several separated by "|" where the
	// versions differ; Reason is a regular expression for error.reason.
	Error  string
	Reason string
	// Until repeats the request until PATH=VALUE holds in the answer, which is
	// then the one that is compared.
	Until string
	// EngineOnly marks what a front never lets through to the engine.
	EngineOnly bool
	// Volatile are further member names whose values are of the moment here.
	Volatile string
	// Keep limits the comparison to these paths, for answers that tell a
	// thousand things nobody asks for.
	Keep []string
	// On limits the case to versions or an engine family.
	On []string
}

// InProcess is a client that calls a handler without a network.
func InProcess(h http.Handler) *http.Client { return &http.Client{Transport: handlerTransport{h}} }
