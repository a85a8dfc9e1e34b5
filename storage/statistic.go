package storage

import (
	"context"
	"database/sql"
	"net/netip"
	"strings"

	"github.com/pontage/pontage"
)

const statisticColumns = "account_id, period, dimension, key, host, total_requests, wallet_requests, subscription_requests," +
	" error_requests, wallet_amount, address_count"

func lineTargets(l *pontage.StatisticLine) []any {
	u := &l.Usage
	return []any{&l.Key, &l.Host, &u.TotalRequests, &u.WalletRequests, &u.SubscriptionRequests, &u.ErrorRequests, &u.WalletAmount,
		&l.AddressCount}
}

const selectLines = "SELECT t.key, t.host, CAST(sum(t.total_requests) AS bigint), CAST(sum(t.wallet_requests) AS bigint)," +
	" CAST(sum(t.subscription_requests) AS bigint), CAST(sum(t.error_requests) AS bigint), CAST(sum(t.wallet_amount) AS bigint)," +
	" CAST(max(t.address_count) AS bigint) FROM statistics t"

// StatisticLines implements pontage.StatisticReader: the lines by key, in one statement and a second one for the addresses, which lines
// that are summed need to count them too.
func (r reader) StatisticLines(ctx context.Context, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	s := r.fixed(selectLines)
	lines, err := list(ctx, r, ofQuery(s, q).sql(" GROUP BY t.key, t.host ORDER BY t.key, t.host"), "statistics", lineTargets)
	summed := len(q.Dimension.Parts(q.Period)) > 1
	if err != nil || !q.Addresses && !summed || len(lines) == 0 {
		return lines, err
	}
	if err = r.addressesOf(ctx, q, lines); err != nil {
		return nil, err
	}
	for i := range lines {
		if summed {
			lines[i].AddressCount = int64(len(lines[i].Addresses))
		}
		if !q.Addresses {
			lines[i].Addresses = nil
		}
	}
	return lines, nil
}

// addressesOf gives each line its newest addresses, as many as it may have.
func (r reader) addressesOf(ctx context.Context, q pontage.StatisticQuery, lines []pontage.StatisticLine) error {
	type place struct{ key, host string }
	at := make(map[place]*pontage.StatisticLine, len(lines))
	for i, l := range lines {
		at[place{l.Key, l.Host}] = &lines[i]
	}
	s := r.fixed("SELECT a.key, a.host, a.address FROM statistics t JOIN seen_addresses a ON a.key = t.key" +
		" AND a.dimension = t.dimension AND a.period = t.period AND a.account_id = t.account_id AND a.host = t.host")
	s = ofQuery(s, q).sql(" GROUP BY a.key, a.host, a.address ORDER BY max(a.seen_at) DESC, a.address")
	return r.each(ctx, s, "statistics", func(rows *sql.Rows) error {
		var p place
		var address netip.Addr
		if err := rows.Scan(&p.key, &p.host, addressInto(&address)); err != nil {
			return err
		}
		if l := at[p]; l != nil && len(l.Addresses) < q.Dimension.MostAddresses() {
			l.Addresses = append(l.Addresses, address)
		}
		return nil
	})
}

// StatisticDays implements pontage.StatisticReader.
func (r reader) StatisticDays(ctx context.Context, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	days := strings.Replace(selectLines, "t.key, t.host", "t.period, min(t.host)", 1)
	s := ofPeriods(r.fixed(days), q, q.Period.Days()).sql(" GROUP BY t.period ORDER BY t.period")
	return list(ctx, r, s, "statistics", lineTargets)
}

func ofQuery(s *statement, q pontage.StatisticQuery) *statement {
	return ofPeriods(s, q, q.Dimension.Parts(q.Period))
}

// ofPeriods adds the condition for the lines of a query in these periods.
func ofPeriods(s *statement, q pontage.StatisticQuery, periods []pontage.Period) *statement {
	s.sql(" WHERE t.account_id = ").value(func(s *statement) { s.string(string(q.AccountID)) })
	if len(periods) == 1 {
		s.sql(" AND t.period = ").value(func(s *statement) { s.string(string(periods[0])) })
	} else {
		in(s.sql(" AND t.period IN "), periods)
	}
	s.sql(" AND t.dimension = ").value(func(s *statement) { s.string(string(q.Dimension)) })
	if q.Host != "" {
		s.sql(" AND t.host = ").value(func(s *statement) { s.string(q.Host) })
	}
	if q.Keys != nil && len(q.Keys) == 0 {
		s.sql(" AND FALSE")
	} else if q.Keys != nil {
		in(s.sql(" AND t.key IN "), q.Keys)
	}
	if q.ClientID != "" {
		s.sql(" AND t.key IN (" + keysOfClient[q.Dimension]).value(func(s *statement) { s.string(string(q.ClientID)) }).sql(")")
	}
	return s
}

// keysOfClient select the keys that belong to a client; of a dimension that is not here, none does.
var keysOfClient = map[pontage.Dimension]string{
	pontage.ByToken:  "SELECT l.id FROM lineages l WHERE l.client_id = ",
	pontage.ByClient: "SELECT c.id FROM clients c WHERE c.id = ",
	pontage.ByDomain: "SELECT l.domain_id FROM lineages l WHERE l.domain_id IS NOT NULL AND l.client_id = ",
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
