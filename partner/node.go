package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// ofClients is something that belongs to a client.
type ofClients[K comparable, V any] struct {
	id     func(*V) K
	client func(*V) pontage.ClientID
}

// visible keeps those of some things on whose clients by holds p, by their ids: two reads however many they are. What belongs to no client is
// everybody's.
func (of ofClients[K, V]) visible(ctx context.Context, s *Service, by pontage.Actor, p pontage.Permission, all []V) (map[K]V, error) {
	var clients []pontage.ClientID
	for i := range all {
		clients = append(clients, of.client(&all[i]))
	}
	on, err := s.Authorities(ctx, by, clients)
	found := make(map[K]V, len(all))
	for i := range all {
		if client := of.client(&all[i]); client == "" || on.hold(p, client) {
			found[of.id(&all[i])] = all[i]
		}
	}
	return found, err
}

// DomainsByID gives the domains with these ids that Domain gives, in three reads; others are left out.
func (s *Service) DomainsByID(ctx context.Context, by pontage.Actor, ids []pontage.DomainID) (map[pontage.DomainID]pontage.Domain, error) {
	all, err := s.store.DomainsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	of := ofClients[pontage.DomainID, pontage.Domain]{func(d *pontage.Domain) pontage.DomainID { return d.ID }, func(d *pontage.Domain) pontage.ClientID { return d.ClientID }}
	return of.visible(ctx, s, by, pontage.DomainRead, all)
}

// URLsByID is DomainsByID for what URL gives.
func (s *Service) URLsByID(ctx context.Context, by pontage.Actor, ids []pontage.DomainURLID) (map[pontage.DomainURLID]pontage.DomainURL, error) {
	all, err := s.store.DomainURLsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	of := ofClients[pontage.DomainURLID, pontage.DomainURL]{func(u *pontage.DomainURL) pontage.DomainURLID { return u.ID }, func(u *pontage.DomainURL) pontage.ClientID { return u.ClientID }}
	return of.visible(ctx, s, by, pontage.DomainRead, all)
}

// SecretsByID is DomainsByID for what Secret gives.
func (s *Service) SecretsByID(ctx context.Context, by pontage.Actor, ids []pontage.SecretID) (map[pontage.SecretID]pontage.UsedSecret, error) {
	all, err := s.store.UsedSecretsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	of := ofClients[pontage.SecretID, pontage.UsedSecret]{func(v *pontage.UsedSecret) pontage.SecretID { return v.ID }, func(v *pontage.UsedSecret) pontage.ClientID { return v.ClientID }}
	return of.visible(ctx, s, by, pontage.SecretRead, all)
}

// RolesByID is DomainsByID for what Role gives.
func (s *Service) RolesByID(ctx context.Context, by pontage.Actor, ids []pontage.RoleID) (map[pontage.RoleID]pontage.Role, error) {
	all, err := s.store.RolesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	of := ofClients[pontage.RoleID, pontage.Role]{func(r *pontage.Role) pontage.RoleID { return r.ID }, func(r *pontage.Role) pontage.ClientID { return r.ClientID }}
	return of.visible(ctx, s, by, pontage.RoleRead, all)
}

// MembersByID is DomainsByID for what Member gives, with two reads more for roles and persons.
func (s *Service) MembersByID(ctx context.Context, by pontage.Actor, ids []pontage.MemberID) (map[pontage.MemberID]SeenMember, error) {
	all, err := s.store.MembersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen, err := see(ctx, s.store, all)
	if err != nil {
		return nil, err
	}
	of := ofClients[pontage.MemberID, SeenMember]{func(m *SeenMember) pontage.MemberID { return m.ID }, func(m *SeenMember) pontage.ClientID { return m.ClientID }}
	return of.visible(ctx, s, by, pontage.MemberRead, seen)
}
