package storage

import (
	"cmp"
	"context"
	"slices"

	"github.com/pontage/pontage"
)

const totalColumns = "dimension, day, account_id, key, host, total_requests, wallet_requests, subscription_requests, error_requests," +
	" wallet_amount, allowance_requests, spent_requests, spent_amount"

func totalTargets(v *pontage.ClosedTotal) []any {
	u := &v.Usage
	return []any{&v.Dimension, &v.Day, &v.AccountID, &v.Key, &v.Host, &u.TotalRequests, &u.WalletRequests, &u.SubscriptionRequests,
		&u.ErrorRequests, &u.WalletAmount, &v.AllowanceRequests, &v.SpentRequests, &v.SpentAmount}
}

func totalValues(s *statement, v pontage.ClosedTotal) {
	s.string(string(v.Dimension)).string(string(v.Day)).string(string(v.AccountID)).string(v.Key).string(v.Host)
	usageValues(s, v.Usage)
	s.number(v.AllowanceRequests).number(v.SpentRequests).number(int64(v.SpentAmount))
}

// totals sums the portion by scope, token, address, subscription, plan and transfer, one statement each over the portion alone, in the order
// of the table.
func (r reader) totals(ctx context.Context, p portion) ([]pontage.ClosedTotal, error) {
	var all []pontage.ClosedTotal
	for _, text := range r.totalStatements(p) {
		rows, err := list(ctx, r, r.statement(text), "closed day", totalTargets)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	all = slices.DeleteFunc(all, func(v pontage.ClosedTotal) bool {
		return v.Usage == pontage.Usage{} && v.AllowanceRequests == 0 && v.SpentRequests == 0 && v.SpentAmount == 0
	})
	slices.SortFunc(all, compareTotals)
	return all, nil
}

func compareTotals(a, b pontage.ClosedTotal) int {
	return cmp.Or(cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Day, b.Day), cmp.Compare(a.AccountID, b.AccountID),
		cmp.Compare(a.Key, b.Key), cmp.Compare(a.Host, b.Host))
}

// totalStatements give rows of totalColumns; sums come as bigint, which PostgreSQL widens.
func (r reader) totalStatements(p portion) []string {
	log := r.log(p)
	const usage = "CAST(sum(n1) AS bigint), CAST(sum(n2) AS bigint), CAST(sum(n3) AS bigint), CAST(sum(n4) AS bigint), CAST(sum(n5) AS bigint)"
	const rest = ", CAST(sum(CASE payer WHEN 'allowance' THEN kept ELSE 0 END) AS bigint), CAST(sum(CASE WHEN " + spent +
		" THEN 1 ELSE 0 END) AS bigint), CAST(sum(CASE WHEN " + spent + " THEN price ELSE 0 END) AS bigint)"
	from := " FROM (SELECT log.*, " + counted + " FROM " + log + ") counted"
	return []string{
		"SELECT 'scope', day, account_id, scope_id, host, " + usage + rest + from + " GROUP BY day, account_id, scope_id, host",
		"SELECT 'token', day, account_id, lineage_id, '', " + usage + ", 0, 0, 0" + from + " GROUP BY day, account_id, lineage_id",
		"SELECT 'address', day, account_id, address, '', " + usage + ", 0, 0, 0" + from + " WHERE EXISTS (SELECT 1 FROM statistics s" +
			" WHERE s.account_id = counted.account_id AND s.period IN ('', " + r.exact("counted.day") + ") AND s.dimension = 'address' AND s.key = counted.address)" +
			" GROUP BY day, account_id, address",
		"SELECT 'subscription', '', account_id, subscription_id, '', 0, 0, CAST(sum(kept) AS bigint), 0, 0, 0, 0, 0 FROM " + log +
			" WHERE payer = 'subscription' GROUP BY account_id, subscription_id",
		"SELECT 'plan', '', account_id, " + monthOfDay + ", '', 0, 0, 0, 0, 0, CAST(sum(kept) AS bigint), 0, 0 FROM " + log +
			" WHERE payer = 'plan' GROUP BY account_id, " + monthOfDay,
		// A transfer that lies in the closed days and whose calls are all closed needs no row of its own.
		"SELECT 'transfer', '', t.account_id, t.id, '', 0, 0, 0, 0, 0, 0, 0, CAST(sum(n1) AS bigint) FROM (" + transferred(log) +
			") parts JOIN transfers t ON t.id = parts.key GROUP BY t.account_id, t.id, t.amount, t.created_at" +
			" HAVING sum(n1) <> t.amount OR t.created_at >= " + r.moment(dayEnd(p.through)),
	}
}

// monthOfDay is the month of a row of the log.
const monthOfDay = "substr(day, 1, 7)"

// spent is the condition for calls that the day line shows; a refund leaves it.
const spent = "payer = 'wallet' AND born = 1 AND COALESCE(ended, '') <> 'released'"

// transferred gives the amounts that rows of the log say were moved, by transfer. A call that was charged without a transfer is named
// by its own id.
func transferred(log string) string {
	return "SELECT COALESCE(transfer_id, ended_transfer, id) AS key, price AS n1 FROM " + log +
		" WHERE payer = 'wallet' AND price <> 0 AND born = 1 AND (state = 'settled' OR ended = 'settled')" +
		" UNION ALL SELECT COALESCE(refund_transfer, id), price FROM " + log +
		" WHERE payer = 'wallet' AND price <> 0 AND refunded IS NOT NULL"
}
