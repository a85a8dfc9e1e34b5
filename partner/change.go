package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// change runs one change of a client as a unit of work: it locks the client, so that two changes never miss each other, asks whether by
// may, and answers once for a request with a key. What do gives is the answer of such a request.
func (s *Service) change(ctx context.Context, by pontage.Actor, client pontage.ClientID, p pontage.Permission, do func(pontage.Tx, *pontage.Authority) (any, error)) error {
	return s.once(ctx, by, func(tx pontage.Tx) (any, error) {
		a, err := s.lock(ctx, tx, by, client, p)
		if err != nil {
			return nil, err
		}
		return do(tx, a)
	})
}

// once is a unit of work under by's key, where there is one.
func (s *Service) once(ctx context.Context, by pontage.Actor, do func(pontage.Tx) (any, error)) error {
	return s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		result, err := do(tx)
		if err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, result)
	})
}

// lock locks a client for change, if by may.
func (s *Service) lock(ctx context.Context, tx pontage.Tx, by pontage.Actor, client pontage.ClientID, p pontage.Permission) (*pontage.Authority, error) {
	if _, err := tx.LockClient(ctx, client); err != nil {
		return nil, hidden(err)
	}
	return s.may(ctx, tx, by, client, p)
}

// may asks whether by may.
func (s *Service) may(ctx context.Context, r pontage.AuthorityReader, by pontage.Actor, client pontage.ClientID, p pontage.Permission) (*pontage.Authority, error) {
	return pontage.Authorize(ctx, r, by, client, p, s.clock.Now())
}

// hidden makes what is not there look like what is somebody else's.
func hidden(err error) error {
	if pontage.CodeOf(err) == pontage.NotFound {
		return errNotFound
	}
	return err
}

// note writes what was done to a client into its account's audit log, in the transaction that does it.
func (s *Service) note(ctx context.Context, tx pontage.Tx, by pontage.Actor, of *pontage.Client, action, target string, before, after pontage.AuditFields) error {
	return tx.InsertAudit(ctx, pontage.NewAuditEntry(by, s.clock.Now(), of.AccountID, action, target, before, after).Of(of.ID))
}

// AuditLog lists what was done to a client and by whom, newest first. Needs AuditRead.
func (s *Service) AuditLog(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.AuditQuery) ([]pontage.AuditEntry, error) {
	if _, err := s.may(ctx, s.store, by, client, pontage.AuditRead); err != nil {
		return nil, err
	}
	q.AccountID, q.ClientID = "", client
	return s.store.AuditEntries(ctx, q)
}
