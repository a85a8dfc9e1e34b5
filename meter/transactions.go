package meter

import (
	"context"
	"fmt"
	"slices"

	"github.com/pontage/pontage"
)

// Transactions lists what moved the actor's wallet, newest first: top-ups, refunds and subscriptions as themselves, usage as one
// line per API and day, with today's calls to the last committed one. InvalidInput at "limit" or "skip".
func (m *Meter) Transactions(ctx context.Context, by pontage.Actor, page pontage.Page) ([]pontage.TransactionLine, error) {
	return m.FindTransactions(ctx, by, pontage.TransactionQuery{Page: page})
}

// FindTransactions is Transactions, as far as they fit the query, whose account is the actor's.
func (m *Meter) FindTransactions(ctx context.Context, by pontage.Actor, q pontage.TransactionQuery) ([]pontage.TransactionLine, error) {
	page := q.Page
	q.AccountID = by.AccountID
	if err := checkPage(page); err != nil {
		return nil, err
	}
	var list []pontage.TransactionLine
	err := m.store.Read(ctx, func(r pontage.Reader) error {
		tail, err := r.Tail(ctx, by.AccountID)
		if err != nil {
			return err
		}
		days, err := addTailDays(ctx, r, by.AccountID, Fold(tail).Days)
		if err != nil {
			return err
		}
		days.fresh = slices.DeleteFunc(days.fresh, func(l pontage.TransactionLine) bool { return !q.Fits(l) })
		list, err = days.page(page, func(p pontage.Page) ([]pontage.TransactionLine, error) {
			stored := q
			stored.Page = p
			return r.Transactions(ctx, stored)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// tailLines are what the tail makes of the usage lines: stored ones that change or go, by id, and fresh ones.
type tailLines struct {
	changed map[string]pontage.TransactionLine
	gone    map[string]bool
	fresh   []pontage.TransactionLine
}

// dayKey names a day line.
type dayKey struct {
	account pontage.AccountID
	day     pontage.Period
	host    string
}

// addTailDays adds the tail's days to the stored ones.
func addTailDays(ctx context.Context, r pontage.Reader, account pontage.AccountID, tail []pontage.UsageDay) (tailLines, error) {
	out := tailLines{changed: map[string]pontage.TransactionLine{}, gone: map[string]bool{}}
	stored, read := map[dayKey]pontage.UsageDay{}, newSet[pontage.Period](1)
	for _, d := range tail {
		read.add(d.Day)
	}
	for _, day := range read.list { // today, and around midnight yesterday
		days, err := r.UsageDays(ctx, account, day)
		if err != nil {
			return out, err
		}
		for _, d := range days {
			stored[dayKey{account, d.Day, d.Host}] = d
		}
	}
	for _, d := range tail {
		sum, ok := stored[dayKey{account, d.Day, d.Host}]
		if !ok {
			sum = pontage.UsageDay{AccountID: account, Day: d.Day, Host: d.Host, FirstAt: d.FirstAt}
		}
		sum.Amount += d.Amount
		sum.Requests += d.Requests
		out.sort(sum, ok)
	}
	return out, nil
}

// sort puts the sum where it belongs; a day whose calls were all released has no line.
func (t *tailLines) sort(sum pontage.UsageDay, stored bool) {
	line, empty := usageLine(sum), sum.Amount == 0 && sum.Requests == 0
	switch {
	case stored && empty:
		t.gone[line.ID] = true
	case stored:
		t.changed[line.ID] = line
	case !empty:
		t.fresh = append(t.fresh, line)
	}
}

// page merges. Where a stored line goes, the places of all older ones change, so the list is read from its beginning; that is so
// until the next fold only.
func (t *tailLines) page(page pontage.Page, stored func(pontage.Page) ([]pontage.TransactionLine, error)) ([]pontage.TransactionLine, error) {
	wanted, skip := page, 0
	if len(t.gone) > 0 {
		skip = page.Skip
		wanted = page.From(page.Skip + page.Limit)
	}
	list, err := mergePage(wanted, t.fresh, placeOfLine, func(p pontage.Page) ([]pontage.TransactionLine, error) {
		p.Limit += len(t.gone)
		lines, err := stored(p)
		kept := lines[:0]
		for _, l := range lines {
			if now, ok := t.changed[l.ID]; ok {
				l = now
			}
			if !t.gone[l.ID] {
				kept = append(kept, l)
			}
		}
		return kept, err
	})
	return cut(list, skip, page.Limit), err
}

// usageLine shows a day as the store does once it is folded.
func usageLine(d pontage.UsageDay) pontage.TransactionLine {
	calls := "calls"
	if d.Requests == 1 {
		calls = "call"
	}
	return pontage.TransactionLine{
		ID: usagePrefix + string(d.Day) + "_" + d.Host, Kind: pontage.TransferUsage, Amount: -d.Amount, CreatedAt: d.FirstAt,
		Description: fmt.Sprintf("%s, %d %s on %s", d.Host, d.Requests, calls, d.Day),
	}
}

func placeOfLine(l pontage.TransactionLine) pontage.Place {
	return pontage.Place{At: l.CreatedAt, ID: l.ID}
}
