package kms

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// What every key here is.
const (
	keySpec   = "SYMMETRIC_DEFAULT"
	keyUsage  = "ENCRYPT_DECRYPT"
	keyOrigin = "AWS_KMS"
)

// Days a key can be given before it is deleted.
const (
	leastWindow = 7
	usualWindow = 30
	mostWindow  = 30
)

func (s *service) keyOperations() map[string]wire.TargetOperation {
	return map[string]wire.TargetOperation{
		"CreateKey":            operation(s, true, call.createKey),
		"DescribeKey":          operation(s, false, call.describeKey),
		"ListKeys":             operation(s, false, call.listKeys),
		"UpdateKeyDescription": operation(s, true, call.updateDescription),
		"EnableKey":            operation(s, true, func(c call, in keyRef) (any, error) { return c.turn(in, false) }),
		"DisableKey":           operation(s, true, func(c call, in keyRef) (any, error) { return c.turn(in, true) }),
		"ScheduleKeyDeletion":  operation(s, true, call.scheduleDeletion),
		"CancelKeyDeletion":    operation(s, true, call.cancelDeletion),
		"EnableKeyRotation":    operation(s, true, func(c call, in keyRef) (any, error) { return c.rotate(in, true) }),
		"DisableKeyRotation":   operation(s, true, func(c call, in keyRef) (any, error) { return c.rotate(in, false) }),
		"GetKeyRotationStatus": operation(s, false, call.rotation),
	}
}

type keyRef struct{ KeyId string }

// metadata is KeyMetadata.
type metadata struct {
	AWSAccountId, KeyId, Arn, Description                                  string
	CreationDate                                                           float64
	Enabled                                                                bool
	KeyState, KeyUsage, Origin, KeyManager, CustomerMasterKeySpec, KeySpec string
	EncryptionAlgorithms                                                   []string
	MultiRegion                                                            bool
	DeletionDate                                                           float64 `json:",omitempty"`
}

func describe(k world.KMSKey) metadata {
	m := metadata{
		AWSAccountId: string(k.Account), KeyId: k.ID, Arn: k.ARN().String(), Description: k.Description, CreationDate: seconds(k.Created),
		KeyUsage: keyUsage, Origin: keyOrigin, KeyManager: "CUSTOMER", CustomerMasterKeySpec: keySpec, KeySpec: keySpec,
		EncryptionAlgorithms: []string{keySpec}, KeyState: "Enabled",
	}
	if k.Service != "" {
		m.KeyManager = "AWS"
	}
	switch {
	case !k.Deletion.IsZero():
		m.KeyState, m.DeletionDate = "PendingDeletion", seconds(k.Deletion)
	case k.Disabled:
		m.KeyState = "Disabled"
	}
	m.Enabled = m.KeyState == "Enabled"
	return m
}

// seconds is a time as the protocol writes it.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// ask finds a key and asks for the operation on it. Operations that AWS does not
// offer across accounts are refused for a key of another one, whatever its
// policy says.
func (c call) ask(ref string, across bool) (world.KMSKey, error) {
	k, err := c.find(ref)
	if err != nil {
		return k, err
	}
	if strings.Contains(ref, "alias/") {
		c.facts["kms:RequestAlias"] = []string{ref[strings.Index(ref, "alias/"):]}
	}
	if !across && k.Account != c.caller.Account {
		return k, c.hidden(k.ARN().String())
	}
	return k, c.mayUse(k)
}

type tag struct{ TagKey, TagValue string }

type createInput struct {
	Policy, Description            string
	KeySpec, CustomerMasterKeySpec string
	KeyUsage, Origin               string
	MultiRegion                    bool
	BypassPolicyLockoutSafetyCheck bool
	Tags                           []tag
}

// createKey makes a symmetric key, with the policy that leaves all to the
// account's own policies if none is given.
func (c call) createKey(in createInput) (any, error) {
	c.facts["kms:KeySpec"], c.facts["kms:KeyUsage"], c.facts["kms:KeyOrigin"] = []string{keySpec}, []string{keyUsage}, []string{keyOrigin}
	for _, t := range in.Tags {
		c.facts["aws:RequestTag/"+t.TagKey] = []string{t.TagValue}
	}
	if err := c.allow("*"); err != nil {
		return nil, err
	}
	for _, wish := range [][2]string{{in.KeySpec, keySpec}, {in.CustomerMasterKeySpec, keySpec}, {in.KeyUsage, keyUsage}, {in.Origin, keyOrigin}} {
		if wish[0] != "" && wish[0] != wish[1] || in.MultiRegion {
			return nil, fault("UnsupportedOperationException", "The sandbox makes symmetric keys of one region for encryption only")
		}
	}
	doc := in.Policy
	if doc == "" {
		doc = defaultPolicy(c.caller.Account)
	}
	var bound string
	var err error
	c.world.Read(func(s *world.State) { bound, err = bindPolicy(s, doc) })
	if err == nil && !in.BypassPolicyLockoutSafetyCheck {
		// The key has no id yet; policies that name one cannot be meant.
		err = c.lockedOut(world.KMSKey{ID: "new", Account: c.caller.Account, Region: c.region}, bound)
	}
	if err != nil {
		return nil, err
	}
	var made world.KMSKey
	err = c.world.Write(func(s *world.State) error {
		k := s.AddKMSKey(c.caller.Account, c.region, c.world.Now())
		k.Description, k.Policy = in.Description, bound
		for _, t := range in.Tags {
			k.Tags[t.TagKey] = t.TagValue
		}
		made = *k
		return nil
	})
	return map[string]any{"KeyMetadata": describe(made)}, err
}

func (c call) describeKey(in keyRef) (any, error) {
	k, err := c.ask(in.KeyId, true)
	if err != nil {
		return nil, err
	}
	return map[string]any{"KeyMetadata": describe(k)}, nil
}

func (c call) listKeys(in pageInput) (any, error) {
	if err := c.allow("*"); err != nil {
		return nil, err
	}
	type entry struct{ KeyId, KeyArn string }
	var all []entry
	c.world.Read(func(s *world.State) {
		for _, k := range s.KMSKeys {
			if s.KMSKey(c.caller.Account, c.region, k.ID, c.world.Now()) == k {
				all = append(all, entry{k.ID, k.ARN().String()})
			}
		}
	})
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.KeyId, b.KeyId) })
	return paged(in, "Keys", all), nil
}

// pageInput is how lists are asked for.
type pageInput struct {
	KeyId  string
	Limit  int
	Marker string
}

// paged cuts a list. The marker is the number of items before it.
func paged[T any](in pageInput, name string, all []T) map[string]any {
	from, _ := strconv.Atoi(in.Marker)
	from = min(max(from, 0), len(all))
	size := in.Limit
	if size < 1 {
		size = 100
	}
	to := min(from+size, len(all))
	out := map[string]any{name: append([]T{}, all[from:to]...), "Truncated": to < len(all)}
	if to < len(all) {
		out["NextMarker"] = strconv.Itoa(to)
	}
	return out
}
