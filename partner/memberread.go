package partner

import (
	"context"
	"maps"
	"slices"

	"github.com/pontage/pontage"
)

// SeenMember is a member as other members see them.
type SeenMember struct {
	pontage.Member
	Role pontage.Role
	// Person is nil until the invitation is accepted.
	Person *Person
}

// Person is what others see of somebody who logs in.
type Person struct {
	ID    pontage.UserID
	Email string
	// Name and Picture, an https URL, may be empty.
	Name, Picture string
}

// Members lists those of a client that fit the query, newest first, those who are invited too. Needs MemberRead.
func (s *Service) Members(ctx context.Context, by pontage.Actor, q pontage.MemberQuery) ([]SeenMember, error) {
	if _, err := s.may(ctx, s.store, by, q.ClientID, pontage.MemberRead); err != nil {
		return nil, err
	}
	q.Now = s.clock.Now()
	members, err := s.store.Members(ctx, q)
	if err != nil {
		return nil, err
	}
	return see(ctx, s.store, members)
}

// Member gives one member or invitation. Needs MemberRead; NotFound for those of others.
func (s *Service) Member(ctx context.Context, by pontage.Actor, id pontage.MemberID) (*SeenMember, error) {
	m, err := s.store.Member(ctx, id)
	if err != nil {
		return nil, hidden(err)
	}
	if _, err := s.may(ctx, s.store, by, m.ClientID, pontage.MemberRead); err != nil {
		return nil, err
	}
	return seeOne(ctx, s.store, m)
}

// Joined is a membership with its client.
type Joined struct {
	pontage.Membership
	Client pontage.Client
}

// Memberships lists the clients that by's user is a member of, newest first: those on which that gives something now, and whose name
// holds the text.
func (s *Service) Memberships(ctx context.Context, by pontage.Actor, clientName string, page pontage.Keyset) ([]Joined, error) {
	if by.Kind != pontage.ActorUser || by.UserID == "" {
		return nil, errUnauthorized
	}
	all, err := s.store.Memberships(ctx, pontage.MembershipQuery{UserID: by.UserID, Now: s.clock.Now(), ClientName: clientName, Page: page})
	if err != nil {
		return nil, err
	}
	joined, ids := make([]Joined, len(all)), make([]pontage.ClientID, len(all))
	for i, m := range all {
		joined[i].Membership, ids[i] = m, m.Member.ClientID
	}
	clients, err := s.store.ClientsByID(ctx, ids)
	of := make(map[pontage.ClientID]pontage.Client, len(clients))
	for _, c := range clients {
		of[c.ID] = c
	}
	for i := range joined {
		joined[i].Client = of[ids[i]]
	}
	return joined, err
}

// seeing is the part of a reader that completes members.
type seeing interface {
	RolesByID(ctx context.Context, ids []pontage.RoleID) ([]pontage.Role, error)
	Users(ctx context.Context, ids []pontage.UserID) ([]pontage.User, error)
}

// see completes members with two reads, however many they are.
func see(ctx context.Context, r seeing, members []pontage.Member) ([]SeenMember, error) {
	roles, people := map[pontage.RoleID]pontage.Role{}, map[pontage.UserID]*Person{}
	for _, m := range members {
		roles[m.RoleID] = pontage.Role{}
		if m.UserID != "" {
			people[m.UserID] = nil
		}
	}
	given, err := r.RolesByID(ctx, keys(roles))
	if err != nil {
		return nil, err
	}
	for _, role := range given {
		roles[role.ID] = role
	}
	users, err := r.Users(ctx, keys(people))
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		people[u.ID] = &Person{ID: u.ID, Email: u.Email, Name: u.Profile.Name, Picture: u.Profile.Picture}
	}
	seen := make([]SeenMember, len(members))
	for i, m := range members {
		seen[i] = SeenMember{Member: m, Role: roles[m.RoleID], Person: people[m.UserID]}
	}
	return seen, nil
}

func seeOne(ctx context.Context, r seeing, m *pontage.Member) (*SeenMember, error) {
	seen, err := see(ctx, r, []pontage.Member{*m})
	if err != nil {
		return nil, err
	}
	return &seen[0], nil
}

func keys[K comparable, V any](of map[K]V) []K { return slices.Collect(maps.Keys(of)) }
