package meter

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

// UsageReceipts opens a page of the calls of one of the actor's transactions that fit, newest or oldest first, each with all there is to
// know of it; After names a call. Of the query, account, day and host count for nothing. Transactions that are no usage have none; NotFound as
// Transaction.
func (m *Meter) UsageReceipts(ctx context.Context, by pontage.Actor, id string, q pontage.UsageCallQuery) ([]Receipt, error) {
	q.ClientID = ""
	return m.usageReceipts(ctx, by, id, q)
}

// ClientUsageReceipts is UsageReceipts for the transactions of the wallet that pays for a client, and those of their calls that its tokens
// made. Needs CallRead and WalletRead.
func (m *Meter) ClientUsageReceipts(ctx context.Context, by pontage.Actor, client pontage.ClientID, id string, q pontage.UsageCallQuery) ([]Receipt, error) {
	a, err := pontage.Authorize(ctx, m.store, by, client, pontage.CallRead, m.clock.Now())
	if err == nil {
		err = a.Require(pontage.WalletRead)
	}
	if err != nil {
		return nil, err
	}
	by.AccountID, q.ClientID = a.Client.AccountID, client
	return m.usageReceipts(ctx, by, id, q)
}

// usageReceipts opens calls of the actor's account, of one client alone where one is named.
func (m *Meter) usageReceipts(ctx context.Context, by pontage.Actor, id string, q pontage.UsageCallQuery) ([]Receipt, error) {
	if err := checkPage(q.Page); err != nil {
		return nil, err
	}
	var receipts []Receipt
	err := m.store.Read(ctx, func(r pontage.Reader) error {
		rest, isUsage := strings.CutPrefix(id, usagePrefix)
		if !isUsage {
			_, err := transferTransaction(ctx, r, by.AccountID, pontage.TransferID(id))
			return err
		}
		q.AccountID = by.AccountID
		opened, err := usageTransaction(ctx, r, rest, q)
		if err != nil {
			return err
		}
		receipts, err = m.receipts(ctx, r, opened.Calls)
		return err
	})
	return receipts, err
}

// receipts explains calls with one read for their outcomes and one for their tokens.
func (m *Meter) receipts(ctx context.Context, r pontage.Reader, calls []pontage.Call) ([]Receipt, error) {
	ids, lineages := make([]pontage.CallID, len(calls)), newSet[pontage.LineageID](1)
	for i := range calls {
		ids[i] = calls[i].ID
		lineages.add(calls[i].LineageID)
	}
	outcomes, err := r.OutcomesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	tokens, err := r.LineagesByID(ctx, lineages.list)
	if err != nil {
		return nil, err
	}
	named := make(map[pontage.LineageID]*pontage.Lineage, len(tokens))
	for i := range tokens {
		named[tokens[i].ID] = &tokens[i]
	}
	of := make(map[pontage.CallID][]pontage.Outcome, len(calls))
	for _, o := range outcomes {
		of[o.CallID] = append(of[o.CallID], o)
	}
	all := make([]Receipt, len(calls))
	for i := range calls {
		all[i] = m.newReceipt(&calls[i], of[calls[i].ID], named[calls[i].LineageID])
	}
	return all, nil
}
