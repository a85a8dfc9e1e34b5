package storagetest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func TestMembersAndRolesComeBackAsTheyWentIn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		u, who := newUser(t, store), newTenant(t, store, 0)
		client := ownClient(t, store, &who)
		odds := "O'Neil \\ \"Ünï\" ?0 100% ☃"
		role := pontage.Role{ID: "rol_1", ClientID: client, CreatedAt: odd, UpdatedAt: odd, ExpiresAt: odd, DisabledAt: odd,
			RoleFields: pontage.RoleFields{Key: "Key", Name: odds, Description: odds, Group: odds, Level: 7, Permissions: []pontage.Permission{pontage.ClientRead, "x"}}}
		bare := pontage.Role{ID: "rol_2", ClientID: client, CreatedAt: start, UpdatedAt: start, RoleFields: pontage.RoleFields{Key: "key"}}
		invited := pontage.Member{ID: "mem_1", ClientID: client, Email: "Ünï@Example.com", RoleID: "rol_1", KeyID: odds, Hash: []byte{0, 0xff}, CreatedAt: odd, ExpiresAt: odd, InvitationUntil: odd, JoinedAt: odd}
		joined := pontage.Member{ID: "mem_2", ClientID: client, UserID: u.ID, RoleID: pontage.RoleOwner, Hash: []byte{}, CreatedAt: start}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertRole(ctx, role), tx.InsertRole(ctx, bare), tx.InsertMember(ctx, invited), tx.InsertMember(ctx, joined))
		})
		role.CreatedAt, role.UpdatedAt, role.ExpiresAt, role.DisabledAt = oddUTC, oddUTC, oddUTC, oddUTC
		invited.CreatedAt, invited.ExpiresAt, invited.InvitationUntil, invited.JoinedAt = oddUTC, oddUTC, oddUTC, oddUTC
		owner, _ := pontage.BuiltInRole(pontage.RoleOwner)
		same(t, &role)(store.Role(ctx, "rol_1"))
		same(t, &owner)(store.Role(ctx, pontage.RoleOwner))
		page := pontage.Keyset{Limit: 5}
		same(t, []pontage.Role{bare, role})(store.Roles(ctx, pontage.RoleQuery{ClientID: client, Page: page}))
		same(t, 2)(store.CountRoles(ctx, client))
		if roles, err := store.RolesByID(ctx, []pontage.RoleID{"rol_1", pontage.RoleOwner, "rol_none"}); err != nil || len(roles) != 2 {
			t.Errorf("%v, %v", roles, err)
		}
		same(t, &invited)(store.Member(ctx, "mem_1"))
		same(t, &invited)(store.MemberTo(ctx, client, "Ünï@EXAMPLE.com"))
		same(t, []pontage.Member{joined, invited})(store.Members(ctx, pontage.MemberQuery{ClientID: client, Page: page}))
		same(t, []pontage.Membership{{Member: joined, Role: owner}})(store.Memberships(ctx, pontage.MembershipQuery{UserID: u.ID, Page: page}))
		same(t, 2)(store.CountMembers(ctx, client))
		same(t, 1)(store.CountOwners(ctx, client))
		same(t, 1)(store.CountHolders(ctx, "rol_1"))
		member, with, err := store.Membership(ctx, client, u.ID)
		same(t, &joined)(member, err)
		same(t, &owner)(with, err)
		same(t, []pontage.Membership{{Member: joined, Role: owner}})(store.MembershipsOn(ctx, u.ID, []pontage.ClientID{client, "cli_none"}))
		same(t, []pontage.Membership(nil))(store.MembershipsOn(ctx, "usr_none", []pontage.ClientID{client}))
		same(t, []pontage.Membership(nil))(store.MembershipsOn(ctx, u.ID, nil))
		for what, do := range map[string]func(pontage.Tx) error{
			"the same user": func(tx pontage.Tx) error {
				return tx.InsertMember(ctx, pontage.Member{ID: "mem_3", ClientID: client, UserID: u.ID, CreatedAt: start})
			},
			"the same e-mail": func(tx pontage.Tx) error {
				return tx.InsertMember(ctx, pontage.Member{ID: "mem_3", ClientID: client, Email: "Ünï@example.COM", CreatedAt: start})
			},
			"the same key": func(tx pontage.Tx) error {
				return tx.InsertRole(ctx, pontage.Role{ID: "rol_3", ClientID: client, RoleFields: pontage.RoleFields{Key: "key"}})
			},
		} {
			if err := store.Write(ctx, do); pontage.CodeOf(err) != pontage.Conflict {
				t.Errorf("%s: %v", what, err)
			}
		}
		joined.RoleID, joined.ExpiresAt, joined.JoinedAt = "rol_1", start.Add(time.Hour), oddUTC
		bare.RoleFields, bare.UpdatedAt, bare.DisabledAt, bare.ExpiresAt = role.RoleFields, oddUTC, oddUTC, start
		bare.Key = "key"
		write(t, store, func(tx pontage.Tx) error { return first(tx.UpdateMember(ctx, joined), tx.UpdateRole(ctx, bare)) })
		same(t, &bare)(store.Role(ctx, "rol_2"))
		member, with, err = store.Membership(ctx, client, u.ID)
		same(t, &joined)(member, err)
		same(t, &role)(with, err)
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.ForgetUser(ctx, u), tx.DeleteRole(ctx, "rol_2"), tx.DeleteMember(ctx, "mem_1"))
		})
		same(t, 0)(store.CountMembers(ctx, client))
		for what, do := range map[string]func(pontage.Tx) error{
			"member":      func(tx pontage.Tx) error { return tx.DeleteMember(ctx, "mem_1") },
			"update":      func(tx pontage.Tx) error { return tx.UpdateMember(ctx, joined) },
			"role":        func(tx pontage.Tx) error { return tx.UpdateRole(ctx, bare) },
			"delete role": func(tx pontage.Tx) error { return tx.DeleteRole(ctx, "rol_2") },
			"membership":  func(tx pontage.Tx) error { _, _, err := tx.Membership(ctx, client, u.ID); return err },
		} {
			if err := store.Write(ctx, do); pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// A list that is narrowed to a state must agree with what Status says of each entry, to the microsecond of an end.
func TestMembersAreFoundByTheirState(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		client := ownClient(t, store, &who)
		now := start.Add(time.Hour)
		for i, m := range []pontage.Member{
			{UserID: newUser(t, store).ID}, {UserID: newUser(t, store).ID, ExpiresAt: now}, {UserID: newUser(t, store).ID, ExpiresAt: now.Add(time.Microsecond)},
			{Email: "a@x", InvitationUntil: now}, {Email: "b@x", InvitationUntil: now.Add(time.Microsecond)},
			{Email: "c@x", InvitationUntil: now.Add(time.Hour), ExpiresAt: now}, {Email: "d@x", ExpiresAt: now.Add(time.Hour)},
		} {
			m.ID, m.ClientID, m.RoleID, m.Hash, m.CreatedAt = pontage.NewMemberID(start), client, "rol_viewer", []byte{}, start.Add(time.Duration(i))
			write(t, store, func(tx pontage.Tx) error { return tx.InsertMember(ctx, m) })
		}
		page := pontage.Keyset{Limit: 10}
		all, err := store.Members(ctx, pontage.MemberQuery{ClientID: client, Page: page})
		if err != nil || len(all) != 7 {
			t.Fatalf("%v, %v", all, err)
		}
		states := []pontage.MemberStatus{pontage.MemberInvited, pontage.MemberLapsed, pontage.MemberActive, pontage.MemberExpired}
		for _, asked := range [][]pontage.MemberStatus{states[:1], states[1:2], states[2:3], states[3:], states[:2], states} {
			var want []pontage.Member
			for _, m := range all {
				if slices.Contains(asked, m.Status(now)) {
					want = append(want, m)
				}
			}
			same(t, want)(store.Members(ctx, pontage.MemberQuery{ClientID: client, Statuses: asked, RoleID: "rol_viewer", Now: now, Page: page}))
		}
		same(t, []pontage.Member(nil))(store.Members(ctx, pontage.MemberQuery{ClientID: client, RoleID: pontage.RoleOwner, Page: page}))
	})
}

// A person finds the clients they may do something on, and none on which their membership or role has ended.
func TestMembershipsAreThoseThatGiveSomething(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		u, now := newUser(t, store), start.Add(time.Hour)
		var live []pontage.ClientID
		for _, change := range map[string]func(*pontage.Member, *pontage.Role) (gone bool){
			"good":              func(*pontage.Member, *pontage.Role) bool { return false },
			"an end to come":    func(m *pontage.Member, _ *pontage.Role) bool { m.ExpiresAt = now.Add(time.Microsecond); return false },
			"an end":            func(m *pontage.Member, _ *pontage.Role) bool { m.ExpiresAt = now; return true },
			"a role that ended": func(_ *pontage.Member, r *pontage.Role) bool { r.ExpiresAt = now; return true },
			"a role to end":     func(_ *pontage.Member, r *pontage.Role) bool { r.ExpiresAt = now.Add(time.Microsecond); return false },
			"a disabled role":   func(_ *pontage.Member, r *pontage.Role) bool { r.DisabledAt = start; return true },
		} {
			who := newTenant(t, store, 0)
			client := ownClient(t, store, &who)
			m := pontage.Member{ID: pontage.NewMemberID(start), ClientID: client, UserID: u.ID, Hash: []byte{}, CreatedAt: start}
			r := pontage.Role{ID: pontage.NewRoleID(start), ClientID: client, RoleFields: pontage.RoleFields{Key: "k"}, CreatedAt: start, UpdatedAt: start}
			m.RoleID = r.ID
			if !change(&m, &r) {
				live = append(live, client)
			}
			write(t, store, func(tx pontage.Tx) error { return first(tx.InsertRole(ctx, r), tx.InsertMember(ctx, m)) })
		}
		q := pontage.MembershipQuery{UserID: u.ID, Now: now, Page: pontage.Keyset{Limit: 10}}
		all, err := store.Memberships(ctx, q)
		var found []pontage.ClientID
		for _, m := range all {
			if m.Role.ID != m.Member.RoleID {
				t.Errorf("%+v", m)
			}
			found = append(found, m.Member.ClientID)
		}
		slices.Sort(found)
		slices.Sort(live)
		same(t, live)(found, err)
	})
}
