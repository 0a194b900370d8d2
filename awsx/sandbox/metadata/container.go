package metadata

import (
	"net/http"
	"strings"

	"snapferry/awsx/sandbox/wire"
)

// Where containers get their credentials: tasks by a path they are told in
// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, pods by a URL and a token.
const (
	taskPath = "/v2/credentials/"
	podPath  = "/v1/credentials/"
)

// The services a role must trust to be a task's or a pod's.
const (
	tasks = "ecs-tasks.amazonaws.com"
	pods  = "pods.eks.amazonaws.com"
)

// TaskPath is the relative URI of a task with this role.
func TaskPath(account, role string) string { return taskPath + account + "/" + role }

// PodPath is where a pod with this role asks, below the sandbox's own address.
func PodPath(account, role string) string { return podPath + account + "/" + role }

// container answers tasks and pods. The path says which one asks: whoever knows
// another's path gets the other's credentials, which is why pods need a token.
func (s *Service) container(w http.ResponseWriter, r *http.Request) {
	note(r, "ContainerCredentials")
	service, prefix := tasks, taskPath
	if strings.HasPrefix(r.URL.Path, podPath) {
		service, prefix = pods, podPath
	}
	account, role, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, prefix), "/")
	switch {
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	case service == pods && r.Header.Get("Authorization") != s.pods:
		http.Error(w, "Unauthorized", http.StatusUnauthorized)
		return
	case !ok || !strings.HasPrefix(r.URL.Path, prefix):
		refuse(w, "CredentialsV2Request: No Credential ID in the request")
		return
	}
	m := Machine{account, role, s.home}
	session, arn, v := s.credentials(m, service, m.id(32))
	if v != given {
		refuse(w, "CredentialsV2Request: Credentials not found")
		return
	}
	out := map[string]string{
		"RoleArn": arn.String(), "AccessKeyId": session.Key, "SecretAccessKey": session.Secret, "Token": session.Token, "Expiration": stamp(session.Expires),
	}
	if service == pods {
		delete(out, "RoleArn")
		out["AccountId"] = string(arn.Account)
	}
	wire.JSON(w, http.StatusOK, out)
}

// refuse is the agent's answer to a path that leads to no role.
func refuse(w http.ResponseWriter, message string) {
	wire.JSON(w, http.StatusBadRequest, map[string]any{"code": "InvalidIdInRequest", "message": message, "HTTPErrorCode": http.StatusBadRequest})
}
