package meter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/pontage/pontage"
)

const (
	renewRows = 100
	// renewAhead is how long before its end a subscription is renewed, so that no call falls between the two.
	renewAhead = 5 * time.Second
)

// renew sells due subscriptions again, each in a unit of its own. One whose wallet does not cover the price ends with its term.
func (m *Meter) renew(ctx context.Context) error {
	now := m.clock.Now()
	due, err := m.store.DueSubscriptions(ctx, now.Add(renewAhead), renewRows)
	if err != nil {
		return err
	}
	var failed []error // one that cannot be renewed must not keep the others from it
	for i := range due {
		failed = append(failed, m.renewOne(ctx, due[i].ID, due[i].AccountID, now))
	}
	return errors.Join(failed...)
}

// renewOne is safe on several instances: at most one subscription renews another, and who comes second has its unit rolled back.
func (m *Meter) renewOne(ctx context.Context, id pontage.SubscriptionID, account pontage.AccountID, now time.Time) error {
	sold, ended := false, false
	err := m.store.Write(ctx, func(tx pontage.Tx) error {
		sold, ended = false, false
		wallet, err := tx.LockWallet(ctx, account)
		if err != nil {
			return err
		}
		old, err := tx.Subscription(ctx, id)
		if err != nil || !old.AutoRenew {
			return err
		}
		if wallet.Credit() >= old.Price {
			next := following(*old, now)
			if err := sell(ctx, tx, next); err != nil {
				return err
			}
			sold = true
			return m.noteSubscription(ctx, tx, pontage.System(), "subscription.renew", nil, next)
		}
		if now.Before(old.ExpiresAt) {
			return nil // there is time left to top up
		}
		ended = true
		return m.endSubscription(ctx, tx, *old)
	})
	if pontage.CodeOf(err) == pontage.Conflict {
		return nil
	}
	if err == nil && sold {
		m.Spent(ctx, account)
	}
	if err == nil && ended {
		m.log.Info("subscription ended: the credit does not cover its renewal",
			slog.String("subscription", string(id)), slog.String("account", string(account)))
	}
	return err
}

// endSubscription ends one whose renewal the wallet does not cover, and tells its account.
func (m *Meter) endSubscription(ctx context.Context, tx pontage.Tx, s pontage.Subscription) error {
	before := subscriptionFields(s)
	s.AutoRenew, s.UpdatedAt = false, m.clock.Now()
	if err := tx.UpdateSubscription(ctx, s); err != nil {
		return err
	}
	if err := m.noteSubscription(ctx, tx, pontage.System(), "subscription.end", before, s); err != nil {
		return err
	}
	return m.tell(ctx, tx, s.AccountID, pontage.Notification{
		Kind: pontage.NotifyMoney, Title: "A subscription has ended", Target: string(s.ID),
		Text: fmt.Sprintf("The wallet does not cover the %s for another term of %d requests of %s. Its calls are paid from the wallet now. Top up the wallet and buy another one.",
			s.Price, s.TotalRequests, m.scopeName(s.ScopeID)),
	})
}

// following is the next subscription: it starts where the old one ends, or now where that term would be over already.
func following(old pontage.Subscription, now time.Time) pontage.Subscription {
	next := old
	next.ID, next.Renews, next.UsedRequests = pontage.NewSubscriptionID(now), old.ID, 0
	next.StartsAt = old.ExpiresAt
	if !next.StartsAt.Add(old.Term.Length()).After(now) {
		next.StartsAt = now
	}
	next.ExpiresAt = next.StartsAt.Add(old.Term.Length())
	next.CreatedAt, next.UpdatedAt = now, now
	return next
}
