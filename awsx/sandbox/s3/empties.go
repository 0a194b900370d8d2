package s3

import (
	"encoding/xml"
	"net/http"
)

// emptyOperations answer for what a bucket here never has: the documents and
// refusals a fresh bucket gives, which Terraform and the consoles read.
func emptyOperations() []operation {
	empty := func(name, sub, action, document string) operation {
		return operation{name: name, on: onBucket, method: http.MethodGet, sub: sub, action: "s3:" + action, run: func(c *call) error {
			c.w.Header().Set("Content-Type", "application/xml")
			_, _ = c.w.Write([]byte(xml.Header + document))
			return nil
		}}
	}
	none := func(name, sub, action, code, message string) operation {
		return operation{name: name, on: onBucket, method: http.MethodGet, sub: sub, action: "s3:" + action, run: func(c *call) error {
			return newError(http.StatusNotFound, code, message, Detail{"BucketName", c.at.bucket})
		}}
	}
	element := func(name, inside string) string {
		return "<" + name + ` xmlns="` + xmlns + `">` + inside + "</" + name + ">"
	}
	return []operation{
		empty("GetBucketVersioning", "versioning", "GetBucketVersioning", element("VersioningConfiguration", "")),
		empty("GetBucketRequestPayment", "requestPayment", "GetBucketRequestPayment", element("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>")),
		empty("GetBucketLogging", "logging", "GetBucketLogging", element("BucketLoggingStatus", "")),
		empty("GetBucketNotification", "notification", "GetBucketNotification", element("NotificationConfiguration", "")),
		empty("GetBucketAccelerateConfiguration", "accelerate", "GetAccelerateConfiguration", element("AccelerateConfiguration", "")),
		none("GetBucketCors", "cors", "GetBucketCORS", "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
		none("GetBucketWebsite", "website", "GetBucketWebsite", "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
		none("GetBucketReplication", "replication", "GetReplicationConfiguration", "ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
		none("GetObjectLockConfiguration", "object-lock", "GetBucketObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"),
		{name: "GetBucketAcl", on: onBucket, method: http.MethodGet, sub: "acl", action: "s3:GetBucketAcl", run: (*call).getBucketAcl},
	}
}

// getBucketAcl names the owner alone, lists being disabled.
func (c *call) getBucketAcl() error { return c.ownerOnly(canonicalID(c.cfg.Owner)) }

// ownerOnly is the access control list of everything in a bucket that takes no
// lists: the owner may do all, nobody else is named.
func (c *call) ownerOnly(id string) error {
	type grantee struct {
		XSI  string `xml:"xmlns:xsi,attr"`
		Type string `xml:"xsi:type,attr"`
		ID   string
	}
	type grant struct {
		Grantee    grantee
		Permission string
	}
	return c.answer(struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ AccessControlPolicy"`
		Owner   owner
		Grants  []grant `xml:"AccessControlList>Grant"`
	}{Owner: owner{ID: id}, Grants: []grant{{grantee{"http://www.w3.org/2001/XMLSchema-instance", "CanonicalUser", id}, "FULL_CONTROL"}}})
}
