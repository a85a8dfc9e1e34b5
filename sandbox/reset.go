package sandbox

import (
	"context"

	"github.com/pontage/pontage"
)

// Reset begins anew for by's account: it forgets what was posted to the APIs, and brings the wallet's credit to Start by one transfer.
// Tokens, clients, statistics, receipts and what was given today of the play money stay.
func (s *Service) Reset(ctx context.Context, by pontage.Actor) (*pontage.PlayReset, error) {
	var done pontage.PlayReset
	err := s.Store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		forgotten, err := tx.DeleteEchoes(ctx, by.AccountID)
		if err != nil {
			return err
		}
		if err := s.level(ctx, tx, by.AccountID); err != nil {
			return err
		}
		done = pontage.PlayReset{Credit: s.Start, Forgotten: forgotten, At: s.Clock.Now()}
		return by.Once.Keep(ctx, tx, &done)
	})
	if err != nil {
		return nil, err
	}
	return &done, nil
}

// level moves what lies between the credit and Start.
func (s *Service) level(ctx context.Context, tx pontage.Tx, account pontage.AccountID) error {
	wallet, err := tx.LockWallet(ctx, account)
	if err != nil || wallet.Credit() == s.Start {
		return err
	}
	now := s.Clock.Now()
	transfer := pontage.Transfer{
		ID: pontage.NewTransferID(now), Kind: pontage.TransferReset, AccountID: account, Amount: s.Start - wallet.Credit(),
		Debit: pontage.LedgerFunding, Credit: pontage.LedgerWallet(account), Description: "Reset of the sandbox", CreatedAt: now,
	}
	if transfer.Amount < 0 {
		transfer.Amount, transfer.Debit, transfer.Credit = -transfer.Amount, transfer.Credit, transfer.Debit
	}
	return pontage.MoveMoney(ctx, tx, transfer)
}
