package sandbox

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/s3"
	"snapferry/awsx/sandbox/world"
)

// makeBucket makes a bucket of the source account as S3 makes one, with a policy
// and the default encryption. One that is there stays.
func (s *Sandbox) makeBucket(name, policy string, encryption s3.Encryption) error {
	register := s3.WorldRegister{World: s.world}
	if _, there := register.Bucket(name); there {
		return nil
	}
	bound, err := register.Bind(policy)
	if err != nil {
		return err
	}
	var began time.Time
	s.world.Read(func(st *world.State) { began = st.Began })
	if err := s.store.MakeBucket(name); err != nil {
		return err
	}
	cfg := s3.NewBucket(name, SourceAccount, Region, began.Add(-age))
	cfg.Policy, cfg.Encryption = bound, encryption
	return register.Put(cfg)
}

// overTLS is the statement every careful bucket has.
func overTLS(bucket string) string {
	return `{"Sid":"TLSOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::` + bucket + `","arn:aws:s3:::` + bucket +
		`/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
}

// sharedWith lets a role of the target account read a bucket.
func sharedWith(bucket, role string) string {
	arn := awsid.RoleARN(awsid.PartitionAWS, TargetAccount, "/", awsid.RoleName(role)).String()
	return `{"Sid":"SharedWithTarget","Effect":"Allow","Principal":{"AWS":"` + arn + `"},"Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::` +
		bucket + `","arn:aws:s3:::` + bucket + `/*"]}`
}

func statements(list ...string) string {
	doc := `{"Version":"2012-10-17","Statement":[`
	for i, one := range list {
		if i > 0 {
			doc += ","
		}
		doc += one
	}
	return doc + `]}`
}

// dealBucket makes the migration's bucket, shared or not, encrypted with a key by
// its alias or as S3 does by itself.
func dealBucket(shared bool, alias string) func(context.Context, *Sandbox) error {
	return func(_ context.Context, s *Sandbox) error {
		doc := statements(overTLS(ownBucket))
		if shared {
			doc = statements(overTLS(ownBucket), sharedWith(ownBucket, ownRole))
		}
		var e s3.Encryption
		if alias != "" {
			s.world.Read(func(st *world.State) {
				if a := st.KMSAlias(SourceAccount, Region, alias); a != nil {
					key := world.KMSKey{ID: a.Key, Account: a.Account, Region: a.Region}
					e = s3.Encryption{Algorithm: "aws:kms", Key: key.ARN().String(), BucketKey: true}
				}
			})
		}
		return s.makeBucket(ownBucket, doc, e)
	}
}

// labelledDomain is a copy of a default domain.
func (s *Sandbox) labelledDomain(label string) (d world.Domain) {
	s.world.Read(func(st *world.State) { d = *st.DomainLabelled(label) })
	return d
}

// dealAllAccess maps the administrator beside the master, and to the one role only.
func dealAllAccess(ctx context.Context, s *Sandbox) error {
	d := s.labelledDomain("source")
	path := securityAPI(d) + "rolesmapping/all_access"
	raw, err := s.asMaster(ctx, d, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	var live map[string]struct {
		Users         []string `json:"users"`
		BackendRoles  []string `json:"backend_roles"`
		Hosts         []string `json:"hosts"`
		AndedBackends []string `json:"and_backend_roles"`
	}
	if err := json.Unmarshal(raw, &live); err != nil {
		return err
	}
	m := live["all_access"]
	admin := world.User{Name: adminUser, Path: "/"}
	m.Users = merged(m.Users, (&world.Account{ID: d.Account}).UserARN(&admin).String())
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = s.asMaster(ctx, d, http.MethodPut, path, body)
	return err
}

// dealNightly takes a snapshot of everything on the source and registers its
// repository on the target too.
func dealNightly(ctx context.Context, s *Sandbox) error {
	err := s.makeBucket(nightlyBucket, statements(overTLS(nightlyBucket), sharedWith(nightlyBucket, nightlyRole)), s3.Encryption{})
	if err != nil {
		return err
	}
	type settings struct {
		Bucket   string `json:"bucket"`
		Region   string `json:"region"`
		BasePath string `json:"base_path"`
		RoleARN  string `json:"role_arn"`
		ReadOnly bool   `json:"readonly,omitempty"`
	}
	const snapshot = "/_snapshot/" + nightly + "/nightly-0001"
	for _, ask := range []struct{ label, method, path, body string }{
		{"source", http.MethodPut, "/_snapshot/" + nightly, ""},
		{"source", http.MethodPut, snapshot, `{"indices":"*","include_global_state":false}`},
		{"source", http.MethodGet, snapshot, ""}, // by which it comes to its end
		{"target", http.MethodPut, "/_snapshot/" + nightly, ""},
	} {
		d := s.labelledDomain(ask.label)
		body := []byte(ask.body)
		if ask.method == http.MethodPut && ask.body == "" {
			role := awsid.RoleARN(awsid.PartitionAWS, d.Account, "/", nightlyRole).String()
			body, err = json.Marshal(map[string]any{"type": "s3", "settings": settings{nightlyBucket, string(Region), nightly, role, ask.label == "target"}})
			if err != nil {
				return err
			}
		}
		if _, err := s.asMaster(ctx, d, ask.method, ask.path, body); err != nil {
			return err
		}
	}
	return nil
}
