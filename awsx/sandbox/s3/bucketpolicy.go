package s3

import (
	"encoding/xml"
	"net/http"
	"strings"

	"snapferry/awsx/policy"
)

// mayPolicy decides about the bucket policy itself. The owner's root can always
// reach it, or a bad policy could lock everybody out for good; another account
// never can, whatever its policy says.
func (c *call) mayPolicy(action string) error {
	if !c.who.Anonymous && c.who.Account == c.cfg.Owner && c.who.Principal.Resource == "root" {
		return nil
	}
	if err := c.may(action, c.resource(), nil); err != nil {
		return err
	}
	// Being allowed is not enough: the policy is the owner's to give away.
	if c.who.Account != c.cfg.Owner {
		return newError(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	}
	return nil
}

// getPolicy gives the text back letter by letter as it was sent, principals that are
// gone apart: in their place stands the unique id IAM kept.
func (c *call) getPolicy() error {
	if err := c.mayPolicy("s3:GetBucketPolicy"); err != nil {
		return err
	}
	if c.cfg.Policy == "" {
		return c.noPolicy()
	}
	c.w.Header().Set("Content-Type", "application/json")
	_, _ = c.w.Write([]byte(c.s.Principals.Show(c.cfg.Policy)))
	return nil
}

func (c *call) noPolicy() error {
	return newError(http.StatusNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist", Detail{"BucketName", c.at.bucket})
}

// putPolicy replaces the whole document: S3 has no way to add one statement, which
// is why merging is the client's duty.
func (c *call) putPolicy() error {
	if err := c.mayPolicy("s3:PutBucketPolicy"); err != nil {
		return err
	}
	body, err := c.document()
	if err != nil {
		return err
	}
	doc, err := c.checkPolicy(body)
	if err != nil {
		return err
	}
	if c.cfg.PublicAccess != nil && c.cfg.PublicAccess.BlockPublicPolicy && public(doc) {
		return accessDenied("User: " + c.who.Name() + " is not authorized to perform: s3:PutBucketPolicy on resource: \"" + c.resource() +
			"\" because public policies are blocked by the BlockPublicPolicy block public access setting.")
	}
	// A role that does not exist yet is refused here, so a policy that names the other
	// side's role cannot come before the role.
	bound, err := c.s.Principals.Bind(string(body))
	if err != nil {
		return malformedPolicy("Invalid principal in policy")
	}
	if err := c.change(func(b *BucketConfig) { b.Policy = bound }); err != nil {
		return err
	}
	return c.noContent()
}

// deletePolicy succeeds where there is no policy, too.
func (c *call) deletePolicy() error {
	if err := c.mayPolicy("s3:DeleteBucketPolicy"); err != nil {
		return err
	}
	if err := c.change(func(b *BucketConfig) { b.Policy = "" }); err != nil {
		return err
	}
	return c.noContent()
}

// getPolicyStatus tells what the public access block goes by.
func (c *call) getPolicyStatus() error {
	if c.cfg.Policy == "" {
		return c.noPolicy()
	}
	doc, err := policy.Parse([]byte(c.cfg.Policy))
	if err != nil {
		return err
	}
	return c.answer(struct {
		XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ PolicyStatus"`
		IsPublic bool
	}{IsPublic: public(doc)})
}

func malformedPolicy(message string) *Error {
	return newError(http.StatusBadRequest, "MalformedPolicy", message)
}

// checkPolicy reads a policy as S3 does on saving; who its principals are is not
// asked here. Where S3's own sentence for a fault is not known, ours explains it.
func (c *call) checkPolicy(body []byte) (policy.Document, error) {
	if trimmed := strings.TrimSpace(string(body)); !strings.HasPrefix(trimmed, "{") {
		return policy.Document{}, malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
	}
	doc, err := policy.Parse(body)
	if err != nil {
		return policy.Document{}, malformedPolicy(err.Error())
	}
	for _, s := range doc.Statements {
		switch {
		case s.Principal == nil && s.NotPrincipal == nil:
			return policy.Document{}, malformedPolicy("Missing required field Principal")
		case s.Resource == nil && s.NotResource == nil:
			return policy.Document{}, malformedPolicy("Missing required field Resource")
		case !c.ownResources(append(s.Resource, s.NotResource...)):
			return policy.Document{}, malformedPolicy("Policy has invalid resource")
		case !s3Actions(append(s.Action, s.NotAction...)):
			return policy.Document{}, malformedPolicy("Policy has invalid action")
		case len(s.NotAction) == 0 && !applies(s):
			return policy.Document{}, malformedPolicy("Action does not apply to any resource(s) in statement")
		case !goodPrincipals(s):
			return policy.Document{}, malformedPolicy("Invalid principal in policy")
		}
	}
	if err := doc.Validate(policy.KindBucket); err != nil {
		return policy.Document{}, malformedPolicy(err.Error())
	}
	return doc, nil
}

// ownResources wants every resource to be this bucket or something in it.
func (c *call) ownResources(resources []string) bool {
	// A pattern may reach beyond the bucket, as long as it reaches it.
	own := bucketARN(c.at.bucket)
	for _, r := range resources {
		if r != own && !strings.HasPrefix(r, own+"/") && !(strings.HasSuffix(r, "*") && strings.HasPrefix(own, strings.TrimSuffix(r, "*"))) && r != own+"*" {
			return false
		}
	}
	return len(resources) > 0
}

// s3Actions takes "*" as well: it means every action S3 has.
func s3Actions(actions []string) bool {
	for _, a := range actions {
		if a != "*" && !strings.HasPrefix(strings.ToLower(a), "s3:") {
			return false
		}
	}
	return len(actions) > 0
}

// bucketActions, by their beginnings, are about the bucket; those that read,
// write and delete objects and their parts are about objects.
var (
	objectVerbs   = []string{"s3:getobject", "s3:putobject", "s3:deleteobject", "s3:restoreobject", "s3:abortmultipartupload", "s3:listmultipartuploadparts", "s3:bypassgovernanceretention", "s3:replicate"}
	objectSetting = "s3:getobjectlockconfiguration"
)

// applies refuses a statement none of whose actions fits any of its resources,
// such as s3:GetObject on the bucket alone: a mistake people make often.
func applies(s policy.Statement) bool {
	for _, a := range s.Action {
		if strings.ContainsAny(a, "*?") {
			return true
		}
		// A wildcard resource without a slash covers bucket and objects alike.
		onObjects := aboutObjects(strings.ToLower(a))
		for _, r := range append(s.Resource, s.NotResource...) {
			if strings.Contains(r, "/") == onObjects || strings.HasSuffix(r, "*") && !strings.Contains(r, "/") {
				return true
			}
		}
	}
	return false
}

func aboutObjects(action string) bool {
	if action == objectSetting {
		return false
	}
	for _, v := range objectVerbs {
		if strings.HasPrefix(action, v) {
			return true
		}
	}
	return false
}

// goodPrincipals refuses what no principal can be. A unique id stands for somebody
// who was deleted: S3 shows such ids but does not take them back.
func goodPrincipals(s policy.Statement) bool {
	for _, p := range []policy.Principals{s.Principal, s.NotPrincipal} {
		for kind, values := range p {
			for _, v := range values {
				bad := kind == "AWS" && (policy.IsUniqueID(v) || v != "*" && strings.ContainsAny(v, "*?"))
				if bad || kind == "*" && v != "*" {
					return false
				}
			}
		}
	}
	return true
}
