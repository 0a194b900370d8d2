package session

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"

	"snapferry/awsx/awsid"
)

// machine is who the machine's role is by what the machine itself is told: in a
// closed subnet there may be no STS to ask. ok is false where it does not say.
func (s *Session) machine(ctx context.Context) (arn awsid.ARN, ok bool) {
	if len(s.id.Chain) > 0 {
		return awsid.ARN{}, false // whoever assumes a role was answered by STS
	}
	switch s.id.Base.Kind {
	case BaseInstance:
		return s.instanceRole(ctx)
	case BaseTask:
		return s.taskRole(ctx)
	}
	return awsid.ARN{}, false
}

// instanceRole puts together what STS would say: an instance's session is called
// after the instance (EC2 user guide, IAM roles).
func (s *Session) instanceRole(ctx context.Context) (awsid.ARN, bool) {
	client, err := s.metadata(s.AWS())
	if err != nil {
		return awsid.ARN{}, false
	}
	out, err := client.GetMetadata(ctx, &imds.GetMetadataInput{Path: "iam/security-credentials/"})
	if err != nil {
		return awsid.ARN{}, false
	}
	defer out.Content.Close()
	name, err := io.ReadAll(io.LimitReader(out.Content, mostOfName))
	if err != nil || len(name) == 0 {
		return awsid.ARN{}, false
	}
	about, err := client.GetInstanceIdentityDocument(ctx, &imds.GetInstanceIdentityDocumentInput{})
	if err != nil || about.AccountID == "" {
		return awsid.ARN{}, false
	}
	first, _, _ := strings.Cut(string(name), "\n")
	return awsid.ARN{
		Partition: s.region.Partition(), Service: "sts", Account: awsid.AccountID(about.AccountID),
		Resource: "assumed-role/" + strings.TrimSpace(first) + "/" + about.InstanceID,
	}, true
}

// mostOfName bounds what is read of a role's name.
const mostOfName = 1 << 10

// taskRole is the RoleArn that stands beside a task's credentials; the name of the
// session does not. A pod is not told its role.
func (s *Session) taskRole(ctx context.Context) (awsid.ARN, bool) {
	target, token, err := s.container()
	if err != nil {
		return awsid.ARN{}, false
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return awsid.ARN{}, false
	}
	if shown, err := token(); err == nil && shown != "" {
		req.Header.Set("Authorization", shown)
	}
	resp, err := s.net.SDK().Do(req)
	if err != nil {
		return awsid.ARN{}, false
	}
	defer resp.Body.Close()
	var told struct{ RoleArn string }
	if json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&told) != nil || resp.StatusCode != http.StatusOK {
		return awsid.ARN{}, false
	}
	role, err := awsid.ParseARN(told.RoleArn)
	if err != nil || role.Type() != "role" {
		return awsid.ARN{}, false
	}
	return awsid.ARN{Partition: role.Partition, Service: "sts", Account: role.Account, Resource: "assumed-role/" + role.Name() + "/task"}, true
}
