package storage

import "github.com/pontage/pontage"

// included are the calls that plans included, by account and month: those of the log, and those of closed days.
func included(log string) string {
	return "SELECT account_id, " + monthOfDay + " AS month, kept FROM " + log + " WHERE payer = 'plan'" +
		" UNION ALL SELECT account_id, key, allowance_requests" + opening(pontage.ByPlan)
}

// planTotalCheck proves how many calls an account's plan ever included.
func planTotalCheck(log string) check {
	return check{
		names:    []string{"plan totalUsed"},
		stored:   "SELECT account_id AS key, plan_total AS n1 FROM wallets",
		computed: "SELECT account_id AS key, kept AS n1 FROM (" + included(log) + ") included",
	}
}

// planMonthCheck proves that no call of the month was forgotten, so that no month includes more than it may. Where a clock went back, or
// an instance's is behind at the month's turn, a call counts in the later month, which then rightly holds more than its own calls; the
// table keeps it from holding more than there ever were.
func planMonthCheck(log string) check {
	own := "SELECT account_id, month, CAST(sum(kept) AS bigint) AS n FROM (" + included(log) + ") included GROUP BY account_id, month"
	return check{
		names:  []string{"plan used"},
		stored: "SELECT account_id || ' ' || plan_month AS key, plan_used AS n1 FROM wallets WHERE plan_month <> ''",
		computed: "SELECT w.account_id || ' ' || w.plan_month AS key, CASE WHEN w.plan_used >= COALESCE(own.n, 0) THEN w.plan_used ELSE own.n END AS n1" +
			" FROM wallets w LEFT JOIN (" + own + ") own ON own.account_id = w.account_id AND own.month = w.plan_month WHERE w.plan_month <> ''",
	}
}
