package pontage

import (
	"context"
	"time"
)

// Threshold is a part of something limited that was used up; its account is told once in each period.
type Threshold struct {
	AccountID AccountID
	// Subject names what is limited: "wallet", "plan", a subscription's id, a token's id and limit, or a scope's id and window.
	Subject string
	// Period begins anew with the limit: the last top-up, the limit's value, or the calendar window.
	Period  string
	Percent int
	At      time.Time
}

// WalletLevel is a wallet and what lay in it right after its last top-up.
type WalletLevel struct {
	Wallet Wallet
	TopUp  TransferID
	Level  Money
}

// ThresholdReader reads what thresholds are about, each in one query and any order; unknown ids are left out.
type ThresholdReader interface {
	WalletsOf(ctx context.Context, accounts []AccountID) ([]Wallet, error)
	// WalletLevels leaves out wallets that were never topped up.
	WalletLevels(ctx context.Context, accounts []AccountID) ([]WalletLevel, error)
	Allowances(ctx context.Context, keys []AllowanceKey) ([]AllowanceUse, error)
	SubscriptionsOf(ctx context.Context, ids []SubscriptionID) ([]Subscription, error)
}

// ThresholdWriter writes who was told what.
type ThresholdWriter interface {
	// NoteThreshold says whether it was new; of all that try at once on all instances, one is told so.
	NoteThreshold(ctx context.Context, t Threshold) (bool, error)
	// PutWalletLevel keeps what lies in a wallet after a top-up.
	PutWalletLevel(ctx context.Context, account AccountID, topUp TransferID, level Money) error
}
