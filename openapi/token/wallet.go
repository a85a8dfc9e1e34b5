package token

import (
	"net/http"

	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// GetWallet is GET /wallet.
func (a *api) GetWallet(w http.ResponseWriter, r *http.Request) {
	wallet, err := a.Meter.Wallet(r.Context(), openapi.Actor(r))
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	a.Answer(w, r, generated.Wallet{Credit: wallet.Credit(), CreatedAt: wallet.CreatedAt.UTC(), UpdatedAt: wallet.UpdatedAt.UTC()}, nil)
}

// ListTransactions is GET /wallet/transactions.
func (a *api) ListTransactions(w http.ResponseWriter, r *http.Request, p generated.ListTransactionsParams) {
	lines, err := a.Meter.Transactions(r.Context(), openapi.Actor(r), page(p.Skip, p.Limit))
	out := make([]generated.WalletTransaction, len(lines))
	for i, l := range lines {
		out[i] = generated.WalletTransaction{Id: l.ID, Amount: l.Amount, CreatedAt: l.CreatedAt.UTC(), Description: l.Description}
	}
	a.Answer(w, r, out, err)
}

// GetTransaction is GET /wallet/transactions/{id}.
func (a *api) GetTransaction(w http.ResponseWriter, r *http.Request, id string, p generated.GetTransactionParams) {
	t, err := a.Meter.Transaction(r.Context(), openapi.Actor(r), id, page(p.Skip, p.Limit))
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	out := generated.TransactionDetail{Id: t.ID, Amount: t.Amount, CreatedAt: t.CreatedAt.UTC(), Description: t.Description,
		Kind: string(t.Kind), Calls: make([]generated.TransactionCall, len(t.Calls))}
	for i, c := range t.Calls {
		out.Calls[i] = generated.TransactionCall{Id: string(c.ID), Price: c.Price, CreatedAt: c.DecidedAt.UTC(), Scope: a.scopeName(c.ScopeID)}
	}
	a.Answer(w, r, out, nil)
}
