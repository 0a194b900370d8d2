package s3

import (
	"net/http"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
)

// The two canned lists that mean "nobody else".
const (
	aclPrivate      = "private"
	aclOwnerControl = "bucket-owner-full-control"
)

// ownerKey is the attribute that names an object's owner where that is not the
// bucket's: uploads by other accounts, on buckets that do not enforce ownership.
const ownerKey = "owner"

// mayWrite decides about writing an object with a canned list. The list private
// needs no right of its own, or the snapshot roles of AWS's own documentation
// could not write: the engine sends it with every object.
func (s *Service) mayWrite(who access.Caller, cfg BucketConfig, key string, ctx map[string][]string) error {
	resource := objectARN(cfg.Name, key)
	if err := s.may(who, cfg, "s3:PutObject", resource, ctx); err != nil {
		return err
	}
	// The gate sees the list as a condition key; so do we, whichever way it came.
	acl := ""
	if v := ctx["s3:x-amz-acl"]; len(v) > 0 {
		acl = v[0]
	}
	if acl != "" && acl != aclPrivate {
		if err := s.may(who, cfg, "s3:PutObjectAcl", resource, ctx); err != nil {
			return err
		}
	}
	return cfg.takes(who.Account, acl)
}

// takes says whether the bucket takes an object with the list. On an enforced
// bucket private is taken from its owner's account and refused from any other:
// it would keep the bucket's owner out.
func (c BucketConfig) takes(writer awsid.AccountID, acl string) error {
	if c.Ownership != ownerEnforced || acl == "" || acl == aclOwnerControl || acl == aclPrivate && writer == c.Owner {
		return nil
	}
	return newError(http.StatusBadRequest, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}

// grants refuses lists that are spelt out in headers.
func (c *call) grants() error {
	// Nobody on the road of a migration sends these; a false success would share objects.
	for name := range c.r.Header {
		if !strings.HasPrefix(name, "X-Amz-Grant-") {
			continue
		}
		if c.cfg.Ownership == ownerEnforced {
			return newError(http.StatusBadRequest, "AccessControlListNotSupported", "The bucket does not allow ACLs")
		}
		return notImplemented()
	}
	return nil
}

// ownerOf is the account a new object belongs to.
func (c BucketConfig) ownerOf(writer awsid.AccountID, acl string) awsid.AccountID {
	switch {
	case writer == c.Owner, writer == "", c.Ownership == ownerEnforced:
		return c.Owner
	case c.Ownership == ownerPreferred && acl == aclOwnerControl:
		return c.Owner
	}
	return writer
}

// mayRead decides about an object that another account owns: policies of the
// bucket do not reach it, so its owner's account alone can read it, and the
// bucket's with the list bucket-owner-full-control.
func mayRead(who access.Caller, cfg BucketConfig, attr map[string]string) error {
	owner := awsid.AccountID(attr[ownerKey])
	if owner == "" || owner == cfg.Owner || who.Account == owner {
		return nil
	}
	if who.Account == cfg.Owner && attr["x-amz-acl"] == aclOwnerControl {
		return nil
	}
	return accessDenied("Access Denied")
}
