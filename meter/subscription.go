package meter

import (
	"context"

	"github.com/pontage/pontage"
)

// SubscriptionInput describes a subscription to sell.
type SubscriptionInput struct {
	AccountID pontage.AccountID
	ScopeID   pontage.ScopeID
	Term      pontage.Term
	// Price is debited at once, and at every renewal; zero is a gift.
	Price pontage.Money
	// TotalRequests is how many calls it pays per term; above zero.
	TotalRequests int64
	AutoRenew     bool
}

// check gives the first thing wrong with the input.
func (in SubscriptionInput) check() error {
	switch {
	case in.Term.Length() == 0:
		return pontage.E(pontage.InvalidInput, "The term must be monthly or annual.").At("term")
	case in.Price < 0 || in.Price > pontage.MaxMoney:
		return pontage.E(pontage.InvalidInput, "The price must be between zero and %s.", pontage.MaxMoney).At("price")
	case in.TotalRequests <= 0:
		return pontage.E(pontage.InvalidInput, "The number of requests must be above zero.").At("totalRequests")
	}
	return nil
}

// CreateSubscription sells a subscription that starts now and debits its price from the wallet in the same unit; only the operator
// may. Errors: Forbidden, InvalidInput with the field, NotFound for an unknown account or scope, InsufficientCredit.
func (m *Meter) CreateSubscription(ctx context.Context, by pontage.Actor, in SubscriptionInput) (*pontage.Subscription, error) {
	if err := operatorOnly(by); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if m.config.Scopes != nil {
		if _, ok := m.config.Scopes.ScopeByID(in.ScopeID); !ok {
			return nil, pontage.E(pontage.NotFound, "There is no scope with this id.").At("scopeId")
		}
	}
	now := m.clock.Now()
	s := pontage.Subscription{
		ID: pontage.NewSubscriptionID(now), AccountID: in.AccountID, ScopeID: in.ScopeID, Term: in.Term, Price: in.Price,
		TotalRequests: in.TotalRequests, AutoRenew: in.AutoRenew,
		StartsAt: now, ExpiresAt: now.Add(in.Term.Length()), CreatedAt: now, UpdatedAt: now,
	}
	err := m.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if err := sell(ctx, tx, s); err != nil {
			return err
		}
		if err := m.noteSubscription(ctx, tx, by, "subscription.buy", nil, s); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, &s)
	})
	if err != nil {
		return nil, err
	}
	m.Spent(ctx, s.AccountID)
	return &s, nil
}

// sell debits the price and writes the subscription.
func sell(ctx context.Context, tx pontage.Tx, s pontage.Subscription) error {
	if s.Price > 0 {
		err := pontage.MoveMoney(ctx, tx, pontage.Transfer{
			ID: pontage.NewTransferID(s.CreatedAt), Kind: pontage.TransferSubscription, AccountID: s.AccountID, Amount: s.Price,
			Debit: pontage.LedgerWallet(s.AccountID), Credit: pontage.LedgerRevenue,
			Description: "Subscription " + string(s.ID), CreatedAt: s.CreatedAt,
		})
		if err != nil {
			return err
		}
	} else if _, err := tx.LockWallet(ctx, s.AccountID); err != nil {
		return err
	}
	return tx.InsertSubscription(ctx, s)
}

// Subscription gives one of the actor's subscriptions; any other is NotFound.
func (m *Meter) Subscription(ctx context.Context, by pontage.Actor, id pontage.SubscriptionID) (*pontage.Subscription, error) {
	s, err := m.store.Subscription(ctx, id)
	if err == nil && s.AccountID != by.AccountID {
		err = pontage.E(pontage.NotFound, "Subscription not found")
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Subscriptions lists the actor's subscriptions, newest first; scopes nil means all. InvalidInput at "limit" or "skip".
func (m *Meter) Subscriptions(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Subscription, error) {
	if err := checkPage(page); err != nil {
		return nil, err
	}
	return m.store.Subscriptions(ctx, pontage.SubscriptionQuery{AccountID: by.AccountID, Scopes: scopes, Page: page})
}
