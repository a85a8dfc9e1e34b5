package partner_test

import (
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// A mailed code is good once, for a while, and for the person it went to; a newer one kills it.
func TestAnInvitationMakesAMemberOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		ben, eve := w.newPerson(t, "ben"), w.newPerson(t, "eve")
		in := partner.InviteInput{ClientID: c.ID, Email: "Ben@Example.com", RoleID: "rol_viewer"}
		first, err := w.Invite(t.Context(), w.by(), in)
		must(t, err)
		old := w.lastCode(t, in.Email)
		w.clock.Advance(time.Second)
		_, err = w.Invite(t.Context(), w.by(), in)
		must(t, err)
		code := w.lastCode(t, in.Email)
		for name, x := range map[string]struct {
			by   pontage.Actor
			code string
			want pontage.Code
		}{
			"an older one": {ben, old, pontage.InvalidInput}, "cut": {ben, code[:len(code)-1], pontage.InvalidInput},
			"another credential": {ben, w.credentials.New(string(first.ID)), pontage.InvalidInput},
			"somebody else":      {eve, code, pontage.Forbidden}, "nobody": {pontage.Actor{}, code, pontage.Unauthenticated},
		} {
			if _, err := w.AcceptInvitation(t.Context(), x.by, x.code); pontage.CodeOf(err) != x.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = w.Client(t.Context(), ben, c.ID)
		wantCode(t, err, pontage.NotFound, "")
		var joined sync.Map
		var all sync.WaitGroup
		for i, there := range []*world{w, again()} {
			all.Go(func() {
				if _, err := there.AcceptInvitation(t.Context(), ben, code); err == nil {
					joined.Store(i, true)
				} else if pontage.CodeOf(err) != pontage.InvalidInput {
					t.Error(err)
				}
			})
		}
		all.Wait()
		n := 0
		joined.Range(func(any, any) bool { n++; return true })
		members, err := w.Members(t.Context(), w.by(), pontage.MemberQuery{ClientID: c.ID, Page: pontage.Keyset{Limit: 5}})
		if err != nil || n != 1 || len(members) != 1 || members[0].UserID != ben.UserID || members[0].Email != "" || members[0].Status(w.clock.Now()) != pontage.MemberActive {
			t.Fatalf("accepted %d times: %+v, %v", n, members, err)
		}
		if mine, err := w.Memberships(t.Context(), ben, "", pontage.Keyset{Limit: 5}); err != nil || len(mine) != 1 || mine[0].Client.ID != c.ID {
			t.Errorf("%+v, %v", mine, err)
		}
		_, err = w.Invite(t.Context(), w.by(), in)
		wantCode(t, err, pontage.Conflict, "")
		in.Email = "eve@example.com"
		_, err = w.Invite(t.Context(), w.by(), in)
		must(t, err)
		w.clock.Advance(8 * 24 * time.Hour)
		_, err = w.AcceptInvitation(t.Context(), eve, w.lastCode(t, in.Email))
		wantCode(t, err, pontage.InvalidInput, "/code")
		for field, bad := range map[string]partner.InviteInput{
			"/email": {ClientID: c.ID, Email: "eve", RoleID: "rol_viewer"}, "/roleId": {ClientID: c.ID, Email: "x@example.com", RoleID: "rol_none"},
			"/expiresAt": {ClientID: c.ID, Email: "x@example.com", RoleID: "rol_viewer", ExpiresAt: w.clock.Now()},
		} {
			_, err = w.Invite(t.Context(), w.by(), bad)
			wantCode(t, err, pontage.InvalidInput, field)
		}
	})
}

// An invitation that got lost is sent again in its place: one code is good, the mails stay bounded, and who has joined or stands above is
// left alone.
func TestAnInvitationIsRenewedInItsPlace(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		ben := w.newPerson(t, "ben")
		until := w.clock.Now().Add(30 * 24 * time.Hour)
		hand, err := w.CreateRole(t.Context(), w.by(), c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{
			Key: "hand", Name: "Hand", Level: 20, Permissions: []pontage.Permission{pontage.MemberWrite}}})
		must(t, err)
		low, err := w.CreateRole(t.Context(), w.by(), c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{Key: "low", Name: "Low", Level: 10}, ExpiresAt: until.Add(time.Hour)})
		must(t, err)
		m, err := w.Invite(t.Context(), w.by(), partner.InviteInput{ClientID: c.ID, Email: "ben@example.com", RoleID: low.ID, ExpiresAt: until})
		must(t, err)
		owner, err := w.Invite(t.Context(), w.by(), partner.InviteInput{ClientID: c.ID, Email: "eve@example.com", RoleID: pontage.RoleOwner})
		must(t, err)
		by, joined := w.join(t, c.ID, "hand", hand.ID, time.Time{})
		old := w.lastCode(t, "ben@example.com")
		w.clock.Advance(8 * 24 * time.Hour)
		renewed, err := w.RenewInvitation(t.Context(), by, m.ID)
		must(t, err)
		if renewed.ID != m.ID || renewed.Status(w.clock.Now()) != pontage.MemberInvited || !renewed.ExpiresAt.Equal(until) || renewed.Role.ID != low.ID {
			t.Errorf("%+v", renewed)
		}
		_, err = w.AcceptInvitation(t.Context(), ben, old)
		wantCode(t, err, pontage.InvalidInput, "/code")
		for what, x := range map[string]struct {
			by   pontage.Actor
			id   pontage.MemberID
			want pontage.Code
		}{
			"one above": {by, owner.ID, pontage.Forbidden}, "who has joined": {w.by(), joined.ID, pontage.Conflict},
			"a stranger": {w.newPerson(t, "stranger"), m.ID, pontage.NotFound}, "nobody": {w.by(), "mem_x", pontage.NotFound},
		} {
			if _, err := w.RenewInvitation(t.Context(), x.by, x.id); pontage.CodeOf(err) != x.want {
				t.Errorf("%s: %v", what, err)
			}
		}
		for range 4 {
			_, err = w.RenewInvitation(t.Context(), by, m.ID)
			must(t, err)
		}
		_, err = w.RenewInvitation(t.Context(), by, m.ID)
		wantCode(t, err, pontage.RateLimited, "")
		w.clock.Advance(until.Sub(w.clock.Now()))
		_, err = w.RenewInvitation(t.Context(), by, m.ID)
		wantCode(t, err, pontage.InvalidInput, "/expiresAt")
		w.clock.Advance(time.Hour)
		_, err = w.RenewInvitation(t.Context(), by, m.ID)
		wantCode(t, err, pontage.InvalidInput, "/roleId")
	})
}
