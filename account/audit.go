package account

import (
	"context"

	"github.com/pontage/pontage"
)

// AuditLog lists what was done to an account and by whom, newest first. The operator, or the account itself; NotFound for other accounts.
// Only the operator may leave the account open.
func (s *Service) AuditLog(ctx context.Context, by pontage.Actor, q pontage.AuditQuery) ([]pontage.AuditEntry, error) {
	if !by.Manages(q.AccountID) {
		return nil, errNotFound
	}
	return s.store.AuditEntries(ctx, q)
}

// note writes what was done into the audit log, in the transaction that does it.
func (s *Service) note(ctx context.Context, tx pontage.Tx, by pontage.Actor, account pontage.AccountID, action, target string, before, after pontage.AuditFields) error {
	by.UserAgent = cutAgent(by.UserAgent)
	return tx.InsertAudit(ctx, pontage.NewAuditEntry(by, s.clock.Now(), account, action, target, before, after))
}

// noteUser is note for what needs a proof of who one is, a password or a mailed link: whoever gave it acts as that person.
func (s *Service) noteUser(ctx context.Context, tx pontage.Tx, by pontage.Actor, user *pontage.User, action, target string, before, after pontage.AuditFields) error {
	by.Kind, by.UserID, by.AccountID = pontage.ActorUser, user.ID, user.AccountID
	return s.note(ctx, tx, by, user.AccountID, action, target, before, after)
}
