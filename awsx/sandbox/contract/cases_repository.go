package contract

var repositories = Scenario{Name: "repositories", Cases: []Case{
	{Name: "none", Call: "GET /_snapshot"},
	{Name: "get-missing", Call: "GET /_snapshot/r", Status: 404, Error: "repository_missing_exception", Reason: `^\[r\] missing$`},
	{Name: "register", Call: "PUT /_snapshot/r", Body: "@repository"},
	{Name: "register-same", Call: "PUT /_snapshot/r", Body: "@repository"},
	{Name: "register-by-post", Call: "POST /_snapshot/r", Body: "@repository compress=false"},
	{Name: "register-readonly", Call: "PUT /_snapshot/other", Body: "@repository readonly=true"},
	{Name: "get", Call: "GET /_snapshot/r"},
	{Name: "get-all", Call: "GET /_snapshot"},
	{Name: "get-wildcard", Call: "GET /_snapshot/o*"},
	{Name: "get-wildcard-none", Call: "GET /_snapshot/z*"},
	{Name: "cat", Call: "GET /_cat/repositories?format=json&s=id"},
	{Name: "verify", Call: "POST /_snapshot/r/_verify"},
	{Name: "verify-missing", Call: "POST /_snapshot/nobody/_verify", Status: 404, Error: "repository_missing_exception", Reason: `^\[nobody\] missing$`},
	{Name: "list-empty", Call: "GET /_snapshot/r/_all"},
	{Name: "unknown-type", EngineOnly: true, Call: "PUT /_snapshot/bad", Body: `{"type":"tape","settings":{}}`, Status: 500, Error: "repository_exception", Reason: `repository type \[tape\] does not exist`},
	{Name: "no-type", EngineOnly: true, Call: "PUT /_snapshot/bad", Body: `{"settings":{}}`, Status: 400, Error: "action_request_validation_exception", Reason: `type is missing`},
	{Name: "malformed", EngineOnly: true, Call: "PUT /_snapshot/bad", Body: `{"type":`, Status: 400, Volatile: "reason type"},
	{Name: "name-hash", Call: "PUT /_snapshot/a%23b", Body: "@repository", Status: 500, Error: "repository_exception", Reason: `must not contain '#'`},
	{Name: "name-blank", Call: "PUT /_snapshot/a%20b", Body: "@repository", Status: 500, Error: "repository_exception", Reason: `must not contain the following characters|must not contain whitespace`},
	{Name: "name-star", Call: "PUT /_snapshot/a%2Ab", Body: "@repository", Status: 500, Error: "repository_exception", Reason: `must not contain the following characters`},
	{Name: "name-comma", Call: "PUT /_snapshot/a,b", Body: "@repository", Status: 500, Error: "repository_exception", Reason: `must not contain the following characters`},
	{Name: "cleanup", Call: "POST /_snapshot/r/_cleanup"},
	{Name: "delete", Call: "DELETE /_snapshot/r"},
	{Name: "delete-missing", Call: "DELETE /_snapshot/r", Status: 404, Error: "repository_missing_exception", Reason: `^\[r\] missing$`},
	{Name: "left", Call: "GET /_snapshot"},
}}

// storeRefuses needs a node with the real S3 plugin, for the errors are those of
// its SDK. All come as a failed verification that leaves a registration behind.
var storeRefuses = Scenario{Name: "store-refuses", On: []string{"3.4.0"}, Denies: true, Cases: []Case{
	{Name: "no-bucket-named", Call: "PUT /_snapshot/r", Body: "@repository bucket=", Status: 500, Error: "repository_verification_exception", Reason: notAccessible},
	{Name: "no-bucket-stays", Call: "GET /_snapshot/r"},
	{Name: "bucket-missing", Call: "PUT /_snapshot/r", Body: "@repository bucket=no-such-bucket", Status: 500, Error: "repository_verification_exception", Reason: notAccessible},
	{Name: "bucket-missing-stays", Call: "GET /_snapshot/r"},
	{Name: "bucket-missing-readonly", Call: "PUT /_snapshot/ro", Body: "@repository bucket=no-such-bucket readonly=true", Status: 500, Error: "repository_verification_exception"},
	{Name: "bucket-missing-list", Call: "GET /_snapshot/ro/_all", Status: 500},
	{Call: "DENY PUT"},
	{Name: "put", Call: "PUT /_snapshot/r", Body: "@repository", Status: 500, Error: "repository_verification_exception", Reason: notAccessible},
	{Name: "put-verify", Call: "POST /_snapshot/r/_verify", Status: 500, Error: "repository_verification_exception", Reason: notAccessible},
	{Name: "put-readonly", Call: "PUT /_snapshot/ro", Body: "@repository readonly=true"},
	{Name: "put-unverified", Call: "PUT /_snapshot/r?verify=false", Body: "@repository"},
	{Name: "put-create", Call: "PUT /_snapshot/r/s1?wait_for_completion=true", Status: 500},
	{Call: "DENY GET"},
	{Name: "get", Call: "PUT /_snapshot/r", Body: "@repository", Status: 500, Error: "repository_verification_exception"},
	{Name: "get-readonly", Call: "PUT /_snapshot/ro", Body: "@repository readonly=true", Status: 500, Error: "repository_verification_exception"},
	{Name: "get-list", Call: "GET /_snapshot/ro/_all", Status: 500},
	{Call: "DENY POST"},
	{Name: "post", Call: "PUT /_snapshot/r", Body: "@repository", Status: 500, Error: "repository_verification_exception"},
	{Call: "DENY *"},
	{Name: "everything", Call: "PUT /_snapshot/r", Body: "@repository", Status: 500, Error: "repository_verification_exception", Reason: notAccessible},
	{Name: "everything-readonly", Call: "PUT /_snapshot/ro", Body: "@repository readonly=true", Status: 500, Error: "repository_verification_exception"},
	{Call: "DENY"},
	{Name: "mended", Call: "POST /_snapshot/r/_verify"},
}}

const notAccessible = `^\[r\] path \[store-refuses-3\.4\.0\] is not accessible on cluster-manager node$`
