package storage

import (
	"context"
	"net/netip"
	"slices"

	"github.com/pontage/pontage"
)

// foldAddresses keeps the newest time of every address. Addresses are seen again far more often than for the first time, so only
// lines that got a new one are cut to their length and counted again.
func (t tx) foldAddresses(ctx context.Context, seen []pontage.AddressSeen) error {
	var grown []pontage.StatisticKey
	for rows := range slices.Chunk(seen, rowsPerStatement) {
		lines, err := t.putAddresses(ctx, rows)
		if err != nil {
			return err
		}
		grown = append(grown, lines...)
	}
	slices.SortFunc(grown, pontage.StatisticKey.Compare)
	s := t.statement("")
	for lines := range slices.Chunk(slices.Compact(grown), rowsPerStatement) {
		cutAddresses(s, lines)
		countAddresses(s, lines)
	}
	return t.executeAny(ctx, s, "addresses")
}

// putAddresses writes up to a statement's worth and gives the lines of those that are new.
func (t tx) putAddresses(ctx context.Context, seen []pontage.AddressSeen) ([]pontage.StatisticKey, error) {
	inserted, err := t.insertAddresses(ctx, seen)
	if err != nil {
		return nil, err
	}
	type place struct {
		line    pontage.StatisticKey
		address netip.Addr
	}
	fresh := make(map[place]struct{}, len(inserted))
	lines := make([]pontage.StatisticKey, len(inserted))
	for i, a := range inserted {
		fresh[place{a.StatisticKey, a.Address}] = struct{}{}
		lines[i] = a.StatisticKey
	}
	again := slices.DeleteFunc(slices.Clone(seen), func(a pontage.AddressSeen) bool {
		_, ok := fresh[place{a.StatisticKey, a.Address}]
		return ok
	})
	s := t.planned("")
	updateRows(s, "seen_addresses", "seen_at = v.column7", "seen_addresses.key = v.column1"+
		" AND seen_addresses.dimension = v.column2 AND seen_addresses.period = v.column3 AND seen_addresses.account_id = v.column4"+
		" AND seen_addresses.host = v.column5 AND seen_addresses.address = v.column6 AND seen_addresses.seen_at < v.column7",
		again, func(a pontage.AddressSeen) { addressValues(s, a) })
	return lines, t.executeAny(ctx, s, "addresses")
}

// insertAddresses writes what is not there yet and gives it.
func (t tx) insertAddresses(ctx context.Context, seen []pontage.AddressSeen) (inserted []pontage.AddressSeen, err error) {
	s := t.statement("INSERT INTO seen_addresses (" + addressColumns + ") VALUES ")
	s.planned = t.postgres
	s.rows(len(seen), func(i int) { addressValues(s, seen[i]) })
	s.sql(" ON CONFLICT DO NOTHING RETURNING " + addressColumns)
	err = t.queryAll(ctx, []*query{{s, "addresses", func(r row) error {
		var a pontage.AddressSeen
		err := r.Scan(addressTargets(&a)...)
		inserted = append(inserted, a)
		return err
	}}})
	return inserted, err
}

// cutAddresses keeps the newest 100 of a token's line and 1,000 of any other.
func cutAddresses(s *statement, lines []pontage.StatisticKey) {
	s.sql("DELETE FROM seen_addresses WHERE (key, dimension, period, account_id, host, address) IN (SELECT key, dimension, period," +
		" account_id, host, address FROM (SELECT a.key, a.dimension, a.period, a.account_id, a.host, a.address, row_number() OVER" +
		" (PARTITION BY a.key, a.dimension, a.period, a.account_id, a.host ORDER BY a.seen_at DESC, a.address) AS place FROM (VALUES ")
	lineValues(s, lines).sql(") AS v JOIN seen_addresses a ON a.account_id = v.column1 AND a.period = v.column2 AND a.dimension = v.column3" +
		" AND a.key = v.column4 AND a.host = v.column5) ranked WHERE place > CASE dimension WHEN 'token' THEN 100 ELSE 1000 END);")
}

func countAddresses(s *statement, lines []pontage.StatisticKey) {
	s.sql("UPDATE statistics SET address_count = (SELECT count(*) FROM seen_addresses a WHERE a.key = statistics.key" +
		" AND a.dimension = statistics.dimension AND a.period = statistics.period AND a.account_id = statistics.account_id" +
		" AND a.host = statistics.host) WHERE (account_id, period, dimension, key, host) IN (VALUES ")
	lineValues(s, lines).sql(");")
}

func lineValues(s *statement, lines []pontage.StatisticKey) *statement {
	return s.rows(len(lines), func(i int) {
		l := lines[i]
		s.string(string(l.AccountID)).string(string(l.Period)).string(string(l.Dimension)).string(l.Key).string(l.Host)
	})
}
