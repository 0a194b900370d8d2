package kms

import (
	"strings"

	"snapferry/awsx/sandbox/world"
)

// awsAlias begins the aliases of keys that AWS manages; nobody else can use it.
const awsAlias = "alias/aws/"

// managed gives the key that AWS manages for a service in the caller's account,
// making it the first time. Only S3 is on the road of a migration.
func (c call) managed(service string) (world.KMSKey, error) {
	name := awsAlias + service
	if service != "s3" {
		return world.KMSKey{}, noAlias((&world.KMSAlias{Name: name, Account: c.caller.Account, Region: c.region}).ARN().String())
	}
	var out world.KMSKey
	var there bool
	look := func(s *world.State) {
		if a := s.KMSAlias(c.caller.Account, c.region, name); a != nil {
			out, there = *s.KMSKey(a.Account, a.Region, a.Key, c.world.Now()), true
		}
	}
	if c.world.Read(look); there {
		return out, nil
	}
	err := c.world.Write(func(s *world.State) error {
		// Two may have come at once.
		if look(s); there {
			return nil
		}
		now := c.world.Now()
		k := s.AddKMSKey(c.caller.Account, c.region, now)
		k.Service, k.Rotated = service, true
		k.Description = "Default key that protects my S3 objects when no other key is defined"
		k.Policy = strings.NewReplacer("ACCOUNT", string(k.Account), "REGION", string(k.Region)).Replace(s3Policy)
		s.KMSAliases = append(s.KMSAliases, &world.KMSAlias{Name: name, Account: k.Account, Region: k.Region, Key: k.ID, Created: now, Updated: now})
		out = *k
		return nil
	})
	return out, err
}

// s3Policy is the policy AWS gives the key aws/s3: through S3 everybody of the
// account, directly a look at it. It names no other account and nobody may
// change it, which is why nothing encrypted with it can be shared.
const s3Policy = `{"Version":"2012-10-17","Id":"auto-s3-2","Statement":[` +
	`{"Sid":"Allow access through S3 for all principals in the account that are authorized to use S3","Effect":"Allow","Principal":{"AWS":"*"},` +
	`"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:DescribeKey"],"Resource":"*",` +
	`"Condition":{"StringEquals":{"kms:ViaService":"s3.REGION.amazonaws.com","kms:CallerAccount":"ACCOUNT"}}},` +
	`{"Sid":"Allow direct access to key metadata to the account","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::ACCOUNT:root"},` +
	`"Action":["kms:Describe*","kms:Get*","kms:List*"],"Resource":"*"}]}`
