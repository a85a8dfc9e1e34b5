package storagetest_test

import (
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
		same(t, []pontage.Role{bare, role})(store.Roles(ctx, client, page))
		same(t, 2)(store.CountRoles(ctx, client))
		if roles, err := store.RolesByID(ctx, []pontage.RoleID{"rol_1", pontage.RoleOwner, "rol_none"}); err != nil || len(roles) != 2 {
			t.Errorf("%v, %v", roles, err)
		}
		same(t, &invited)(store.Member(ctx, "mem_1"))
		same(t, &invited)(store.MemberTo(ctx, client, "Ünï@EXAMPLE.com"))
		same(t, []pontage.Member{joined, invited})(store.Members(ctx, client, page))
		same(t, []pontage.Member{joined})(store.Memberships(ctx, u.ID, page))
		same(t, 2)(store.CountMembers(ctx, client))
		same(t, 1)(store.CountOwners(ctx, client))
		same(t, 1)(store.CountHolders(ctx, "rol_1"))
		member, with, err := store.Membership(ctx, client, u.ID)
		same(t, &joined)(member, err)
		same(t, &owner)(with, err)
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
