package account

import (
	"context"

	"github.com/pontage/pontage"
)

// KeysByID gives the API keys of by's account with these ids, ended ones too, with their last use: one read for both. Ids of others are
// left out, as they are by the other functions here.
func (s *Service) KeysByID(ctx context.Context, by pontage.Actor, ids []pontage.APIKeyID) (map[pontage.APIKeyID]UsedKey, error) {
	if !by.Manages(by.AccountID) {
		return nil, nil
	}
	keys, err := s.store.APIKeysByID(ctx, by.AccountID, ids)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	used, err := s.withUse(ctx, keys)
	return byID(used, err, func(k UsedKey) pontage.APIKeyID { return k.ID })
}

// AuditEntriesByID gives entries of the account's audit log.
func (s *Service) AuditEntriesByID(ctx context.Context, by pontage.Actor, ids []pontage.AuditID) (map[pontage.AuditID]pontage.AuditEntry, error) {
	if !by.Manages(by.AccountID) {
		return nil, nil
	}
	entries, err := s.store.AuditEntriesByID(ctx, by.AccountID, ids)
	return byID(entries, err, func(e pontage.AuditEntry) pontage.AuditID { return e.ID })
}

// SessionsByID gives live sessions of by's person.
func (s *Service) SessionsByID(ctx context.Context, by pontage.Actor, ids []pontage.SessionID) (map[pontage.SessionID]pontage.Session, error) {
	if by.Kind != pontage.ActorUser {
		return nil, nil
	}
	sessions, err := s.store.SessionsByID(ctx, by.UserID, ids)
	live := sessions[:0]
	for _, session := range sessions {
		if session.Live(s.clock.Now()) {
			live = append(live, session)
		}
	}
	return byID(live, err, func(session pontage.Session) pontage.SessionID { return session.ID })
}

// AddressesByID gives addresses of by's person.
func (s *Service) AddressesByID(ctx context.Context, by pontage.Actor, ids []pontage.AddressID) (map[pontage.AddressID]pontage.PostalAddress, error) {
	if by.Kind != pontage.ActorUser {
		return nil, nil
	}
	addresses, err := s.store.PostalAddressesByID(ctx, by.UserID, ids)
	return byID(addresses, err, func(a pontage.PostalAddress) pontage.AddressID { return a.ID })
}

// NotificationsByID gives what by's person was told.
func (s *Service) NotificationsByID(ctx context.Context, by pontage.Actor, ids []pontage.NotificationID) (map[pontage.NotificationID]pontage.Notification, error) {
	if by.Kind != pontage.ActorUser {
		return nil, nil
	}
	told, err := s.store.NotificationsByID(ctx, by.UserID, ids)
	return byID(told, err, func(n pontage.Notification) pontage.NotificationID { return n.ID })
}

// byID makes a map of a list.
func byID[ID comparable, T any](list []T, err error, id func(T) ID) (map[ID]T, error) {
	all := make(map[ID]T, len(list))
	for _, v := range list {
		all[id(v)] = v
	}
	return all, err
}
