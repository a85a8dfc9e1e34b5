package partner

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// CreateInput asks for a client.
type CreateInput struct {
	AccountID pontage.AccountID
	// Name is 1 to 200 characters.
	Name string
}

// Create makes a client without secrets. The operator, or the account itself; NotFound for other accounts, InvalidInput at "/name".
func (s *Service) Create(ctx context.Context, by pontage.Actor, in CreateInput) (*pontage.Client, error) {
	if !by.Manages(in.AccountID) {
		return nil, errNotFound
	}
	if in.Name == "" {
		return nil, pontage.E(pontage.InvalidInput, "A client needs a name.").At("/name")
	}
	if err := pontage.CheckText(in.Name, "/name"); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	c := pontage.Client{ID: pontage.NewClientID(now), AccountID: in.AccountID, Name: in.Name, CreatedAt: now}
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Account(ctx, in.AccountID); err != nil {
			return err
		}
		if err := tx.InsertClient(ctx, c); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, &c)
	})
	if err != nil {
		return nil, err
	}
	return &c, nil
}

// List gives an account's clients, newest first. The operator, or the account itself; NotFound for other accounts. page.Limit must be
// positive.
func (s *Service) List(ctx context.Context, by pontage.Actor, account pontage.AccountID, page pontage.Page) ([]pontage.Client, error) {
	if !by.Manages(account) {
		return nil, errNotFound
	}
	return s.store.Clients(ctx, account, page)
}

// SetDisabled shuts a client out, or lets it in again. The operator, or its account; NotFound for clients of others.
func (s *Service) SetDisabled(ctx context.Context, by pontage.Actor, id pontage.ClientID, disabled bool) error {
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		c, err := own(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if c.DisabledAt.IsZero() == disabled {
			c.DisabledAt = time.Time{}
			if disabled {
				c.DisabledAt = s.clock.Now()
			}
			if err := tx.UpdateClient(ctx, *c); err != nil {
				return err
			}
		}
		return by.Once.Keep(ctx, tx, nil)
	})
	s.known.ForgetAll()
	s.changed()
	return err
}

// own finds a client that by manages; all others are NotFound.
func own(ctx context.Context, r pontage.ClientReader, by pontage.Actor, id pontage.ClientID) (*pontage.Client, error) {
	c, err := r.Client(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	if !by.Manages(c.AccountID) {
		return nil, errNotFound
	}
	return c, nil
}
