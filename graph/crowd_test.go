package graph_test

import (
	"fmt"
	"time"

	"github.com/pontage/pontage"
)

// crowd gives one of ann's clients n members, each with a role of their own, and makes bob a member of n of her clients; it gives the first
// client's id.
func (w *world) crowd(n int) string {
	w.Helper()
	w.enter(w.bob)
	bob, err := w.store.UserOfAccount(w.Context(), w.bob.id)
	must(w, err)
	clients, err := w.store.ClientPage(w.Context(), w.ann.id, pontage.ClientFilter{}, pontage.Keyset{Limit: n})
	must(w, err)
	must(w, w.store.Write(w.Context(), func(tx pontage.Tx) error {
		for i, c := range clients {
			at := w.clock.Now().Add(time.Duration(i) * time.Second)
			a := pontage.Account{ID: pontage.NewAccountID(at), Email: fmt.Sprintf("member%d@example.com", i), CreatedAt: at}
			u := pontage.User{ID: pontage.NewUserID(at), AccountID: a.ID, Email: a.Email, CreatedAt: at}
			role := pontage.Role{ID: pontage.NewRoleID(at), ClientID: clients[0].ID, CreatedAt: at, UpdatedAt: at,
				RoleFields: pontage.RoleFields{Key: fmt.Sprint("role", i), Name: "Role", Permissions: []pontage.Permission{pontage.ClientRead}}}
			for _, err := range []error{
				tx.InsertAccount(w.Context(), a), tx.InsertUser(w.Context(), u), tx.InsertRole(w.Context(), role),
				tx.InsertMember(w.Context(), pontage.Member{ID: pontage.NewMemberID(at), ClientID: clients[0].ID, UserID: u.ID, RoleID: role.ID, CreatedAt: at, JoinedAt: at}),
				tx.InsertMember(w.Context(), pontage.Member{ID: pontage.NewMemberID(at), ClientID: c.ID, UserID: bob.ID, RoleID: "rol_viewer", CreatedAt: at, JoinedAt: at}),
			} {
				if err != nil {
					return err
				}
			}
		}
		return nil
	}))
	return string(clients[0].ID)
}
