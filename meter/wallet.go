package meter

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

const longestDescription = 500

// Wallet gives the actor's wallet; what it can spend is Credit.
func (m *Meter) Wallet(ctx context.Context, by pontage.Actor) (*pontage.Wallet, error) {
	return m.store.Wallet(ctx, by.AccountID)
}

// Credit tops the account's wallet up; only the operator may. Amount is above zero and at most MaxMoney. Errors: Forbidden,
// InvalidInput at "amount" or "description", NotFound for an unknown account.
func (m *Meter) Credit(ctx context.Context, by pontage.Actor, account pontage.AccountID, amount pontage.Money, description string) (*pontage.Transfer, error) {
	if err := operatorOnly(by); err != nil {
		return nil, err
	}
	if amount <= 0 || amount > pontage.MaxMoney {
		return nil, pontage.E(pontage.InvalidInput, "The amount must be above zero and at most %s.", pontage.MaxMoney).At("amount")
	}
	if len(description) > longestDescription || strings.ContainsFunc(description, isControl) {
		return nil, pontage.E(pontage.InvalidInput, "The description must be plain text of at most %d bytes.", longestDescription).At("description")
	}
	now := m.clock.Now()
	transfer := pontage.Transfer{
		ID: pontage.NewTransferID(now), Kind: pontage.TransferTopUp, AccountID: account, Amount: amount,
		Debit: pontage.LedgerFunding, Credit: pontage.LedgerWallet(account),
		Description: description, CreatedAt: now,
	}
	err := m.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if err := pontage.MoveMoney(ctx, tx, transfer); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, &transfer)
	})
	if err != nil {
		return nil, err
	}
	return &transfer, nil
}

func operatorOnly(by pontage.Actor) error {
	if by.Kind != pontage.ActorOperator && by.Kind != pontage.ActorSystem {
		return pontage.E(pontage.Forbidden, "Only the operator may do this.")
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// checkPage refuses what no list can answer.
func checkPage(page pontage.Page) error {
	if page.Limit <= 0 {
		return pontage.E(pontage.InvalidInput, "The limit must be above zero.").At("limit")
	}
	if page.Skip < 0 {
		return pontage.E(pontage.InvalidInput, "Skip must not be negative.").At("skip")
	}
	return nil
}
