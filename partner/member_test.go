package partner_test

import (
	"regexp"
	"slices"
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
	return by, w.joinAs(t, by, client, name+"@example.com", role, until)
}

// joinAs makes by a member, whose e-mail it is.
func (w *world) joinAs(t *testing.T, by pontage.Actor, client pontage.ClientID, email string, role pontage.RoleID, until time.Time) *pontage.Member {
	t.Helper()
	w.clock.Advance(time.Second)
	_, err := w.Invite(t.Context(), w.by(), partner.InviteInput{ClientID: client, Email: email, RoleID: role, ExpiresAt: until})
	must(t, err)
	m, err := w.AcceptInvitation(t.Context(), by, w.lastCode(t, email))
	must(t, err)
	return &m.Member
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
			pontage.ClientDisable: func(by pontage.Actor) error { _, err := w.SetDisabled(t.Context(), by, c.ID, false); return err },
			pontage.SecretRead: func(by pontage.Actor) error {
				_, err := w.Secrets(t.Context(), by, c.ID, pontage.Keyset{Limit: 1})
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
				_, err = w.SetURLActive(t.Context(), by, u.ID, false)
				return first(err, w.RemoveURL(t.Context(), by, u.ID))
			},
			pontage.ScopeRead: func(by pontage.Actor) error { _, err := w.Scopes(t.Context(), by, c.ID); return err },
			pontage.ScopeWrite: func(by pontage.Actor) error {
				_, err := w.SetScope(t.Context(), by, c.ID, "sco_open", true)
				return err
			},
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
