package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
)

func placeOfTransaction(l *pontage.TransactionLine) pontage.Place {
	return pontage.Place{At: l.CreatedAt, ID: l.ID}
}

func placeOfSubscription(s *pontage.Subscription) pontage.Place {
	return pontage.Place{At: s.CreatedAt, ID: string(s.ID)}
}

func placeOfError(e *pontage.ErrorEntry) pontage.Place {
	return pontage.Place{At: e.At, ID: string(e.ID)}
}

func placeOfCallback(c *pontage.Callback) pontage.Place {
	return pontage.Place{At: c.CreatedAt, ID: string(c.ID)}
}

// logged reads a page of a list that is filtered by scopes.
func logged[T any](ctx context.Context, r *Resolver, q *question, f *model.LogFilter,
	read func(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]T, error)) ([]T, error) {
	scopes, err := r.filtered(f)
	if err != nil {
		return nil, err
	}
	return read(ctx, actor(ctx), scopes, q.page)
}

// errors reads a page of the account's, or of a client's.
func (r *Resolver) errors(ctx context.Context, q *question, client *string, f *model.LogFilter) ([]pontage.ErrorEntry, error) {
	if client == nil {
		return logged(ctx, r, q, f, r.Meter.Errors)
	}
	return logged(ctx, r, q, f, func(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.ErrorEntry, error) {
		return r.Meter.ClientErrors(ctx, by, pontage.ClientID(*client), scopes, page)
	})
}

// wallet is the account's, or the one that pays for a client.
func (r *Resolver) wallet(ctx context.Context, client *string) (*pontage.Wallet, error) {
	if client == nil {
		return r.Meter.Wallet(ctx, actor(ctx))
	}
	return r.Meter.ClientWallet(ctx, actor(ctx), pontage.ClientID(*client))
}

// transactions reads a page of what moved the wallet.
func (r *Resolver) transactions(ctx context.Context, q *question, client *string, f *model.TransactionFilter) ([]pontage.TransactionLine, error) {
	asked := pontage.TransactionQuery{Page: q.page}
	if f != nil {
		asked.Kinds = f.Kinds
		if f.From != nil {
			asked.From = *f.From
		}
		if f.Until != nil {
			asked.Until = *f.Until
		}
	}
	if client == nil {
		return r.Meter.FindTransactions(ctx, actor(ctx), asked)
	}
	return r.Meter.ClientTransactions(ctx, actor(ctx), pontage.ClientID(*client), asked)
}

func (r *Resolver) transaction(ctx context.Context, id string, client *string) (*pontage.TransactionLine, error) {
	if client != nil {
		return found(r.Meter.ClientTransaction(ctx, actor(ctx), pontage.ClientID(*client), id))
	}
	t, err := found(r.Meter.Transaction(ctx, actor(ctx), id, pontage.Page{Limit: 1}))
	if err != nil {
		return nil, err
	}
	return &t.TransactionLine, nil
}
