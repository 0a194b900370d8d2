package world

import (
	"strings"
	"testing"
	"time"

	"snapferry/awsx/policy"
)

func TestSessionsAreForgottenLongAfterTheirEnd(t *testing.T) {
	s := emptyState()
	if err := populate(s); err != nil {
		t.Fatal(err)
	}
	a := s.Accounts["111111111111"]
	role := a.Role("snap")
	first := s.NewSession(a, role, "one", start, time.Hour, nil)
	if !strings.HasPrefix(first.Key, "ASIA") || len(first.Key) != 20 || len(first.Secret) != 40 || !first.Expires.Equal(start.Add(time.Hour)) || first.RoleID != role.ID {
		t.Errorf("%+v", first)
	}
	second := s.NewSession(a, role, "two", start.Add(keepExpired), time.Hour, []string{"{}"})
	if s.Sessions[first.Key] == nil {
		t.Error("an expired session is forgotten at once, and would be refused as unknown")
	}
	s.NewSession(a, role, "three", start.Add(keepExpired+2*time.Hour), time.Hour, nil)
	if s.Sessions[first.Key] != nil || s.Sessions[second.Key] == nil {
		t.Error("sessions pile up")
	}
}

func TestSlotsStay(t *testing.T) {
	s := emptyState()
	if err := populate(s); err != nil {
		t.Fatal(err)
	}
	d := s.Domains[0]
	slots := s.MakeSlots(d)
	if len(slots) != slotsPerNode || slots[0].Client != "slot1" || slots[7].Client != "slot8" {
		t.Fatalf("%+v", slots)
	}
	again := s.MakeSlots(d)
	for i := range slots {
		if again[i] != slots[i] {
			t.Error("slots were made twice")
		}
	}
	other := *d
	other.Name = "other"
	if s.MakeSlots(&other)[0].Key == slots[0].Key {
		t.Error("two domains share a slot")
	}
	if s.Slot(slots[3].Key) != slots[3] || s.Slot("AKIANOBODY") != nil {
		t.Error("finding a slot by its key")
	}
}

func TestManagedDocuments(t *testing.T) {
	s := emptyState()
	a := s.AddAccount("111111111111", "source")
	own := "arn:aws:iam::111111111111:policy/own"
	a.Policies[own] = &ManagedPolicy{ARN: own, Default: "v2", Versions: []PolicyVersion{{ID: "v1", Document: "old"}, {ID: "v2", Document: "new"}}}
	broken := "arn:aws:iam::111111111111:policy/broken"
	a.Policies[broken] = &ManagedPolicy{ARN: broken, Default: "v9"}
	for arn, want := range map[string]string{
		own: "new", broken: "", "arn:aws:iam::111111111111:policy/ghost": "", "arn:aws:iam::aws:policy/Ghost": "",
	} {
		doc, ok := s.ManagedDocument(arn)
		if doc != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", arn, doc, ok)
		}
	}
	for name := range awsManaged {
		doc, ok := s.ManagedDocument(awsManagedPrefix + name)
		parsed, err := policy.Parse([]byte(doc))
		if err == nil {
			err = parsed.Validate(policy.KindIdentity)
		}
		if !ok || err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDomainsByLabel(t *testing.T) {
	s := emptyState()
	if err := populate(s); err != nil {
		t.Fatal(err)
	}
	s.Domains[0].Label = "source"
	if s.DomainLabelled("source") != s.Domains[0] || s.DomainLabelled("target") != nil {
		t.Error("domains are not found by label")
	}
}

func TestConcurrentWritersLoseNothing(t *testing.T) {
	w := open(t, t.TempDir())
	if err := w.Write(populate); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	const writers, times = 4, 10
	for range writers {
		go func() {
			var err error
			for range times {
				if e := w.Write(func(s *State) error { s.Domains[0].Revision++; return nil }); e != nil {
					err = e
				}
				w.Read(func(s *State) { _ = s.Domains[0].Revision })
			}
			done <- err
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	again := w.Dir()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, again).Read(func(s *State) {
		if s.Domains[0].Revision != writers*times {
			t.Errorf("revision %d", s.Domains[0].Revision)
		}
	})
}
