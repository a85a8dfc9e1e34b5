package partner_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// Access that was given for a time, or taken, is over with the next thing the person does, whatever they have open; what they see and list
// says so too, and it can be given again.
func TestWhateverEndsAMembershipEndsItAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		c, s := w.newClient(t, partner.SecretInput{})
		role, err := w.CreateRole(t.Context(), w.by(), c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{Key: "all", Name: "All", Permissions: pontage.Permissions(), Level: 50}})
		must(t, err)
		by, m := w.join(t, c.ID, "member", role.ID, time.Time{})
		there := again()
		may := func(want pontage.Code) {
			t.Helper()
			for _, on := range []*world{w, there} {
				_, read := on.Client(t.Context(), by, c.ID)
				_, write := on.Rename(t.Context(), by, c.ID, "shop")
				_, secret := on.Secret(t.Context(), by, s.ID)
				_, self := on.Member(t.Context(), by, m.ID)
				_, own := on.Role(t.Context(), by, role.ID)
				for what, err := range map[string]error{"read": read, "write": write, "secret": secret, "member": self, "role": own} {
					if pontage.CodeOf(err) != want {
						t.Errorf("%s: %v, want %q", what, err, want)
					}
				}
				held, err := on.Authorities(t.Context(), by, []pontage.ClientID{c.ID})
				must(t, err)
				mine, err := on.Memberships(t.Context(), by, "", pontage.Keyset{Limit: 5})
				must(t, err)
				all := held[c.ID] != nil && len(held[c.ID].Held()) == len(pontage.Permissions())
				if live := want == ""; all != live || (len(held) == 1) != live || (len(mine) == 1) != live {
					t.Errorf("holds %v, is a member of %v, want %t", held, mine, live)
				}
			}
		}
		update := func(in partner.MemberInput) {
			t.Helper()
			_, err := w.UpdateMember(t.Context(), w.by(), m.ID, in)
			must(t, err)
		}
		change := func(in partner.RoleUpdate) {
			t.Helper()
			_, err := w.UpdateRole(t.Context(), w.by(), role.ID, in)
			must(t, err)
		}
		end := func() *time.Time { return new(w.clock.Now().Add(time.Hour)) }
		may("")
		update(partner.MemberInput{ExpiresAt: end()})
		w.clock.Advance(time.Hour - time.Microsecond)
		may("")
		w.clock.Advance(time.Microsecond)
		may(pontage.NotFound)
		update(partner.MemberInput{ExpiresAt: &time.Time{}})
		may("")
		change(partner.RoleUpdate{ExpiresAt: end()})
		w.clock.Advance(time.Hour)
		may(pontage.NotFound)
		change(partner.RoleUpdate{ExpiresAt: &time.Time{}})
		may("")
		change(partner.RoleUpdate{Disabled: new(true)})
		may(pontage.NotFound)
		change(partner.RoleUpdate{Disabled: new(false)})
		may("")
		w.disable(t, true)
		may(pontage.NotFound)
		w.disable(t, false)
		may("")
		must(t, w.RemoveMember(t.Context(), w.by(), m.ID))
		may(pontage.NotFound)
		m = w.joinAs(t, by, c.ID, "member@example.com", role.ID, time.Time{})
		may("")
		must(t, w.Delete(t.Context(), w.by(), partner.DeleteInput{ClientID: c.ID, Confirmation: "shop"}))
		may(pontage.NotFound)
	})
}

// disable shuts the account of the clients out, or lets it in again.
func (w *world) disable(t *testing.T, disabled bool) {
	t.Helper()
	a := w.account
	if disabled {
		a.DisabledAt = w.clock.Now()
	}
	must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error { return tx.UpdateAccount(t.Context(), a) }))
}

// Nobody comes in to a client whose account is shut out, by an invitation that is still good.
func TestNobodyJoinsAClientOfADisabledAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		by := w.newPerson(t, "late")
		_, err := w.Invite(t.Context(), w.by(), partner.InviteInput{ClientID: c.ID, Email: "late@example.com", RoleID: pontage.RoleOwner})
		must(t, err)
		code := w.lastCode(t, "late@example.com")
		w.disable(t, true)
		_, err = w.AcceptInvitation(t.Context(), by, code)
		wantCode(t, err, pontage.InvalidInput, "/code")
		w.disable(t, false)
		_, err = w.AcceptInvitation(t.Context(), by, code)
		must(t, err)
	})
}

// Members see who they work with, and of a person no more than that needs; whoever left the platform is nobody's member.
func TestMembersSeeEachOther(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		_, err := w.Invite(t.Context(), w.by(), partner.InviteInput{ClientID: c.ID, Email: "guest@example.com", RoleID: "rol_finance"})
		must(t, err)
		by, m := w.join(t, c.ID, "member", "rol_viewer", time.Time{})
		seen, err := w.Members(t.Context(), by, pontage.MemberQuery{ClientID: c.ID, Page: pontage.Keyset{Limit: 5}})
		if err != nil || len(seen) != 2 || seen[0].Person == nil || *seen[0].Person != (partner.Person{ID: by.UserID, Email: "member@example.com"}) ||
			seen[0].Role.Key != "viewer" || seen[1].Person != nil || seen[1].Email != "guest@example.com" || seen[1].Role.Key != "finance" {
			t.Errorf("%+v, %v", seen, err)
		}
		user, err := w.store.User(t.Context(), by.UserID)
		must(t, err)
		must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error { return tx.ForgetUser(t.Context(), *user) }))
		_, err = w.Member(t.Context(), w.by(), m.ID)
		wantCode(t, err, pontage.NotFound, "")
	})
}
