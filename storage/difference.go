package storage

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/pontage/pontage"
)

// check compares numbers that are stored with the same numbers computed from the log and the transfers. Both sides are SELECTs of
// a key and as many numbers as there are names; they may give several rows per key, which are summed.
type check struct {
	names            []string
	stored, computed string
}

// Differences implements pontage.CallReader on one snapshot.
func (s *Store) Differences(ctx context.Context) (all []pontage.Difference, err error) {
	err = s.engine.snapshot(ctx, func(r reader) error {
		all, err = r.Differences(ctx)
		return err
	})
	return all, err
}

// Differences implements pontage.CallReader: a fixed number of statements, each over the totals of the closed days and the log after
// them. What the fold made is compared with the folded part of the log alone, so that folded and tail together are proved equal to the
// whole. Money is summed from the first transfer on.
func (r reader) Differences(ctx context.Context) ([]pontage.Difference, error) {
	if err := r.byAnyPlan(ctx); err != nil {
		return nil, err
	}
	p, err := r.folded(ctx)
	if err != nil {
		return nil, err
	}
	last, err := r.lastClosing(ctx)
	if err != nil {
		return nil, err
	}
	coarse, err := r.coarseDay(ctx)
	if err != nil {
		return nil, err
	}
	var all []pontage.Difference
	for _, c := range append(r.ledgerChecks(last), r.foldChecks(last, coarse, p)...) {
		found, err := r.differences(ctx, c)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// differences runs one check. Stored and computed numbers stand under each other and are summed per key, so that a row missing on
// either side counts as zero.
func (r reader) differences(ctx context.Context, c check) ([]pontage.Difference, error) {
	var all []pontage.Difference
	numbers := make([]int64, 2*len(c.names))
	var key string
	targets := []any{&key}
	for i := range numbers {
		targets = append(targets, &numbers[i])
	}
	err := r.each(ctx, r.statement(c.text()), "books", func(rows *sql.Rows) error {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, name := range c.names {
			if stored, computed := numbers[2*i], numbers[2*i+1]; stored != computed {
				show := amountOf(name)
				all = append(all, pontage.Difference{What: name, Key: key, Stored: show(stored), Computed: show(computed)})
			}
		}
		return nil
	})
	return all, err
}

func (c check) text() string {
	var sums, stored, computed, unequal []string
	for i := range c.names {
		n := strconv.Itoa(i + 1)
		sums = append(sums, "CAST(sum(s"+n+") AS bigint), CAST(sum(c"+n+") AS bigint)")
		stored = append(stored, "n"+n+" AS s"+n+", 0 AS c"+n)
		computed = append(computed, "0 AS s"+n+", n"+n+" AS c"+n)
		unequal = append(unequal, "sum(s"+n+") <> sum(c"+n+")")
	}
	return "SELECT key, " + strings.Join(sums, ", ") +
		" FROM (SELECT key, " + strings.Join(stored, ", ") + " FROM (" + c.stored + ") a UNION ALL SELECT key, " +
		strings.Join(computed, ", ") + " FROM (" + c.computed + ") b) both_sides GROUP BY key HAVING " +
		strings.Join(unequal, " OR ") + " ORDER BY key"
}

// amountOf says how to show a number: money as a decimal, the rest as it is.
func amountOf(name string) func(int64) string {
	for _, money := range []string{"balance", "held", "amount", "walletAmount"} {
		if strings.HasSuffix(name, " "+money) {
			return func(n int64) string { return pontage.Money(n).String() }
		}
	}
	return func(n int64) string { return strconv.FormatInt(n, 10) }
}
