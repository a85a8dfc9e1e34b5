package storage

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// addressLines are the lines by address of one account and period.
type addressLines struct {
	account pontage.AccountID
	period  pontage.Period
}

func linesBeside(k pontage.StatisticKey) addressLines { return addressLines{k.AccountID, k.Period} }

// withinBounds leaves out lines by address that an account has no room for in a period. Lines are never deleted, so an address that found
// none never gets one there, and all its calls are in the account's line alone.
func (t tx) withinBounds(ctx context.Context, lines *statisticLines, deltas []pontage.StatisticDelta) ([]pontage.StatisticDelta, error) {
	fresh := lines.unknown(deltas, pontage.ByAddress)
	if len(fresh) == 0 {
		return deltas, nil
	}
	there, counts, err := t.addressLines(ctx, fresh)
	if err != nil {
		return nil, err
	}
	full := map[pontage.StatisticKey]struct{}{}
	for _, k := range fresh {
		if there[k] {
			continue
		}
		if counts[linesBeside(k)] >= pontage.AddressesPerLine {
			full[k] = struct{}{}
		}
		counts[linesBeside(k)]++
	}
	if len(full) == 0 {
		return deltas, nil
	}
	return slices.DeleteFunc(slices.Clone(deltas), func(d pontage.StatisticDelta) bool {
		_, ok := full[d.StatisticKey]
		return ok
	}), nil
}

// addressLines says which of the lines are there, and how many there are in their accounts and periods.
func (t tx) addressLines(ctx context.Context, keys []pontage.StatisticKey) (map[pontage.StatisticKey]bool, map[addressLines]int, error) {
	there, counts := map[pontage.StatisticKey]bool{}, map[addressLines]int{}
	var queries []*query
	for some := range slices.Chunk(keys, rowsPerStatement) {
		queries = append(queries, t.findAddressLines(some, there))
	}
	beside := make([]addressLines, len(keys))
	for i, k := range keys {
		beside[i] = linesBeside(k)
	}
	for some := range slices.Chunk(slices.Compact(beside), rowsPerStatement) { // they come sorted
		queries = append(queries, t.countAddressLines(some, counts))
	}
	return there, counts, t.queryAll(ctx, queries)
}

func (t tx) findAddressLines(keys []pontage.StatisticKey, there map[pontage.StatisticKey]bool) *query {
	s := t.planned("SELECT t.account_id, t.period, t.key FROM (VALUES ")
	s.rows(len(keys), func(i int) { s.string(string(keys[i].AccountID)).string(string(keys[i].Period)).string(keys[i].Key) })
	s.sql(") AS v JOIN statistics t ON t.account_id = v.column1 AND t.period = v.column2 AND t.dimension = 'address' AND t.key = v.column3" +
		" AND t.host = ''")
	return &query{s, "statistics", func(r row) error {
		k := pontage.StatisticKey{Dimension: pontage.ByAddress}
		err := r.Scan(&k.AccountID, &k.Period, &k.Key)
		there[k] = true
		return err
	}}
}

func (t tx) countAddressLines(of []addressLines, counts map[addressLines]int) *query {
	s := t.planned("SELECT v.column1, v.column2, (SELECT count(*) FROM statistics t WHERE t.account_id = v.column1 AND t.period = v.column2" +
		" AND t.dimension = 'address') FROM (VALUES ")
	s.rows(len(of), func(i int) { s.string(string(of[i].account)).string(string(of[i].period)) })
	return &query{s.sql(") AS v"), "statistics", func(r row) error {
		var l addressLines
		var n int
		err := r.Scan(&l.account, &l.period, &n)
		counts[l] = n
		return err
	}}
}
