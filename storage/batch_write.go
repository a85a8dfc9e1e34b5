package storage

import (
	"context"
	"strconv"
	"strings"

	"github.com/pontage/pontage"
)

// logLock is the advisory lock on PostgreSQL that every writer of the call log shares and the fold takes alone for a moment: once
// the fold has it, no smaller sequence can appear any more.
const logLock = 0x706f6e74616765

var takeLogLockShared = "SELECT pg_advisory_xact_lock_shared(" + strconv.Itoa(logLock) + ")"

// rowsPerStatement bounds how long one statement takes.
const rowsPerStatement = 500

// applyBatch writes everything: on PostgreSQL with the commit, which needs one round trip.
func (t tx) applyBatch(ctx context.Context, state *pontage.BatchState, changes *pontage.BatchChanges) error {
	if t.cache != nil {
		return t.applyCached(ctx, state, changes)
	}
	s := t.planned("")
	if len(changes.Calls)+len(changes.Outcomes) > 0 {
		s.sql(takeLogLockShared).end()
	}
	insertRows(s, "transfers", transferColumns, changes.Transfers, transferValues)
	insertRows(s, "calls", callInsertColumns, changes.Calls, callValues)
	insertRows(s, "outcomes", outcomeInsertColumns, changes.Outcomes, outcomeValues)
	if err := updateState(s, state, changes); err != nil {
		return err
	}
	return t.executeAny(ctx, s, "batch")
}

// applyCached writes everything in statements that are kept prepared, notes the sequences that the log's rows got, and keeps the rows
// for the next batch.
func (t tx) applyCached(ctx context.Context, state *pontage.BatchState, changes *pontage.BatchChanges) error {
	s := t.gathered()
	insertRows(s, "transfers", transferColumns, changes.Transfers, transferValues)
	if err := updateState(s, state, changes); err != nil {
		return err
	}
	if err := t.executeAny(ctx, s, "batch"); err != nil {
		return err
	}
	last, err := insertLog(ctx, t, "calls", callInsertColumns, changes.Calls, callValues)
	if err != nil {
		return err
	}
	for i := range changes.Calls {
		changes.Calls[i].Sequence = last - int64(len(changes.Calls)-1-i)
	}
	if last, err = insertLog(ctx, t, "outcomes", outcomeInsertColumns, changes.Outcomes, outcomeValues); err != nil {
		return err
	}
	for i := range changes.Outcomes {
		changes.Outcomes[i].Sequence = last - int64(len(changes.Outcomes)-1-i)
	}
	t.cache.wrote(state, changes)
	return nil
}

// insertLog appends rows to a log and gives the last one's sequence; they are numbered without a gap, since nobody else writes.
func insertLog[T any](ctx context.Context, t tx, table, columns string, rows []T, values func(*statement, T)) (int64, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	s := t.gathered()
	insertRows(s, table, columns, rows, values)
	if s.refused {
		return 0, errNUL
	}
	last, err := t.append(ctx, s)
	return last, translate(err, table)
}

// insertRows adds as many INSERTs as the rows need; none for none.
func insertRows[T any](s *statement, table, columns string, rows []T, values func(*statement, T)) {
	head := "INSERT INTO " + table + " (" + columns + ") VALUES "
	for rows := range chunks(s, rows) {
		s.sql(head).rows(len(rows), func(i int) { values(s, rows[i]) }).end()
	}
}

// updateState adds the rows of the state that changes name; a name the batch did not read is a mistake of the caller.
func updateState(s *statement, state *pontage.BatchState, changes *pontage.BatchChanges) error {
	lineages, err := picked(state.Lineages, changes.Lineages)
	if err != nil {
		return err
	}
	wallets, err := picked(state.Wallets, changes.Wallets)
	if err != nil {
		return err
	}
	allowances, err := picked(state.Allowances, changes.Allowances)
	if err != nil {
		return err
	}
	subscriptions, err := picked(state.Subscriptions, changes.Subscriptions)
	if err != nil {
		return err
	}
	updateLineageCounters(s, lineages)
	updateWallets(s, wallets)
	putAllowances(s, allowances)
	updateSubscriptionUse(s, subscriptions)
	putCallKeys(s, changes.KeyedCalls)
	return nil
}

// picked gives the rows with these keys, each once: two rows with one key would make an UPDATE choose.
func picked[K comparable, V any](rows map[K]*V, keys []K) ([]*V, error) {
	list, seen := make([]*V, 0, len(keys)), make(map[K]struct{}, len(keys))
	for _, key := range keys {
		if _, again := seen[key]; again {
			continue
		}
		seen[key] = struct{}{}
		row, ok := rows[key]
		if !ok {
			return nil, pontage.E(pontage.Internal, "A batch changed the row %v that it did not read.", key)
		}
		list = append(list, row)
	}
	return list, nil
}

// updateRows adds UPDATEs for any number of rows. set and where name the i-th value as v.column<i>.
func updateRows[T any](s *statement, table, set, where string, rows []T, values func(T)) {
	for len(rows) > 0 && (!s.bound || s.most(len(rows)) > 1) {
		n := s.most(len(rows))
		s.sql("UPDATE "+table+" SET "+set+" FROM (VALUES ").rows(n, func(i int) { values(rows[i]) }).sql(") AS v WHERE " + where).end()
		rows = rows[n:]
	}
	if len(rows) > 0 {
		updateEach(s, "UPDATE "+table+" SET "+strings.ReplaceAll(set, "v.column", "?")+" WHERE "+strings.ReplaceAll(where, "v.column", "?"), rows, values)
	}
}

// updateEach adds a bound statement for each of a few rows: to join so few costs more. The values are bound in their order, whatever text
// comes with them.
func updateEach[T any](s *statement, text string, rows []T, values func(T)) {
	for _, row := range rows {
		begin := len(s.text)
		s.first = true
		values(row)
		s.text = append(s.text[:begin], text...)
		s.end()
	}
}

// updateLineageCounters writes the counters alone: name, limits and version belong to whoever edits the token.
func updateLineageCounters(s *statement, lineages []*pontage.Lineage) {
	updateRows(s, "lineage_usage", "total_requests = v.column2, wallet_requests = v.column3, subscription_requests = v.column4,"+
		" error_requests = v.column5, wallet_amount = v.column6", "lineage_usage.lineage_id = v.column1", lineages, func(l *pontage.Lineage) { lineageUsageValues(s, *l) })
}

func usageValues(s *statement, u pontage.Usage) {
	s.number(u.TotalRequests).number(u.WalletRequests).number(u.SubscriptionRequests).number(u.ErrorRequests).number(int64(u.WalletAmount))
}

// updateWallets leaves alone whether the plan includes requests: that belongs to whoever writes the plan.
func updateWallets(s *statement, wallets []*pontage.Wallet) {
	const set = "balance = v.column2, held = v.column3, plan_month = v.column4, plan_used = v.column5, plan_total = v.column6, updated_at = v.column7"
	updateRows(s, "wallets", set, "wallets.account_id = v.column1", wallets, func(w *pontage.Wallet) {
		s.string(string(w.AccountID)).number(int64(w.Balance)).number(int64(w.Held))
		s.string(string(w.Plan.Month)).number(w.Plan.Used).number(w.Plan.Total).time(w.UpdatedAt)
	})
}

func putAllowances(s *statement, uses []*pontage.AllowanceUse) {
	for rows := range chunks(s, uses) {
		s.sql("INSERT INTO allowances ("+allowanceColumns+") VALUES ").rows(len(rows), func(i int) { allowanceValues(s, *rows[i]) })
		s.sql(" ON CONFLICT (account_id, scope_id) DO UPDATE SET day = excluded.day, day_used = excluded.day_used, month = excluded.month," +
			" month_used = excluded.month_used, year = excluded.year, year_used = excluded.year_used, total_used = excluded.total_used").end()
	}
}

const allowanceColumns = "account_id, scope_id, day, day_used, month, month_used, year, year_used, total_used"

func allowanceValues(s *statement, u pontage.AllowanceUse) {
	s.string(string(u.Key.AccountID)).string(string(u.Key.ScopeID)).string(string(u.Day)).number(u.DayUsed)
	s.string(string(u.Month)).number(u.MonthUsed).string(string(u.Year)).number(u.YearUsed).number(u.TotalUsed)
}

func updateSubscriptionUse(s *statement, subscriptions []*pontage.Subscription) {
	updateRows(s, "subscriptions", "used_requests = v.column2", "subscriptions.id = v.column1",
		subscriptions, func(v *pontage.Subscription) { s.string(string(v.ID)).number(v.UsedRequests) })
}
