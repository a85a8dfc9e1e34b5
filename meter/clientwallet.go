package meter

import (
	"context"

	"github.com/pontage/pontage"
)

// ClientWallet gives the wallet that pays for a client: its account's. Needs WalletRead.
func (m *Meter) ClientWallet(ctx context.Context, by pontage.Actor, client pontage.ClientID) (*pontage.Wallet, error) {
	by, err := m.payerOf(ctx, by, client)
	if err != nil {
		return nil, err
	}
	return m.Wallet(ctx, by)
}

// ClientTransactions is FindTransactions for the wallet that pays for a client. Needs WalletRead.
func (m *Meter) ClientTransactions(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.TransactionQuery) ([]pontage.TransactionLine, error) {
	by, err := m.payerOf(ctx, by, client)
	if err != nil {
		return nil, err
	}
	return m.FindTransactions(ctx, by, q)
}

// ClientTransaction is Transaction for the wallet that pays for a client, without its calls. Needs WalletRead.
func (m *Meter) ClientTransaction(ctx context.Context, by pontage.Actor, client pontage.ClientID, id string) (*pontage.TransactionLine, error) {
	by, err := m.payerOf(ctx, by, client)
	if err != nil {
		return nil, err
	}
	t, err := m.Transaction(ctx, by, id, pontage.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	return &t.TransactionLine, nil
}

// ClientSubscriptions is Subscriptions for those that pay for a client's calls: its account's. Needs WalletRead.
func (m *Meter) ClientSubscriptions(ctx context.Context, by pontage.Actor, client pontage.ClientID, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Subscription, error) {
	by, err := m.payerOf(ctx, by, client)
	if err != nil {
		return nil, err
	}
	return m.Subscriptions(ctx, by, scopes, page)
}

// ClientSubscription is Subscription for one of them. Needs WalletRead.
func (m *Meter) ClientSubscription(ctx context.Context, by pontage.Actor, client pontage.ClientID, id pontage.SubscriptionID) (*pontage.Subscription, error) {
	by, err := m.payerOf(ctx, by, client)
	if err != nil {
		return nil, err
	}
	return m.Subscription(ctx, by, id)
}

// payerOf lets by look at the wallet that pays for a client.
func (m *Meter) payerOf(ctx context.Context, by pontage.Actor, client pontage.ClientID) (pontage.Actor, error) {
	a, err := pontage.Authorize(ctx, m.store, by, client, pontage.WalletRead, m.clock.Now())
	if err != nil {
		return pontage.Actor{}, err
	}
	by.AccountID = a.Client.AccountID
	return by, nil
}
