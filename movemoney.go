package pontage

import "context"

// MoveMoney books one transfer between a wallet and the platform: into the wallet, or out of it as far as its credit goes, else
// InsufficientCredit.
func MoveMoney(ctx context.Context, tx Tx, t Transfer) error {
	wallet, err := tx.LockWallet(ctx, t.AccountID)
	if err != nil {
		return err
	}
	change := t.Amount
	if t.Debit == LedgerWallet(t.AccountID) {
		if wallet.Credit() < t.Amount {
			return E(InsufficientCredit, "The credit of %s does not cover %s. Top up the wallet.", wallet.Credit(), t.Amount)
		}
		change = -t.Amount
	}
	if wallet.Balance, err = wallet.Balance.Add(change); err != nil {
		return err
	}
	wallet.UpdatedAt = t.CreatedAt
	if err := tx.UpdateWallet(ctx, *wallet); err != nil {
		return err
	}
	if t.Kind == TransferTopUp {
		if err := tx.PutWalletLevel(ctx, t.AccountID, t.ID, wallet.Balance); err != nil {
			return err
		}
	}
	return tx.InsertTransfers(ctx, []Transfer{t})
}
