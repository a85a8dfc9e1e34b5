package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// Authorities are what somebody may do on several clients, as Service.Authorities gave them.
type Authorities map[pontage.ClientID]*pontage.Authority

// holding gives the clients on which a permission is held.
func (on Authorities) holding(p pontage.Permission, clients []pontage.ClientID) (held []pontage.ClientID) {
	for _, id := range clients {
		if on.hold(p, id) {
			held = append(held, id)
		}
	}
	return held
}

func (on Authorities) hold(p pontage.Permission, client pontage.ClientID) bool {
	a, ok := on[client]
	return ok && a.Holds(p)
}

// Client gives one client. Needs ClientRead.
func (s *Service) Client(ctx context.Context, by pontage.Actor, id pontage.ClientID) (*pontage.Client, error) {
	a, err := s.May(ctx, by, id, pontage.ClientRead)
	if err != nil {
		return nil, err
	}
	return &a.Client, nil
}

// May says what by may do on a client, if that includes p; see pontage.Authorize.
func (s *Service) May(ctx context.Context, by pontage.Actor, id pontage.ClientID, p pontage.Permission) (*pontage.Authority, error) {
	return s.may(ctx, s.store, by, id, p)
}

// Authorities is May for several clients, in two reads at most; those that by has no part in are left out.
func (s *Service) Authorities(ctx context.Context, by pontage.Actor, clients []pontage.ClientID) (Authorities, error) {
	return pontage.Authorities(ctx, s.store, by, clients, s.clock.Now())
}

// Clients lists an account's clients, newest first, each with what by may do on it: everything. The operator, or the account itself;
// NotFound for other accounts.
func (s *Service) Clients(ctx context.Context, by pontage.Actor, account pontage.AccountID, f pontage.ClientFilter, page pontage.Keyset) ([]pontage.Authority, error) {
	if !by.Manages(account) {
		return nil, errNotFound
	}
	clients, err := s.store.ClientPage(ctx, account, f, page)
	all := make([]pontage.Authority, len(clients))
	for i := range clients {
		all[i].Client = clients[i]
	}
	return all, err
}

// ClientsByID gives the clients with these ids on which by has ClientRead, as Authorities reads them; others are left out.
func (s *Service) ClientsByID(ctx context.Context, by pontage.Actor, ids []pontage.ClientID) (map[pontage.ClientID]pontage.Client, error) {
	all, err := s.Authorities(ctx, by, ids)
	found := make(map[pontage.ClientID]pontage.Client, len(all))
	for id, a := range all {
		if a.Holds(pontage.ClientRead) {
			found[id] = a.Client
		}
	}
	return found, err
}
