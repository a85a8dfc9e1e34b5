package storage

// counted are the numbers of a token and of a statistic line, computed from admitted calls.
const counted = "1 AS n1, CASE payer WHEN 'wallet' THEN kept ELSE 0 END AS n2, CASE payer WHEN 'subscription' THEN kept ELSE 0 END AS n3," +
	" failed AS n4, CASE payer WHEN 'wallet' THEN kept * price ELSE 0 END AS n5"

const storedUsage = "total_requests AS n1, wallet_requests AS n2, subscription_requests AS n3, error_requests AS n4, wallet_amount AS n5"

func usageNames(of string) []string {
	return []string{of + " totalRequests", of + " walletRequests", of + " subscriptionRequests", of + " errorRequests", of + " walletAmount"}
}

// ledgerChecks are about what a batch writes with every call.
func (r reader) ledgerChecks() []check {
	log := r.admitted(everything)
	return []check{{
		names:  []string{"wallet balance", "wallet held"},
		stored: "SELECT account_id AS key, balance AS n1, held AS n2 FROM wallets",
		computed: "SELECT substr(credit, 8) AS key, amount AS n1, 0 AS n2 FROM transfers WHERE credit LIKE 'wallet:%'" +
			" UNION ALL SELECT substr(debit, 8), -amount, 0 FROM transfers WHERE debit LIKE 'wallet:%'" +
			" UNION ALL SELECT account_id, 0, price FROM " + log + " WHERE payer = 'wallet' AND state = 'reserved' AND ended IS NULL",
	}, { // a call that was charged without a transfer is named by its own id
		names:  []string{"transfer amount"},
		stored: "SELECT id AS key, amount AS n1 FROM transfers WHERE kind IN ('usage', 'refund')",
		computed: "SELECT COALESCE(transfer_id, ended_transfer, id) AS key, price AS n1 FROM " + log +
			" WHERE payer = 'wallet' AND price <> 0 AND (state = 'settled' OR ended = 'settled')" +
			" UNION ALL SELECT COALESCE(refund_transfer, id), price FROM " + log +
			" WHERE payer = 'wallet' AND price <> 0 AND refunded IS NOT NULL",
	}, {
		names:    usageNames("token"),
		stored:   "SELECT id AS key, " + storedUsage + " FROM lineages",
		computed: "SELECT lineage_id AS key, " + counted + " FROM " + log,
	}, {
		names:    []string{"subscription usedRequests"},
		stored:   "SELECT id AS key, used_requests AS n1 FROM subscriptions",
		computed: "SELECT COALESCE(subscription_id, id) AS key, kept AS n1 FROM " + log + " WHERE payer = 'subscription'",
	}, {
		names:    []string{"allowance totalUsed"},
		stored:   "SELECT account_id || ' ' || scope_id AS key, total_used AS n1 FROM allowances",
		computed: "SELECT account_id || ' ' || scope_id AS key, kept AS n1 FROM " + log + " WHERE payer = 'allowance'",
	}}
}

// foldChecks are about what the fold made of the log up to w.
func (r reader) foldChecks(w watermarks) []check {
	log := r.admitted(w)
	return []check{{
		names:    usageNames("statistic"),
		stored:   "SELECT " + lineKey + ", " + storedUsage + " FROM statistics",
		computed: computedStatistics(log),
	}, {
		names:  []string{"usage day amount", "usage day requests"},
		stored: "SELECT account_id || ' ' || day || ' ' || host AS key, amount AS n1, requests AS n2 FROM usage_days",
		computed: "SELECT account_id || ' ' || day || ' ' || host AS key, price AS n1, 1 AS n2 FROM " + log +
			" WHERE payer = 'wallet' AND COALESCE(ended, '') <> 'released'",
	}, {
		names:    []string{"statistic addresses"},
		stored:   "SELECT " + lineKey + ", address_count AS n1 FROM statistics",
		computed: "SELECT " + lineKey + ", 1 AS n1 FROM seen_addresses",
	}, {
		names:    []string{"open calls"},
		stored:   "SELECT call_id AS key, 1 AS n1 FROM open_calls",
		computed: "SELECT id AS key, 1 AS n1 FROM " + log + " WHERE state = 'reserved' AND ended IS NULL",
	}}
}

const lineKey = "account_id || ' ' || CASE period WHEN '' THEN 'ever' ELSE period END || ' ' || dimension || ' ' || key || ' ' || host AS key"

// computedStatistics sums the calls by day once, and the days into the lines of every period.
func computedStatistics(log string) string {
	const periods = " FROM daily CROSS JOIN (VALUES (0), (4), (7), (10)) AS p"
	const period = "SELECT account_id, substr(day, 1, p.column1) AS period, "
	const numbers = ", n1, n2, n3, n4, n5"
	return "WITH daily AS (SELECT account_id, lineage_id, scope_id, host, day, sum(n1) AS n1, sum(n2) AS n2, sum(n3) AS n3," +
		" sum(n4) AS n4, sum(n5) AS n5 FROM (SELECT account_id, lineage_id, scope_id, host, day, " + counted + " FROM " + log +
		") counted GROUP BY account_id, lineage_id, scope_id, host, day) SELECT " + lineKey + numbers + " FROM (" +
		period + "'account' AS dimension, '' AS key, '' AS host" + numbers + periods +
		" UNION ALL " + period + "'api', host, host" + numbers + periods +
		" UNION ALL " + period + "'scope', scope_id, host" + numbers + periods +
		" UNION ALL SELECT account_id, '', 'token', lineage_id, ''" + numbers + " FROM daily) lines"
}
