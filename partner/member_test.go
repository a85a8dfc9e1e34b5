package partner_test

import (
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// newPerson makes a user with an account of their own.
func (w *world) newPerson(t *testing.T, name string) pontage.Actor {
	t.Helper()
	now := w.clock.Now()
	a := pontage.Account{ID: pontage.NewAccountID(now), Email: name + "@example.com", CreatedAt: now}
	u := pontage.User{ID: pontage.NewUserID(now), AccountID: a.ID, Email: a.Email, CreatedAt: now}
	must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error {
		if err := tx.InsertAccount(t.Context(), a); err != nil {
			return err
		}
		return tx.InsertUser(t.Context(), u)
	}))
	return pontage.Actor{Kind: pontage.ActorUser, AccountID: a.ID, UserID: u.ID}
}

var codeInMail = regexp.MustCompile(`code: (\S+)`)

// lastCode is the code of the newest invitation to somebody.
func (w *world) lastCode(t *testing.T, email string) string {
	t.Helper()
	mails, err := w.store.Store.(pontage.MailReader).Mails(t.Context(), pontage.Keyset{Limit: 100})
	must(t, err)
	for _, m := range mails {
		if m.Recipient == email && m.Kind == "member_invitation" {
			text, err := m.Text(w.credentials.Keys)
			must(t, err)
			return codeInMail.FindStringSubmatch(text)[1]
		}
	}
	t.Fatalf("no invitation to %s", email)
	return ""
}

// join makes a person a member.
func (w *world) join(t *testing.T, client pontage.ClientID, name string, role pontage.RoleID, until time.Time) (pontage.Actor, *pontage.Member) {
	t.Helper()
	by := w.newPerson(t, name)
	w.clock.Advance(time.Second)
	_, err := w.Invite(t.Context(), w.by(), partner.InviteInput{ClientID: client, Email: name + "@example.com", RoleID: role, ExpiresAt: until})
	must(t, err)
	m, err := w.AcceptInvitation(t.Context(), by, w.lastCode(t, name+"@example.com"))
	must(t, err)
	return by, &m.Member
}

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
		if mine, err := w.Memberships(t.Context(), ben, pontage.Keyset{Limit: 5}); err != nil || len(mine) != 1 || mine[0].Client.ID != c.ID {
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

// What a client's role lacks is refused, and what it was given for a time ends by itself.
func TestAMemberMayWhatTheRoleHoldsAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, s := w.newClient(t, partner.SecretInput{})
		d, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "shop.example"})
		must(t, err)
		rules := map[pontage.Permission]func(pontage.Actor) error{
			pontage.ClientRead:    func(by pontage.Actor) error { _, err := w.Client(t.Context(), by, c.ID); return err },
			pontage.ClientWrite:   func(by pontage.Actor) error { _, err := w.Rename(t.Context(), by, c.ID, "shop"); return err },
			pontage.ClientDisable: func(by pontage.Actor) error { return w.SetDisabled(t.Context(), by, c.ID, false) },
			pontage.SecretRead: func(by pontage.Actor) error {
				_, err := w.SecretPage(t.Context(), by, c.ID, pontage.Keyset{Limit: 1})
				return err
			},
			pontage.SecretWrite: func(by pontage.Actor) error { _, err := w.RotateSecret(t.Context(), by, s.ID, time.Hour); return err },
			pontage.MemberRead: func(by pontage.Actor) error {
				_, err := w.Members(t.Context(), by, pontage.MemberQuery{ClientID: c.ID, Page: pontage.Keyset{Limit: 1}})
				return err
			},
			pontage.MemberWrite: func(by pontage.Actor) error {
				w.clock.Advance(time.Hour)
				_, err := w.Invite(t.Context(), by, partner.InviteInput{ClientID: c.ID, Email: "new@example.com", RoleID: "rol_viewer"})
				return err
			},
			pontage.RoleRead: func(by pontage.Actor) error {
				_, err := w.Roles(t.Context(), by, c.ID, partner.RoleFilter{}, pontage.Keyset{Limit: 1})
				return err
			},
			pontage.RoleWrite: func(by pontage.Actor) error {
				role, err := w.CreateRole(t.Context(), by, c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{Key: "x", Name: "x"}})
				if err != nil {
					return err
				}
				return w.DeleteRole(t.Context(), by, role.ID)
			},
			pontage.AuditRead: func(by pontage.Actor) error {
				_, err := w.AuditLog(t.Context(), by, c.ID, pontage.AuditQuery{Page: pontage.Keyset{Limit: 1}})
				return err
			},
			pontage.DomainRead: func(by pontage.Actor) error {
				_, err := w.Domains(t.Context(), by, c.ID, pontage.Keyset{Limit: 1})
				return first(err, func() error { _, err := w.Domain(t.Context(), by, d.ID); return err }())
			},
			pontage.DomainWrite: func(by pontage.Actor) error {
				u, err := w.AddURL(t.Context(), by, d.ID, pontage.URLCallback, "https://shop.example/back")
				if err != nil {
					return err
				}
				return first(w.SetURLActive(t.Context(), by, u.ID, false), w.RemoveURL(t.Context(), by, u.ID))
			},
			pontage.ScopeRead:  func(by pontage.Actor) error { _, err := w.Scopes(t.Context(), by, c.ID); return err },
			pontage.ScopeWrite: func(by pontage.Actor) error { return w.SetScope(t.Context(), by, c.ID, "sco_open", true) },
			pontage.ClientDelete: func(by pontage.Actor) error {
				err := w.Delete(t.Context(), by, partner.DeleteInput{ClientID: c.ID})
				if pontage.CodeOf(err) == pontage.InvalidInput {
					return nil // it came as far as the confirmation
				}
				return err
			},
		}
		stranger := w.newPerson(t, "stranger")
		member, m := w.join(t, c.ID, "member", "rol_viewer", time.Time{})
		role, err := w.CreateRole(t.Context(), w.by(), c.ID, partner.RoleInput{RoleFields: pontage.RoleFields{Key: "all", Name: "All", Permissions: pontage.Permissions(), Level: 50}})
		must(t, err)
		_, err = w.UpdateMember(t.Context(), w.by(), m.ID, partner.MemberInput{RoleID: &role.ID})
		must(t, err)
		for p, do := range rules {
			must(t, do(member))
			wantCode(t, do(stranger), pontage.NotFound, "")
			rest := slices.DeleteFunc(pontage.Permissions(), func(q pontage.Permission) bool { return q == p })
			_, err := w.UpdateRole(t.Context(), w.by(), role.ID, partner.RoleUpdate{Permissions: &rest})
			must(t, err)
			if err := do(member); pontage.CodeOf(err) != pontage.Forbidden {
				t.Errorf("without %s: %v", p, err)
			}
			_, err = w.UpdateRole(t.Context(), w.by(), role.ID, partner.RoleUpdate{Permissions: new(pontage.Permissions())})
			must(t, err)
		}
		end := w.clock.Now().Add(time.Hour)
		_, err = w.UpdateMember(t.Context(), w.by(), m.ID, partner.MemberInput{ExpiresAt: &end})
		must(t, err)
		must(t, rules[pontage.ClientRead](member))
		w.clock.Advance(time.Hour)
		for _, do := range rules {
			wantCode(t, do(member), pontage.NotFound, "")
		}
	})
}

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
