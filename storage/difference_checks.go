package storage

import "github.com/pontage/pontage"

// counted are the numbers of a token and of a statistic line, computed from the log.
const counted = "born AS n1, CASE payer WHEN 'wallet' THEN kept ELSE 0 END AS n2, CASE payer WHEN 'subscription' THEN kept ELSE 0 END AS n3," +
	" failed AS n4, CASE payer WHEN 'wallet' THEN kept * price ELSE 0 END AS n5"

const storedUsage = "total_requests AS n1, wallet_requests AS n2, subscription_requests AS n3, error_requests AS n4, wallet_amount AS n5"

// opening are the closed totals of one dimension, with which the sums of the log begin.
func opening(dimension pontage.Dimension) string {
	return " FROM closed_totals WHERE dimension = '" + string(dimension) + "'"
}

func usageNames(of string) []string {
	return []string{of + " totalRequests", of + " walletRequests", of + " subscriptionRequests", of + " errorRequests", of + " walletAmount"}
}

// ledgerChecks are about what a batch writes with every call.
func (r reader) ledgerChecks(last *pontage.Closing) []check {
	log := r.log(portion{after: last, upTo: everywhere(everything)})
	checks := []check{{
		names:  []string{"wallet balance", "wallet held"},
		stored: "SELECT account_id AS key, balance AS n1, held AS n2 FROM wallets",
		computed: "SELECT substr(credit, 8) AS key, amount AS n1, 0 AS n2 FROM transfers WHERE credit LIKE 'wallet:%'" +
			" UNION ALL SELECT substr(debit, 8), -amount, 0 FROM transfers WHERE debit LIKE 'wallet:%'" +
			" UNION ALL SELECT account_id, 0, price FROM " + log + " WHERE payer = 'wallet' AND state = 'reserved' AND born = 1 AND ended IS NULL",
	}, r.transferCheck(log, last), {
		names:    usageNames("token"),
		stored:   "SELECT lineage_id AS key, " + storedUsage + " FROM lineage_usage",
		computed: "SELECT lineage_id AS key, " + counted + " FROM " + log + " UNION ALL SELECT key, " + storedUsage + opening(pontage.ByToken),
	}, {
		names:  []string{"subscription usedRequests"},
		stored: "SELECT id AS key, used_requests AS n1 FROM subscriptions",
		computed: "SELECT COALESCE(subscription_id, id) AS key, kept AS n1 FROM " + log + " WHERE payer = 'subscription'" +
			" UNION ALL SELECT key, subscription_requests" + opening(pontage.BySubscription),
	}, {
		names:  []string{"allowance totalUsed"},
		stored: "SELECT account_id || ' ' || scope_id AS key, total_used AS n1 FROM allowances",
		computed: "SELECT account_id || ' ' || scope_id AS key, kept AS n1 FROM " + log + " WHERE payer = 'allowance'" +
			" UNION ALL SELECT account_id || ' ' || key, allowance_requests" + opening(pontage.ByScope),
	}, planTotalCheck(log), planMonthCheck(log)}
	if last != nil {
		checks = append(checks, spentCheck(log))
	}
	return checks
}

// transferCheck compares each transfer with its calls: all of them, or behind a closing those made since and those with calls that are
// not closed. A total by transfer is the closed part of such a one.
func (r reader) transferCheck(log string, last *pontage.Closing) check {
	c := check{
		names:    []string{"transfer amount"},
		stored:   "SELECT id AS key, amount AS n1 FROM transfers WHERE kind IN ('usage', 'refund')",
		computed: transferred(log),
	}
	if last == nil {
		return c
	}
	named := "SELECT key FROM (" + transferred(log) + ") named"
	since := r.moment(dayEnd(last.Day))
	c.stored += " AND (created_at >= " + since + " OR id IN (" + named + "))"
	c.computed += " UNION ALL SELECT key, spent_amount" + opening(pontage.ByTransfer) + " AND (key IN (" + named + ") OR key IN" +
		" (SELECT id FROM transfers WHERE created_at >= " + since + "))"
	return c
}

// spentCheck compares all usage and refund transfers of an account with all its calls, the closed ones too.
func spentCheck(log string) check {
	return check{
		names: []string{"account usage amount", "account refund amount"},
		stored: "SELECT account_id AS key, CASE kind WHEN 'usage' THEN amount ELSE 0 END AS n1, CASE kind WHEN 'refund' THEN amount ELSE 0 END AS n2" +
			" FROM transfers WHERE kind IN ('usage', 'refund')",
		computed: "SELECT account_id AS key, CASE WHEN born = 1 AND (state = 'settled' OR ended = 'settled') THEN price ELSE 0 END AS n1," +
			" CASE WHEN refunded IS NOT NULL THEN price ELSE 0 END AS n2 FROM " + log + " WHERE payer = 'wallet'" +
			" UNION ALL SELECT account_id, spent_amount, spent_amount - wallet_amount" + opening(pontage.ByScope),
	}
}

// foldChecks are about what the fold made of the log. What it made for each account goes as far as that account is folded; the open
// calls, which belong to no account, follow when the stretch is folded for all.
//
// Days up to coarse were closed without saying which token and address their calls belong to.
func (r reader) foldChecks(last *pontage.Closing, coarse pontage.Period, p progress) []check {
	log, common := r.log(portion{after: last, upTo: r.extent(p)}), r.log(portion{after: last, upTo: everywhere(p.done)})
	return []check{{
		names:    usageNames("statistic"),
		stored:   "SELECT " + lineKey + ", " + storedUsage + " FROM statistics WHERE " + r.provable(coarse),
		computed: computedStatistics(log) + " WHERE (" + r.provable(coarse) + ") AND " + r.withLine(),
	}, {
		names:  []string{"usage day amount", "usage day requests"},
		stored: "SELECT account_id || ' ' || day || ' ' || host AS key, amount AS n1, requests AS n2 FROM usage_days",
		computed: "SELECT account_id || ' ' || day || ' ' || host AS key, price AS n1, 1 AS n2 FROM " + log + " WHERE " + spent +
			" UNION ALL SELECT account_id || ' ' || day || ' ' || host, spent_amount, spent_requests" + opening(pontage.ByScope),
	}, {
		names:    []string{"statistic addresses"},
		stored:   "SELECT " + lineKey + ", address_count AS n1 FROM statistics",
		computed: "SELECT " + lineKey + ", 1 AS n1 FROM seen_addresses",
	}, {
		names:    []string{"open calls"},
		stored:   "SELECT call_id AS key, 1 AS n1 FROM open_calls",
		computed: "SELECT id AS key, 1 AS n1 FROM " + common + " WHERE state = 'reserved' AND born = 1 AND ended IS NULL",
	}}
}

const lineKey = "account_id || ' ' || CASE period WHEN '' THEN 'ever' ELSE period END || ' ' || dimension || ' ' || key || ' ' || host AS key"
