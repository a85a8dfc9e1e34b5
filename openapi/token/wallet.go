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
