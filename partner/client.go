package partner

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

// CreateInput asks for a client.
type CreateInput struct {
	AccountID pontage.AccountID
	// Name is 1 to 200 characters.
	Name string
}

// NewClient is a client with its first secret, whose text is shown this once.
type NewClient struct {
	Client pontage.Client
	Secret *IssuedSecret
}

// CreateClient makes a client with its first secret. The operator, or the account itself; NotFound for other accounts, InvalidInput at
// "/name", PlanLimit where the account's plan has no room.
func (s *Service) CreateClient(ctx context.Context, by pontage.Actor, in CreateInput) (*NewClient, error) {
	return s.create(ctx, by, in, true)
}

// Create makes a client without secrets; otherwise it is CreateClient.
func (s *Service) Create(ctx context.Context, by pontage.Actor, in CreateInput) (*pontage.Client, error) {
	made, err := s.create(ctx, by, in, false)
	if err != nil {
		return nil, err
	}
	return &made.Client, nil
}

func (s *Service) create(ctx context.Context, by pontage.Actor, in CreateInput, withSecret bool) (*NewClient, error) {
	if !by.Manages(in.AccountID) {
		return nil, errNotFound
	}
	if err := checkName(in.Name); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	made := &NewClient{Client: pontage.Client{ID: pontage.NewClientID(now), AccountID: in.AccountID, Name: in.Name, CreatedAt: now}}
	if withSecret {
		made.Secret = s.newSecret(pontage.ClientSecret{ClientID: made.Client.ID, Label: DefaultLabel})
	}
	err := s.once(ctx, by, func(tx pontage.Tx) (any, error) { return made, s.insert(ctx, tx, by, made) })
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (s *Service) insert(ctx context.Context, tx pontage.Tx, by pontage.Actor, made *NewClient) error {
	if _, err := tx.Account(ctx, made.Client.AccountID); err != nil {
		return err
	}
	if err := s.room(ctx, tx, by, made.Client.AccountID, clientsOf(made.Client.AccountID)); err != nil {
		return err
	}
	if err := tx.InsertClient(ctx, made.Client); err != nil {
		return err
	}
	if err := s.note(ctx, tx, by, &made.Client, "client.create", string(made.Client.ID), nil, pontage.AuditFields{"name": made.Client.Name}); err != nil {
		return err
	}
	if made.Secret == nil {
		return nil
	}
	return s.insertSecret(ctx, tx, by, &made.Client, made.Secret)
}

func checkName(name string) error {
	if strings.TrimSpace(name) == "" {
		return pontage.E(pontage.InvalidInput, "A name is needed.").At("/name")
	}
	return pontage.CheckText(name, "/name")
}

// Rename gives a client another name. Needs ClientWrite; InvalidInput at "/name".
func (s *Service) Rename(ctx context.Context, by pontage.Actor, id pontage.ClientID, name string) (client *pontage.Client, err error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	err = s.change(ctx, by, id, pontage.ClientWrite, func(tx pontage.Tx, a *pontage.Authority) (any, error) {
		before := a.Client.Name
		a.Client.Name = name
		client = &a.Client
		if before == name {
			return client, nil
		}
		if err := tx.UpdateClient(ctx, a.Client); err != nil {
			return nil, err
		}
		return client, s.note(ctx, tx, by, client, "client.rename", string(id), pontage.AuditFields{"name": before}, pontage.AuditFields{"name": name})
	})
	if err != nil {
		return nil, err
	}
	s.known.ForgetAll()
	return client, nil
}
