package sandbox

import (
	"context"

	"github.com/pontage/pontage"
)

// purse says what an account may still give itself.
func (s *Service) purse(ctx context.Context, r pontage.Reader, account pontage.AccountID) (pontage.PlayPurse, error) {
	now := s.Clock.Now()
	purse := pontage.PlayPurse{PerDay: s.PerDay, Left: s.PerDay, Start: s.Start, EndsAt: nextDay(now)}
	grant, err := r.PlayGrant(ctx, account)
	if pontage.CodeOf(err) == pontage.NotFound {
		return purse, nil
	}
	if err == nil && grant.Day == pontage.DayOf(now) {
		purse.Left = max(0, s.PerDay-grant.Amount)
	}
	return purse, err
}

// Credit puts play money into the wallet of by's account, as far as the day's bound goes: of any number that ask at once, no more than
// that is given. InvalidInput at "/amount"; LimitExhausted, with the time to the next day, where the bound would be passed.
func (s *Service) Credit(ctx context.Context, by pontage.Actor, amount pontage.Money, description string) (*pontage.Transfer, error) {
	if amount <= 0 {
		return nil, pontage.E(pontage.InvalidInput, "The amount must be above zero.").At("/amount")
	}
	now := s.Clock.Now()
	if description == "" {
		description = "Play money"
	}
	transfer := pontage.Transfer{
		ID: pontage.NewTransferID(now), Kind: pontage.TransferTopUp, AccountID: by.AccountID, Amount: amount,
		Debit: pontage.LedgerFunding, Credit: pontage.LedgerWallet(by.AccountID), Description: description, CreatedAt: now,
	}
	err := s.Store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if err := pontage.MoveMoney(ctx, tx, transfer); err != nil { // the wallet is locked from here on
			return err
		}
		if err := s.grant(ctx, tx, by.AccountID, amount); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, &transfer)
	})
	if err != nil {
		return nil, err
	}
	return &transfer, nil
}

// Welcome puts Start into the wallet of an account that was just opened, beside what it may give itself.
func (s *Service) Welcome(ctx context.Context, tx pontage.Tx, account pontage.AccountID) error {
	now := s.Clock.Now()
	return pontage.MoveMoney(ctx, tx, pontage.Transfer{
		ID: pontage.NewTransferID(now), Kind: pontage.TransferTopUp, AccountID: account, Amount: s.Start,
		Debit: pontage.LedgerFunding, Credit: pontage.LedgerWallet(account), Description: "Welcome credit", CreatedAt: now,
	})
}

// grant counts the amount against the day.
func (s *Service) grant(ctx context.Context, tx pontage.Tx, account pontage.AccountID, amount pontage.Money) error {
	purse, err := s.purse(ctx, tx, account)
	if err != nil {
		return err
	}
	if amount > purse.Left {
		wait := purse.EndsAt.Sub(s.Clock.Now())
		return pontage.E(pontage.LimitExhausted, "Of the play money of %s a day, %s is left until midnight UTC.", purse.PerDay, purse.Left).At("/amount").After(wait)
	}
	return tx.PutPlayGrant(ctx, pontage.PlayGrant{AccountID: account, Day: pontage.DayOf(s.Clock.Now()), Amount: purse.PerDay - purse.Left + amount})
}
