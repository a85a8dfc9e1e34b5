package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// reach is how far the fold is and how far the log.
type reach struct {
	progress
	end watermarks
}

const reachColumns = "c.sequence, o.sequence, c.next_sequence, o.next_sequence, c.through," +
	" COALESCE((SELECT max(sequence) FROM calls), 0), COALESCE((SELECT max(sequence) FROM outcomes), 0)"

const fromReach = " FROM watermarks c JOIN watermarks o ON o.name = 'outcomes'"

func (r *reach) targets() []any { return append(r.progress.targets(), &r.end.calls, &r.end.outcomes) }

// whole says whether all of an account's rows are folded; if others have some that are not, it does not look closer.
func (r *reach) whole(account pontage.AccountID) bool { return r.of(account) == r.end }

// Folded implements pontage.CallReader.
func (r reader) Folded(ctx context.Context, account pontage.AccountID) (bool, error) {
	found, err := one(ctx, r, r.kept("SELECT "+reachColumns+fromReach+" WHERE c.name = 'calls'"), "watermark", (*reach).targets)
	return err == nil && found.whole(account), err
}

// overviewRow is one line of an account, or none, with how far the fold is.
type overviewRow struct {
	reach
	line pontage.StatisticLine
	apis int64
}

func (o *overviewRow) targets() []any {
	u := &o.line.Usage
	return append(o.reach.targets(), &u.TotalRequests, &u.WalletRequests, &u.SubscriptionRequests, &u.ErrorRequests, (*int64)(&u.WalletAmount),
		&o.line.AddressCount, &o.apis)
}

// Overview implements pontage.StatisticReader.
func (r reader) Overview(ctx context.Context, account pontage.AccountID, period pontage.Period) (pontage.Overview, bool, error) {
	if len(pontage.ByAccount.Parts(period)) > 1 {
		return pontage.Overview{}, false, nil
	}
	of := func(s *statement, alias, dimension string) *statement {
		s.sql(" " + alias + ".account_id = ").value(func(s *statement) { s.string(string(account)) })
		s.sql(" AND " + alias + ".period = ").value(func(s *statement) { s.string(string(period)) })
		return s.sql(" AND " + alias + ".dimension = '" + dimension + "'")
	}
	s := r.kept("SELECT " + reachColumns + ", COALESCE(t.total_requests, 0), COALESCE(t.wallet_requests, 0), COALESCE(t.subscription_requests, 0)," +
		" COALESCE(t.error_requests, 0), COALESCE(t.wallet_amount, 0), COALESCE(t.address_count, 0), (SELECT count(*) FROM statistics a WHERE")
	of(s, "a", string(pontage.ByAPI)).sql(")" + fromReach + " LEFT JOIN statistics t ON")
	of(s, "t", string(pontage.ByAccount)).sql(" WHERE c.name = 'calls'")
	row, err := one(ctx, r, s, "statistics", (*overviewRow).targets)
	if err != nil {
		return pontage.Overview{}, false, err
	}
	return pontage.Overview{StatisticLine: row.line, APIs: row.apis}, row.whole(account), nil
}
