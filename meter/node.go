package meter

import (
	"context"

	"github.com/pontage/pontage"
)

// SubscriptionsByID gives the actor's subscriptions with these ids in one read; others are left out.
func (m *Meter) SubscriptionsByID(ctx context.Context, by pontage.Actor, ids []pontage.SubscriptionID) (map[pontage.SubscriptionID]pontage.Subscription, error) {
	all, err := m.store.SubscriptionsByID(ctx, by.AccountID, ids)
	found := make(map[pontage.SubscriptionID]pontage.Subscription, len(all))
	for _, s := range all {
		found[s.ID] = s
	}
	return found, err
}

// CallbacksByID gives the actor's callbacks with these ids in one read; others are left out.
func (m *Meter) CallbacksByID(ctx context.Context, by pontage.Actor, ids []pontage.CallbackID) (map[pontage.CallbackID]pontage.Callback, error) {
	all, err := m.store.CallbacksByID(ctx, by.AccountID, ids)
	found := make(map[pontage.CallbackID]pontage.Callback, len(all))
	for _, c := range all {
		found[c.ID] = c
	}
	return found, err
}

// ReceiptsByID opens those of the calls with these ids that Receipt opens, in three reads, and two more where some are of other accounts; others
// are left out.
func (m *Meter) ReceiptsByID(ctx context.Context, by pontage.Actor, ids []pontage.CallID) (map[pontage.CallID]Receipt, error) {
	found := make(map[pontage.CallID]Receipt, len(ids))
	err := m.store.Read(ctx, func(r pontage.Reader) error {
		calls, err := r.CallsByID(ctx, ids)
		if err != nil {
			return err
		}
		receipts, err := m.receipts(ctx, r, calls)
		if err != nil {
			return err
		}
		receipts, err = m.opened(ctx, r, by, receipts)
		for _, receipt := range receipts {
			found[receipt.Call.ID] = receipt
		}
		return err
	})
	return found, err
}
