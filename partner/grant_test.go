package partner_test

import (
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// Somebody with a small role can never make a larger one of it, nor touch who stands above.
func TestNobodyGrantsWhatTheyDoNotHold(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		_, owner := w.join(t, c.ID, "owner", pontage.RoleOwner, time.Time{})
		hand, err := w.CreateRole(t.Context(), w.by(), c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{
			Key: "hand", Name: "Hand", Level: 50, Permissions: []pontage.Permission{pontage.MemberWrite, pontage.RoleWrite, pontage.ClientRead}}})
		must(t, err)
		low, err := w.CreateRole(t.Context(), w.by(), c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{Key: "low", Name: "Low", Level: 10}})
		must(t, err)
		until := w.clock.Now().Add(24 * time.Hour)
		by, self := w.join(t, c.ID, "hand", hand.ID, until)
		_, lowly := w.join(t, c.ID, "lowly", low.ID, time.Time{})
		invite := func(role pontage.RoleID, until time.Time) error {
			_, err := w.Invite(t.Context(), by, partner.InviteInput{ClientID: c.ID, Email: "x@example.com", RoleID: role, ExpiresAt: until})
			return err
		}
		give := func(m pontage.MemberID, role pontage.RoleID) error {
			_, err := w.UpdateMember(t.Context(), by, m, partner.MemberInput{RoleID: &role, ExpiresAt: &until})
			return err
		}
		make := func(level int, p ...pontage.Permission) error {
			_, err := w.CreateRole(t.Context(), by, c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{Key: "x", Name: "x", Level: level, Permissions: p}})
			return err
		}
		for name, err := range map[string]error{
			"invite an owner": invite(pontage.RoleOwner, until), "invite what holds more": invite("rol_viewer", until), "invite beyond the own end": invite(low.ID, until.Add(1)),
			"invite without an end": invite(low.ID, time.Time{}), "raise another": give(lowly.ID, "rol_developer"), "raise oneself": give(self.ID, pontage.RoleOwner),
			"change an owner": give(owner.ID, low.ID), "remove an owner": w.RemoveMember(t.Context(), by, owner.ID), "make a higher role": make(51),
			"make a role that holds more": make(10, pontage.ClientDelete), "change a built-in role": w.DeleteRole(t.Context(), w.by(), "rol_viewer"),
		} {
			if pontage.CodeOf(err) != pontage.Forbidden {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantCode(t, w.DeleteRole(t.Context(), by, low.ID), pontage.Conflict, "")
		must(t, give(lowly.ID, hand.ID))
		must(t, invite(low.ID, until))
		must(t, make(50, pontage.ClientRead))
		wantCode(t, make(50, pontage.ClientRead), pontage.Conflict, "/key")
		must(t, w.RemoveMember(t.Context(), by, lowly.ID))
		must(t, w.RemoveMember(t.Context(), by, self.ID)) // whoever wants may leave
		wantCode(t, invite(low.ID, until), pontage.NotFound, "")
	})
}

// A client never becomes nobody's, not even if its two owners remove each other at the same moment.
func TestTheLastOwnerStays(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		cara, first := w.join(t, c.ID, "cara", pontage.RoleOwner, time.Time{})
		wantCode(t, w.RemoveMember(t.Context(), w.by(), first.ID), pontage.Conflict, "")
		viewer, end := pontage.RoleID("rol_viewer"), w.clock.Now().Add(time.Hour)
		for _, in := range []partner.MemberInput{{RoleID: &viewer}, {ExpiresAt: &end}} {
			_, err := w.UpdateMember(t.Context(), cara, first.ID, in)
			wantCode(t, err, pontage.Conflict, "")
		}
		dora, second := w.join(t, c.ID, "dora", pontage.RoleOwner, time.Time{})
		there := again()
		var both sync.WaitGroup
		both.Go(func() { _ = w.RemoveMember(t.Context(), cara, second.ID) })
		both.Go(func() { _ = there.RemoveMember(t.Context(), dora, first.ID) })
		both.Wait()
		members, err := w.Members(t.Context(), w.by(), pontage.MemberQuery{ClientID: c.ID, Page: pontage.Keyset{Limit: 5}})
		if err != nil || len(members) != 1 {
			t.Errorf("%d owners are left, %v", len(members), err)
		}
		// An account with a user of its own has an owner in it.
		u := pontage.User{ID: "usr_ann", AccountID: w.account.ID, Email: w.account.Email, CreatedAt: w.clock.Now()}
		must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error { return tx.InsertUser(t.Context(), u) }))
		must(t, w.RemoveMember(t.Context(), w.by(), members[0].ID))
	})
}

// Who asks who widened or renamed a role must find all that it was: a change that the log leaves out did not happen to an auditor.
func TestTheLogSaysAllThatARoleWas(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		role, err := w.CreateRole(t.Context(), w.by(), c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{Key: "x", Name: "X", Group: "old", Description: "before"}})
		must(t, err)
		_, err = w.UpdateRole(t.Context(), w.by(), role.ID, partner.RoleUpdate{Group: new("new"), Description: new("after")})
		must(t, err)
		log, err := w.AuditLog(t.Context(), w.by(), c.ID, pontage.AuditQuery{Action: "role.update", Page: pontage.Keyset{Limit: 5}})
		if err != nil || len(log) != 1 || log[0].Before["group"] != "old" || log[0].After["group"] != "new" ||
			log[0].Before["description"] != "before" || log[0].After["description"] != "after" {
			t.Errorf("%+v, %v", log, err)
		}
	})
}
