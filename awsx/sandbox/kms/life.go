package kms

import (
	"time"

	"snapferry/awsx/sandbox/world"
)

// change asks for an operation on a key of the caller's account and carries it out.
func (c call) change(ref string, f func(*world.KMSKey) error) (world.KMSKey, error) {
	k, err := c.ask(ref, false)
	if err != nil {
		return k, err
	}
	err = c.write(k, func(_ *world.State, live *world.KMSKey) error {
		if err := f(live); err != nil {
			return err
		}
		k = *live
		return nil
	})
	return k, err
}

// living refuses changes to a key that is to be deleted.
func living(k *world.KMSKey) error {
	if !k.Deletion.IsZero() {
		return pending(k.ARN().String())
	}
	return nil
}

// turn switches a key off and on. It takes effect with the next use.
func (c call) turn(in keyRef, off bool) (any, error) {
	_, err := c.change(in.KeyId, func(k *world.KMSKey) error {
		k.Disabled = off
		return living(k)
	})
	return nil, err
}

func (c call) updateDescription(in struct{ KeyId, Description string }) (any, error) {
	_, err := c.change(in.KeyId, func(k *world.KMSKey) error {
		k.Description = in.Description
		return living(k)
	})
	return nil, err
}

// scheduleDeletion is the only way to delete a key: after a week at least, in
// which it can be called off and is of no use to anybody.
func (c call) scheduleDeletion(in struct {
	KeyId               string
	PendingWindowInDays *int
},
) (any, error) {
	days := usualWindow
	if in.PendingWindowInDays != nil {
		days = *in.PendingWindowInDays
	}
	if days < leastWindow || days > mostWindow {
		return nil, invalid("PendingWindowInDays must be between %d and %d", leastWindow, mostWindow)
	}
	k, err := c.change(in.KeyId, func(k *world.KMSKey) error {
		if err := living(k); err != nil {
			return err
		}
		k.Deletion, k.Window = c.world.Now().Add(time.Duration(days)*24*time.Hour), days
		return nil
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"KeyId": k.ARN().String(), "DeletionDate": seconds(k.Deletion), "KeyState": "PendingDeletion", "PendingWindowInDays": days}, nil
}

// cancelDeletion leaves the key disabled, so that it must be switched on on purpose.
func (c call) cancelDeletion(in keyRef) (any, error) {
	k, err := c.change(in.KeyId, func(k *world.KMSKey) error {
		if k.Deletion.IsZero() {
			return fault("KMSInvalidStateException", "%s is not pending deletion.", k.ARN())
		}
		k.Deletion, k.Window, k.Disabled = time.Time{}, 0, true
		return nil
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"KeyId": k.ARN().String()}, nil
}

// rotate notes the wish; material that is replaced still opens what it closed, so
// nothing else would be seen of it.
func (c call) rotate(in keyRef, on bool) (any, error) {
	_, err := c.change(in.KeyId, func(k *world.KMSKey) error {
		k.Rotated = on
		return usable(*k)
	})
	return nil, err
}

func (c call) rotation(in keyRef) (any, error) {
	k, err := c.ask(in.KeyId, true)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"KeyId": k.ARN().String(), "KeyRotationEnabled": k.Rotated}
	if k.Rotated {
		out["RotationPeriodInDays"] = 365
	}
	return out, nil
}
