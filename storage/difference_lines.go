package storage

import (
	"context"
	"strconv"

	"github.com/pontage/pontage"
)

// coarseDay gives the last day whose closing holds no totals of tokens and addresses by day, as those of older binaries; empty for none.
func (r reader) coarseDay(ctx context.Context) (pontage.Period, error) {
	const of = "EXISTS (SELECT 1 FROM closed_totals t WHERE t.closing = c.day AND t.total_requests <> 0 AND t.dimension = "
	s := r.statement("SELECT COALESCE(max(c.day), '') FROM closings c WHERE " + of + "'scope') AND NOT " + of + "'token' AND t.day <> '')")
	day, err := one(ctx, r, s, "closed day", func(day *pontage.Period) []any { return []any{day} })
	if err != nil {
		return "", err
	}
	return *day, nil
}

// provable is the condition for lines that can be proved: where calls of closed days are not known by token and address, lines of these
// days, and lines that hold such days, cannot. What a token ever used is known always, and with it that of its client and domain.
func (r reader) provable(coarse pontage.Period) string {
	if coarse == "" {
		return "TRUE"
	}
	return "dimension IN ('account', 'api', 'scope') OR " + r.exact("period") + " > '" + string(coarse) + "' OR period = '' AND dimension <> 'address'"
}

// exact compares a text byte by byte, which SQLite always does.
func (r reader) exact(text string) string {
	if r.postgres {
		return text + ` COLLATE "C"`
	}
	return text
}

// computedStatistics sums the calls by day once, and the days into the lines of every period: with the calls of the log those of the
// closed totals, which know one dimension each.
func computedStatistics(log string) string {
	const numbers = ", n1, n2, n3, n4, n5"
	const daily = "WITH daily AS (SELECT of_dimension, account_id, lineage_id, scope_id, host, address, day, sum(n1) AS n1, sum(n2) AS n2," +
		" sum(n3) AS n3, sum(n4) AS n4, sum(n5) AS n5 FROM ("
	const owned = ") counted GROUP BY of_dimension, account_id, lineage_id, scope_id, host, address, day), owned AS (SELECT d.*, l.client_id," +
		" l.domain_id FROM daily d JOIN lineages l ON l.id = d.lineage_id WHERE l.client_id IS NOT NULL)"
	text := daily + "SELECT 'call' AS of_dimension, account_id, lineage_id, scope_id, host, address, day, " + counted + " FROM " + log +
		" UNION ALL SELECT dimension, account_id, '', key, host, '', day, " + storedUsage + opening(pontage.ByScope) +
		" UNION ALL SELECT dimension, account_id, key, '', '', '', day, " + storedUsage + opening(pontage.ByToken) +
		" UNION ALL SELECT dimension, account_id, '', '', '', key, day, " + storedUsage + opening(pontage.ByAddress) +
		owned + " SELECT " + lineKey + numbers + " FROM ("
	for i, l := range computedLines {
		if i > 0 {
			text += " UNION ALL "
		}
		text += "SELECT account_id, substr(day, 1, p.column1) AS period, '" + string(l.dimension) + "' AS dimension, " + l.key + " AS key, " +
			l.host + " AS host" + numbers + " FROM " + l.from + " CROSS JOIN (VALUES (0), " + l.periods() + "(10)) AS p" +
			" WHERE of_dimension IN ('call', '" + l.total + "') AND " + l.key + " IS NOT NULL AND (day <> '' OR p.column1 = 0)"
	}
	return text + ") lines"
}

// computedLine says how the lines of a dimension are computed: from which days, and from which closed totals among them.
type computedLine struct {
	dimension              pontage.Dimension
	from, total, key, host string
}

var computedLines = []computedLine{
	{pontage.ByAccount, "daily", "scope", "''", "''"},
	{pontage.ByAPI, "daily", "scope", "host", "host"},
	{pontage.ByScope, "daily", "scope", "scope_id", "host"},
	{pontage.ByToken, "daily", "token", "NULLIF(lineage_id, '')", "''"},
	{pontage.ByClient, "owned", "token", "client_id", "''"},
	{pontage.ByDomain, "owned", "token", "domain_id", "''"},
	{pontage.ByAddress, "daily", "address", "NULLIF(address, '')", "''"},
}

// periods are how much of a day names the periods with lines between all time and the day.
func (l computedLine) periods() string {
	if l.dimension.KeepsMonths() {
		return "(7), "
	}
	return ""
}

// withLine is the condition for computed lines by address: one that has a line, or would have got one because there is room.
func (r reader) withLine() string {
	there := "FROM statistics s WHERE s.account_id = lines.account_id AND s.period = " + r.exact("lines.period") + " AND s.dimension = 'address'"
	return "(lines.dimension <> 'address' OR EXISTS (SELECT 1 " + there + " AND s.key = lines.key) OR (SELECT count(*) " + there + ") < " +
		strconv.Itoa(pontage.AddressesPerLine) + ")"
}
