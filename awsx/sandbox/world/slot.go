package world

import (
	"strconv"

	"snapferry/awsx/awsid"
)

// slotsPerNode is how many roles one real node can use in its life.
const slotsPerNode = 8

// Slot is an S3 client of a real node behind a domain. A node's clients and
// their keys are fixed when it starts, while roles come and go; so a slot has
// its key for good and is bound to a role when that is first registered.
type Slot struct {
	// Client is the name in the node's settings: slot1, slot2, …
	Client, Key, Secret string
	Account             awsid.AccountID
	Region              awsid.Region
	Domain              awsid.DomainName
	// Role is the ARN of the role the slot stands for, "" while it is free.
	Role string `json:",omitempty"`
}

// MakeSlots gives the slots of a domain, making them the first time.
func (s *State) MakeSlots(d *Domain) []*Slot {
	var own []*Slot
	for _, slot := range s.Slots {
		if slot.Account == d.Account && slot.Region == d.Region && slot.Domain == d.Name {
			own = append(own, slot)
		}
	}
	for n := len(own) + 1; n <= slotsPerNode; n++ {
		slot := &Slot{
			Client: "slot" + strconv.Itoa(n), Key: s.ID("AKIA", 16), Secret: s.Secret(),
			Account: d.Account, Region: d.Region, Domain: d.Name,
		}
		s.Slots, own = append(s.Slots, slot), append(own, slot)
	}
	return own
}

// Slot finds the slot with this access key, nil when there is none.
func (s *State) Slot(key string) *Slot {
	for _, slot := range s.Slots {
		if slot.Key == key {
			return slot
		}
	}
	return nil
}
