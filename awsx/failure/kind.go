package failure

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// classify decides Kind and Transient from what was read. The innermost cause
// that says anything decides, then the code, the words, and last the status.
func (f *Failure) classify() {
	for _, c := range slices.Backward(f.Chain) {
		if f.Kind = engineKind(c, f.Status); f.Kind != "" {
			break
		}
	}
	if f.Kind == "" && f.Front != FrontEngine {
		f.Kind = codeKind(f.Code)
	}
	if f.Kind == "" || f.Kind == Denied {
		// The front answers 403 to denied, unsigned, expired and throttled
		// callers alike: only the words tell.
		if k := wordsKind(f.Message); k != "" {
			f.Kind = k
		}
	}
	if f.Kind == "" {
		f.Kind = statusKind(f.Status)
	}
	f.Transient = f.transient()
}

func (f *Failure) transient() bool {
	switch f.Kind {
	case Throttled, Timeout, Unreachable:
		return true
	case Service:
		// 500 is mostly a bug or a state that stays; 502 and 503 pass, those
		// that AWS gave the engine too.
		return f.Status == 502 || f.Status == 503 || slices.Contains(passing, f.Code) || slices.ContainsFunc(f.Chain, func(c Cause) bool {
			status, _, _ := awsInEngine(c)
			return slices.Contains(passing, c.Type) || status == "502" || status == "503"
		})
	case Conflict:
		// The security plugin keeps all mappings in one document, and all roles in
		// another: whoever writes any of them at the same moment is in the way.
		return f.Front == FrontSecurity || slices.Contains(passing, f.Code) || slices.ContainsFunc(f.Chain, func(c Cause) bool {
			return slices.Contains(passing, c.Type) || strings.Contains(c.Reason, "currently used")
		})
	}
	return false
}

// passing are codes and engine types of states that end by themselves.
var passing = []string{
	"concurrent_snapshot_execution_exception", "snapshot_in_progress_exception",
	"process_cluster_event_timeout_exception", "cluster_manager_not_discovered_exception",
	"master_not_discovered_exception", "no_shard_available_action_exception",
	"node_closed_exception", "node_disconnected_exception", "no_node_available_exception",
	"unavailable_shards_exception",
	"InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable",
	"ServiceFailure", "ServiceUnavailableException", "OperationAborted", "ConcurrentModification",
	"KMSInternalException", "DependencyTimeoutException",
}

// engineTypes are the engine's exception classes whose kind does not depend on
// their words (server code of Elasticsearch 7.10 and OpenSearch 1 to 3).
var engineTypes = map[string]Kind{
	"repository_missing_exception":                Missing,
	"snapshot_missing_exception":                  Missing,
	"index_not_found_exception":                   Missing,
	"resource_not_found_exception":                Missing,
	"no_such_key_exception":                       Missing,
	"no_such_bucket_exception":                    Missing,
	"no_such_file_exception":                      Missing,
	"resource_already_exists_exception":           Exists,
	"index_already_exists_exception":              Exists,
	"snapshot_name_already_in_use_exception":      Exists,
	"concurrent_snapshot_execution_exception":     Conflict,
	"snapshot_in_progress_exception":              Conflict,
	"version_conflict_engine_exception":           Conflict,
	"circuit_breaking_exception":                  Throttled,
	"es_rejected_execution_exception":             Throttled,
	"opensearch_rejected_execution_exception":     Throttled,
	"rejected_execution_exception":                Throttled,
	"process_cluster_event_timeout_exception":     Service,
	"cluster_manager_not_discovered_exception":    Service,
	"master_not_discovered_exception":             Service,
	"no_shard_available_action_exception":         Service,
	"unavailable_shards_exception":                Service,
	"node_closed_exception":                       Service,
	"node_disconnected_exception":                 Service,
	"no_node_available_exception":                 Service,
	"receive_timeout_transport_exception":         Timeout,
	"snapshot_restore_exception":                  Invalid,
	"invalid_snapshot_name_exception":             Invalid,
	"invalid_index_name_exception":                Invalid,
	"action_request_validation_exception":         Invalid,
	"validation_exception":                        Invalid,
	"parsing_exception":                           Invalid,
	"query_shard_exception":                       Invalid,
	"x_content_parse_exception":                   Invalid,
	"parse_exception":                             Invalid,
	"mapper_parsing_exception":                    Invalid,
	"illegal_argument_exception":                  Invalid,
	"settings_exception":                          Invalid,
	"media_type_header_exception":                 Invalid,
	"index_template_missing_exception":            Missing,
	"aliases_not_found_exception":                 Missing,
	"search_context_missing_exception":            Missing,
	"index_closed_exception":                      Conflict,
	"index_create_block_exception":                Conflict,
	"retryable_action_still_running_exception":    Conflict,
	"repository_conflict_exception":               Conflict,
	"invalid_alias_name_exception":                Invalid,
	"index_primary_shard_not_allocated_exception": Service,
}

// reasons are phrases of the engine that say more than the type they come with
// (bodies of Elasticsearch 7.10.2, OpenSearch 2.19.4 and 3.4.0). The first that
// is contained decides.
var reasons = []struct {
	phrase string
	kind   Kind
}{
	{"same name already exists", Exists}, // an open index on restore, a snapshot on create
	{"same name is already in-progress", Exists},
	{"already exists as alias", Exists},
	{"the following duplicates were found", Exists},
	{"has more than one write index", Conflict},
	{"that is currently used", Conflict},
	{"snapshot does not exist", Missing},
	{"readonly repository", Invalid},
	{"must not contain", Invalid}, // repository names come as repository_exception with 500
}

func engineKind(c Cause, status int) Kind {
	if st, code, ok := awsInEngine(c); ok {
		if k := codeKind(code); k != "" {
			return k
		}
		if k := engineTypes[c.Type]; k != "" {
			return k
		}
		n, _ := strconv.Atoi(st)
		return statusKind(n)
	}
	switch {
	case c.Type == "security_exception" && status == http.StatusUnauthorized:
		return Credentials
	case c.Type == "security_exception":
		return Denied
	case c.Type == "cluster_block_exception" && status == http.StatusServiceUnavailable:
		return Service
	case c.Type == "cluster_block_exception":
		return Conflict
	}
	for _, r := range reasons {
		if strings.Contains(c.Reason, r.phrase) {
			return r.kind
		}
	}
	return engineTypes[c.Type]
}

// statusKind is the last resort.
func statusKind(status int) Kind {
	switch status {
	case 0:
		return Unknown
	case http.StatusUnauthorized, http.StatusProxyAuthRequired:
		return Credentials
	case http.StatusForbidden:
		return Denied
	case http.StatusNotFound:
		return Missing
	case http.StatusConflict:
		return Conflict
	case http.StatusTooManyRequests:
		return Throttled
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return Timeout
	}
	switch status / 100 {
	case 3, 4:
		return Invalid
	case 5:
		return Service
	}
	return Unknown
}
