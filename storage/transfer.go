package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/pontage/pontage"
)

const transferColumns = "id, kind, debit, credit, amount, account_id, description, created_at"

func transferValues(s *statement, t pontage.Transfer) {
	s.string(string(t.ID)).string(string(t.Kind)).string(string(t.Debit)).string(string(t.Credit)).number(int64(t.Amount))
	s.string(string(t.AccountID)).string(t.Description).time(t.CreatedAt)
}

// Transfer implements pontage.LedgerReader.
func (r reader) Transfer(ctx context.Context, id pontage.TransferID) (*pontage.Transfer, error) {
	s := r.statement("SELECT " + transferColumns + " FROM transfers WHERE id = ").value(func(s *statement) { s.string(string(id)) })
	return one(ctx, r, s, "transfer", func(t *pontage.Transfer) []any {
		return []any{&t.ID, &t.Kind, &t.Debit, &t.Credit, &t.Amount, &t.AccountID, &t.Description, timeInto(&t.CreatedAt)}
	})
}

// InsertTransfers implements pontage.LedgerWriter; a taken id is Conflict.
func (t tx) InsertTransfers(ctx context.Context, transfers []pontage.Transfer) error {
	for len(transfers) > 0 {
		n := min(len(transfers), rowsPerStatement)
		s := t.statement("INSERT INTO transfers (" + transferColumns + ") VALUES ")
		s.rows(n, func(i int) { transferValues(s, transfers[i]) })
		if err := t.insertFresh(ctx, s, n, "transfer"); err != nil {
			return err
		}
		transfers = transfers[n:]
	}
	return nil
}

// insertFresh runs an INSERT of n rows. A taken key is Conflict and, unlike the database's own complaint, leaves the unit usable.
func (t tx) insertFresh(ctx context.Context, s *statement, n int, what string) error {
	inserted, err := t.execute(ctx, s.sql(" ON CONFLICT DO NOTHING"), what)
	if err == nil && inserted != int64(n) {
		err = taken(what)
	}
	return err
}

// transactionLine is a transfer as it is, or a day's usage of one host, whose text is made from host, day and requests.
type transactionLine struct {
	pontage.TransactionLine
	day      pontage.Period
	requests int64
}

func (l *transactionLine) targets() []any {
	return []any{textInto(&l.ID), textInto(&l.Kind), &l.Amount, timeInto(&l.CreatedAt), textInto(&l.Description), textInto(&l.day), &l.requests}
}

func (l transactionLine) line() pontage.TransactionLine {
	if l.day == "" {
		return l.TransactionLine
	}
	calls := "calls"
	if l.requests == 1 {
		calls = "call"
	}
	l.Description = fmt.Sprintf("%s, %d %s on %s", l.Description, l.requests, calls, l.day)
	return l.TransactionLine
}

// Transactions implements pontage.LedgerReader. Each half is cut to what the page can need before they are merged, so that a page
// costs its own length and not the account's history.
func (r reader) Transactions(ctx context.Context, q pontage.TransactionQuery) ([]pontage.TransactionLine, error) {
	account, p := q.AccountID, q.Page
	id := func(s *statement) { s.string(string(account)) }
	wallet := func(s *statement) { s.string(string(pontage.LedgerWallet(account))) }
	reach := func(s *statement) { s.number(int64(p.Skip) + int64(p.Limit)) }
	_, order := direction(p)
	s := r.statement("SELECT id, kind, amount, created_at, description, day, requests FROM (SELECT id, kind, CASE WHEN credit = ").value(wallet)
	s.sql(" THEN amount ELSE -amount END AS amount, created_at, description, NULL AS day, 0 AS requests FROM transfers WHERE account_id = ").value(id)
	s = behind(during(s.sql(" AND kind <> 'usage'"), "created_at", q), "created_at", "id", p)
	s.sql(" ORDER BY created_at" + order + ", id" + order + " LIMIT ").value(reach)
	s.sql(") t UNION ALL SELECT id, kind, amount, created_at, description, day, requests FROM (SELECT 'use_' || day || '_' || host AS id, 'usage' AS kind," +
		" -amount AS amount, first_at AS created_at, host AS description, day, requests FROM usage_days WHERE account_id = ").value(id)
	if q.Kinds != nil && !slices.Contains(q.Kinds, pontage.TransferUsage) {
		s.sql(" AND FALSE")
	}
	s = behind(between(s.sql(" AND (requests <> 0 OR amount <> 0)"), "first_at", q), "first_at", "'use_' || day || '_' || host", p)
	s.sql(" ORDER BY first_at" + order + ", id" + order + " LIMIT ").value(reach)
	s, err := page(s.sql(") u ORDER BY created_at"+order+", id"+order), p)
	if err != nil {
		return nil, err
	}
	rows, err := list(ctx, r, s, "transactions", (*transactionLine).targets)
	lines := make([]pontage.TransactionLine, len(rows))
	for i, row := range rows {
		lines[i] = row.line()
	}
	return lines, err
}

// during keeps to the query's kinds and times.
func during(s *statement, at string, q pontage.TransactionQuery) *statement {
	if q.Kinds != nil {
		s = in(s.sql(" AND kind IN "), append([]pontage.TransferKind{""}, q.Kinds...)) // an empty list is no SQL
	}
	return between(s, at, q)
}

// between keeps to the query's times.
func between(s *statement, at string, q pontage.TransactionQuery) *statement {
	if !q.From.IsZero() {
		s.sql(" AND " + at + " >= ").value(func(s *statement) { s.moment(q.From) })
	}
	if !q.Until.IsZero() {
		s.sql(" AND " + at + " < ").value(func(s *statement) { s.moment(q.Until) })
	}
	return s
}

// UsageDays implements pontage.LedgerReader; a day whose calls were all released is left out, as in Transactions.
func (r reader) UsageDays(ctx context.Context, account pontage.AccountID, day pontage.Period) ([]pontage.UsageDay, error) {
	s := r.statement("SELECT account_id, day, host, amount, requests, first_at FROM usage_days WHERE account_id = ")
	s.value(func(s *statement) { s.string(string(account)) })
	s.sql(" AND day = ").value(func(s *statement) { s.string(string(day)) })
	return list(ctx, r, s.sql(" AND (requests <> 0 OR amount <> 0) ORDER BY host"), "usage", usageDayTargets)
}

func usageDayTargets(d *pontage.UsageDay) []any {
	return []any{&d.AccountID, &d.Day, &d.Host, &d.Amount, &d.Requests, timeInto(&d.FirstAt)}
}
