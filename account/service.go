package account

import (
	"context"
	"errors"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/pontage/pontage"
)

// Store is what accounts need of the store; pontage.Store has it.
type Store interface {
	pontage.AccountReader
	pontage.UserReader
	pontage.SessionReader
	pontage.ConfirmationReader
	pontage.AuditReader
	pontage.PostalReader
	pontage.NotificationReader
	pontage.CredentialUseReader
	pontage.NodeReader
	Read(ctx context.Context, do func(pontage.Reader) error) error
	Write(ctx context.Context, do func(pontage.Tx) error) error
}

// Config is what a Service is made of; all but DashboardURL and Changed is required.
type Config struct {
	Store       Store
	Clock       pontage.Clock
	Credentials pontage.Credentials
	// DashboardURL is where mailed links lead, without a slash at its end.
	DashboardURL string
	// Changed is told that an account was shut out or let in again, before that is answered: what is remembered of it is old.
	Changed func()
	// Opened runs where a person's registration opens an account, in the same unit of work; nil does nothing.
	Opened func(ctx context.Context, tx pontage.Tx, account pontage.AccountID) error
}

// Service keeps the rules of accounts. It is safe for concurrent use.
type Service struct {
	store       Store
	clock       pontage.Clock
	credentials pontage.Credentials
	changed     func()
	opened      func(ctx context.Context, tx pontage.Tx, account pontage.AccountID) error
	known       *pontage.Recent[pontage.APIKeyID, proof]
	used        *lru.Cache[pontage.APIKeyID, time.Time]
	passwords   *hasher
	links       string
}

const knownKeys = 10_000

// New makes a Service.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Clock == nil || c.Credentials.Keys == nil || c.Credentials.Prefix == "" {
		return nil, errors.New("account: Store, Clock and Credentials are required")
	}
	if c.Changed == nil {
		c.Changed = func() {}
	}
	if c.Opened == nil {
		c.Opened = func(context.Context, pontage.Tx, pontage.AccountID) error { return nil }
	}
	used, err := lru.New[pontage.APIKeyID, time.Time](knownKeys)
	if err != nil {
		return nil, err
	}
	return &Service{store: c.Store, clock: c.Clock, credentials: c.Credentials, changed: c.Changed, opened: c.Opened, used: used, passwords: newHasher(),
		links: c.DashboardURL, known: pontage.NewRecent[pontage.APIKeyID, proof](c.Clock, knownKeys)}, nil
}

// CreateInput asks for an account.
type CreateInput struct {
	// Email is an ASCII address of at most 254 characters; it is kept as typed and unique without regard to case.
	Email string
	// Name is at most 200 characters and may be empty.
	Name string
}

// Create makes an account with an empty wallet. The operator only; InvalidInput at "/email" or "/name", Conflict where the e-mail is
// taken.
func (s *Service) Create(ctx context.Context, by pontage.Actor, in CreateInput) (*pontage.Account, error) {
	if by.Kind != pontage.ActorOperator {
		return nil, errOperator
	}
	if err := checkEmail(in.Email); err != nil {
		return nil, err
	}
	if err := pontage.CheckText(in.Name, "/name"); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	a := pontage.Account{ID: pontage.NewAccountID(now), Email: in.Email, Name: in.Name, CreatedAt: now}
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := tx.InsertAccount(ctx, a); err != nil {
			return err
		}
		return s.note(ctx, tx, by, a.ID, "account.create", string(a.ID), nil, nil)
	})
	if pontage.CodeOf(err) == pontage.Conflict {
		return nil, pontage.E(pontage.Conflict, "This e-mail address has an account already.").At("/email").Because(err)
	}
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// List gives accounts, newest first. The operator only; page.Limit must be positive.
func (s *Service) List(ctx context.Context, by pontage.Actor, page pontage.Page) ([]pontage.Account, error) {
	if by.Kind != pontage.ActorOperator {
		return nil, errOperator
	}
	return s.store.Accounts(ctx, page)
}

// ByEmail finds an account without regard to case. The operator only; NotFound.
func (s *Service) ByEmail(ctx context.Context, by pontage.Actor, email string) (*pontage.Account, error) {
	if by.Kind != pontage.ActorOperator {
		return nil, errOperator
	}
	return s.store.AccountByEmail(ctx, email)
}

// SetDisabled shuts an account out, or lets it in again. The operator only; NotFound.
func (s *Service) SetDisabled(ctx context.Context, by pontage.Actor, id pontage.AccountID, disabled bool) error {
	if by.Kind != pontage.ActorOperator {
		return errOperator
	}
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		a, err := tx.Account(ctx, id)
		if err != nil || a.DisabledAt.IsZero() != disabled {
			return err
		}
		a.DisabledAt = time.Time{}
		action := "account.enable"
		if disabled {
			a.DisabledAt, action = s.clock.Now(), "account.disable"
		}
		if err := tx.UpdateAccount(ctx, *a); err != nil {
			return err
		}
		return s.note(ctx, tx, by, id, action, string(id), nil, nil)
	})
	s.known.ForgetAll()
	s.changed()
	return err
}
