package meter

import (
	"context"

	"github.com/pontage/pontage"
)

// Call gives the log's row of one of the actor's calls and its outcomes, oldest first; any other is NotFound.
func (m *Meter) Call(ctx context.Context, by pontage.Actor, id pontage.CallID) (*pontage.Call, []pontage.Outcome, error) {
	call, outcomes, err := m.store.Call(ctx, id)
	if err == nil && call.AccountID != by.AccountID {
		err = pontage.E(pontage.NotFound, "Call not found")
	}
	if err != nil {
		return nil, nil, err
	}
	return call, outcomes, nil
}

// Callback gives one of the actor's callbacks; any other is NotFound.
func (m *Meter) Callback(ctx context.Context, by pontage.Actor, id pontage.CallbackID) (*pontage.Callback, error) {
	c, err := m.store.Callback(ctx, id)
	if err == nil && c.AccountID != by.AccountID {
		err = pontage.E(pontage.NotFound, "Callback not found")
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Callbacks lists the actor's callbacks, newest first; scopes nil means all. InvalidInput at "limit" or "skip".
func (m *Meter) Callbacks(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Callback, error) {
	if err := checkPage(page); err != nil {
		return nil, err
	}
	return m.store.Callbacks(ctx, pontage.LogQuery{AccountID: by.AccountID, Scopes: scopes, Page: page})
}

// Verify recomputes balances, holds, counters, allowances and statistics from the log and the transfers, and gives what is not
// equal: nothing, where the books are right.
func (m *Meter) Verify(ctx context.Context) ([]pontage.Difference, error) {
	return m.store.Differences(ctx)
}
