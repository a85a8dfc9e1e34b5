package meter

import (
	"context"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// usagePrefix begins the id of a usage line: use_<day>_<host>.
const usagePrefix = "use_"

// Transaction is one line of the list, opened.
type Transaction struct {
	pontage.TransactionLine
	// Calls are a page of what a usage line is made of, newest first; the prices of all pages are the line's amount. Other kinds have
	// none.
	Calls []pontage.Call
}

var errNoTransaction = pontage.E(pontage.NotFound, "Transaction not found")

// Transaction opens one of the actor's transactions: a usage line into the calls it is made of, to the last committed one; any other
// is itself. Every other id is NotFound; InvalidInput at "limit" or "skip".
func (m *Meter) Transaction(ctx context.Context, by pontage.Actor, id string, page pontage.Page) (*Transaction, error) {
	if err := checkPage(page); err != nil {
		return nil, err
	}
	var found *Transaction
	err := m.store.Read(ctx, func(r pontage.Reader) (err error) {
		if rest, isUsage := strings.CutPrefix(id, usagePrefix); isUsage {
			found, err = usageTransaction(ctx, r, rest, pontage.UsageCallQuery{AccountID: by.AccountID, Page: page})
			return err
		}
		found, err = transferTransaction(ctx, r, by.AccountID, pontage.TransferID(id))
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// usageTransaction adds up the line, which name gives after its prefix, as the list does, and reads those of its calls that fit.
func usageTransaction(ctx context.Context, r pontage.Reader, name string, q pontage.UsageCallQuery) (*Transaction, error) {
	day, host, _ := strings.Cut(name, "_")
	sum := pontage.UsageDay{AccountID: q.AccountID, Day: pontage.Period(day), Host: host}
	if _, err := time.Parse(time.DateOnly, string(sum.Day)); err != nil {
		return nil, errNoTransaction
	}
	tail, err := r.Tail(ctx, sum.AccountID)
	if err != nil {
		return nil, err
	}
	days, err := r.UsageDays(ctx, sum.AccountID, sum.Day)
	if err != nil {
		return nil, err
	}
	for _, d := range append(days, Fold(tail).Days...) {
		if d.Day == sum.Day && d.Host == sum.Host {
			sum.Amount, sum.Requests = sum.Amount+d.Amount, sum.Requests+d.Requests
			sum.FirstAt = earlier(sum.FirstAt, d.FirstAt)
		}
	}
	if sum.Amount == 0 && sum.Requests == 0 {
		return nil, errNoTransaction
	}
	q.Day, q.Host = sum.Day, sum.Host
	calls, err := r.UsageCalls(ctx, q)
	return &Transaction{TransactionLine: usageLine(sum), Calls: calls}, err
}

func transferTransaction(ctx context.Context, r pontage.Reader, account pontage.AccountID, id pontage.TransferID) (*Transaction, error) {
	t, err := r.Transfer(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound || err == nil && t.AccountID != account {
		return nil, errNoTransaction
	}
	if err != nil {
		return nil, err
	}
	line := pontage.TransactionLine{ID: string(t.ID), Kind: t.Kind, Amount: t.Amount, CreatedAt: t.CreatedAt, Description: t.Description}
	if t.Debit == pontage.LedgerWallet(account) {
		line.Amount = -t.Amount
	}
	return &Transaction{TransactionLine: line}, nil
}
