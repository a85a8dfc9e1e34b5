package storage

import (
	"context"
	"database/sql"
	"net/netip"

	"github.com/pontage/pontage"
)

const statisticColumns = "account_id, period, dimension, key, host, total_requests, wallet_requests, subscription_requests," +
	" error_requests, wallet_amount, address_count"

func lineTargets(l *pontage.StatisticLine) []any {
	u := &l.Usage
	return []any{&l.Key, &l.Host, &u.TotalRequests, &u.WalletRequests, &u.SubscriptionRequests, &u.ErrorRequests, &u.WalletAmount,
		&l.AddressCount}
}

// StatisticLines implements pontage.StatisticReader: the lines by key, in one statement and a second one for the addresses.
func (r reader) StatisticLines(ctx context.Context, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	s := r.fixed("SELECT key, host, total_requests, wallet_requests, subscription_requests, error_requests, wallet_amount," +
		" address_count FROM statistics t")
	lines, err := list(ctx, r, ofQuery(s, q).sql(" ORDER BY t.key, t.host"), "statistics", lineTargets)
	if err != nil || !q.Addresses || len(lines) == 0 {
		return lines, err
	}
	type place struct{ key, host string }
	at := make(map[place]int, len(lines))
	for i, l := range lines {
		at[place{l.Key, l.Host}] = i
	}
	s = r.fixed("SELECT a.key, a.host, a.address FROM statistics t JOIN seen_addresses a ON a.key = t.key" +
		" AND a.dimension = t.dimension AND a.period = t.period AND a.account_id = t.account_id AND a.host = t.host")
	s = ofQuery(s, q).sql(" ORDER BY a.seen_at DESC, a.address")
	err = r.each(ctx, s, "statistics", func(rows *sql.Rows) error {
		var p place
		var address netip.Addr
		if err := rows.Scan(&p.key, &p.host, addressInto(&address)); err != nil {
			return err
		}
		if i, ok := at[p]; ok {
			lines[i].Addresses = append(lines[i].Addresses, address)
		}
		return nil
	})
	return lines, err
}

// StatisticDays implements pontage.StatisticReader.
func (r reader) StatisticDays(ctx context.Context, account pontage.AccountID, month pontage.Period) ([]pontage.StatisticLine, error) {
	s := r.fixed("SELECT period, host, total_requests, wallet_requests, subscription_requests, error_requests, wallet_amount," +
		" address_count FROM statistics t WHERE t.account_id = ").value(func(s *statement) { s.string(string(account)) })
	s.sql(" AND t.dimension = 'account' AND t.period > ").value(func(s *statement) { s.string(string(month) + "-") })
	s.sql(" AND t.period < ").value(func(s *statement) { s.string(string(month) + "-~") })
	return list(ctx, r, s.sql(" ORDER BY t.period"), "statistics", lineTargets)
}

func ofQuery(s *statement, q pontage.StatisticQuery) *statement {
	s.sql(" WHERE t.account_id = ").value(func(s *statement) { s.string(string(q.AccountID)) })
	s.sql(" AND t.period = ").value(func(s *statement) { s.string(string(q.Period)) })
	s.sql(" AND t.dimension = ").value(func(s *statement) { s.string(string(q.Dimension)) })
	if q.Host != "" {
		s.sql(" AND t.host = ").value(func(s *statement) { s.string(q.Host) })
	}
	if q.Keys != nil && len(q.Keys) == 0 {
		s.sql(" AND FALSE")
	} else if q.Keys != nil {
		in(s.sql(" AND t.key IN "), q.Keys)
	}
	return s
}

const addressColumns = "key, dimension, period, account_id, host, address, seen_at"

func addressValues(s *statement, a pontage.AddressSeen) {
	s.string(a.Key).string(string(a.Dimension)).string(string(a.Period)).string(string(a.AccountID)).string(a.Host)
	s.string(a.Address.String()).time(a.At)
}

func addressTargets(a *pontage.AddressSeen) []any {
	return []any{&a.Key, &a.Dimension, &a.Period, &a.AccountID, &a.Host, addressInto(&a.Address), timeInto(&a.At)}
}

// LineageAddresses implements pontage.TokenReader.
func (r reader) LineageAddresses(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID][]pontage.AddressSeen, error) {
	found := make(map[pontage.LineageID][]pontage.AddressSeen, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	s := r.kept("SELECT " + addressColumns + " FROM seen_addresses WHERE key IN ")
	in(s, ids).sql(" AND dimension = 'token' AND period = '' ORDER BY key, seen_at DESC, address")
	all, err := list(ctx, r, s, "addresses", addressTargets)
	for _, a := range all {
		id := pontage.LineageID(a.Key)
		found[id] = append(found[id], a)
	}
	return found, err
}
