package resource

import (
	"encoding/json"

	"snapferry/awsx/account"
	"snapferry/steps"
)

// Bucket is the document of a bucket: Ref{KindBucket, owner's side, NAME}.
type Bucket struct {
	Region string `json:"region"`
	// Owner is ours, theirs or unknown, seen from the side's control identity.
	Owner      account.Ownership          `json:"owner"`
	Encryption *account.Encryption        `json:"encryption,omitempty"`
	Block      *account.PublicAccessBlock `json:"public_access_block,omitempty"`
	// Ownership is the object ownership setting as S3 spells it.
	Ownership string `json:"object_ownership,omitempty"`
	// Tags are our own only (prefix "snapferry:"); others' are left alone.
	Tags map[string]string `json:"tags,omitempty"`
}

// Role is the document of an IAM role: Ref{KindRole, side, NAME}.
type Role struct {
	// ARN is as IAM spells it; a wanted document builds it from account, path and name.
	ARN         string            `json:"arn"`
	Description string            `json:"description,omitempty"`
	Boundary    string            `json:"boundary,omitempty"`
	Trust       steps.Doc         `json:"-"`
	Tags        map[string]string `json:"tags,omitempty"`
	// Inline are the role's own policies by name, canonical.
	Inline map[string]steps.Doc `json:"-"`
	// Attached are the ARNs of managed policies, sorted. We never attach any.
	Attached []string `json:"attached,omitempty"`
}

// Repository is the document of a snapshot repository registration:
// Ref{KindRepository, side, NAME}. Settings are strings, as the engine gives
// them back; a false readonly is left out.
type Repository struct {
	Type     string            `json:"type"`
	Settings map[string]string `json:"settings"`
}

// Doc is the canonical document.
func (b Bucket) Doc() steps.Doc { return canonical(b) }

// Doc is the canonical document.
func (r Repository) Doc() steps.Doc { return canonical(r.normal()) }

// ParseBucket reads what Bucket.Doc wrote; ok is false for the absent document.
func ParseBucket(doc steps.Doc) (b Bucket, ok bool, err error) {
	ok, err = parse(doc, &b)
	return b, ok, err
}

// ParseRepository reads what Repository.Doc wrote; ok is false for the absent document.
func ParseRepository(doc steps.Doc) (r Repository, ok bool, err error) {
	ok, err = parse(doc, &r)
	return r, ok, err
}

// ParseRole reads what Role.Doc wrote; ok is false for the absent document.
func ParseRole(doc steps.Doc) (r Role, ok bool, err error) {
	ok, err = parse(doc, &r)
	return r, ok, err
}

// Doc is the canonical document.
func (r Role) Doc() steps.Doc { return canonical(r) }

// roleWire is a Role in JSON: documents inside documents instead of texts.
type roleWire struct {
	roleFields
	Trust  json.RawMessage            `json:"trust,omitempty"`
	Inline map[string]json.RawMessage `json:"inline_policies,omitempty"`
}

type roleFields Role

// MarshalJSON nests the policies as JSON rather than as text, for readers.
func (r Role) MarshalJSON() ([]byte, error) {
	w := roleWire{roleFields: roleFields(r), Trust: json.RawMessage(r.Trust)}
	for name, doc := range r.Inline {
		if w.Inline == nil {
			w.Inline = map[string]json.RawMessage{}
		}
		w.Inline[name] = json.RawMessage(doc)
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Role) UnmarshalJSON(b []byte) error {
	var w roleWire
	if err := strict(b, &w); err != nil {
		return err
	}
	*r = Role(w.roleFields)
	r.Trust = steps.Doc(w.Trust)
	for name, doc := range w.Inline {
		if r.Inline == nil {
			r.Inline = map[string]steps.Doc{}
		}
		r.Inline[name] = steps.Doc(doc)
	}
	return nil
}
