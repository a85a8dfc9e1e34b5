package partner

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// PermissionsOn says what by may on several clients, of which the ids are looked at alone; those that by may nothing on are left out. It
// reads nothing for clients of by's own account.
func (s *Service) PermissionsOn(ctx context.Context, by pontage.Actor, clients []pontage.Client) (map[pontage.ClientID][]pontage.Permission, error) {
	held := make(map[pontage.ClientID][]pontage.Permission, len(clients))
	var others []pontage.ClientID
	for _, c := range clients {
		if by.Manages(c.AccountID) {
			held[c.ID] = pontage.Permissions()
		} else {
			others = append(others, c.ID)
		}
	}
	if len(others) == 0 {
		return held, nil
	}
	authorities, err := pontage.Authorities(ctx, s.store, by, others, s.clock.Now())
	for id, a := range authorities {
		held[id] = slices.DeleteFunc(pontage.Permissions(), func(p pontage.Permission) bool { return !a.Holds(p) })
	}
	return held, err
}
