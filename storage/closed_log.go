package storage

import (
	"math"
	"strconv"
	"time"

	"github.com/pontage/pontage"
)

// portion says which of the log a sum is about: what no closing up to after holds, of the rows up to upTo. Where through is set, calls
// decided after that day are left out.
type portion struct {
	after   *pontage.Closing
	upTo    extent
	through pontage.Period
}

// dayEnd is the first moment after the day.
func dayEnd(day pontage.Period) time.Time {
	at, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic("storage: " + err.Error()) // callers checked it, and closings hold nothing else
	}
	return at.AddDate(0, 0, 1)
}

// moment is a time as the statements of this engine write it.
func (r reader) moment(at time.Time) string {
	return string(r.statement("").value(func(s *statement) { s.time(at) }).text)
}

// dayOf is the UTC day of the call's decision.
func (r reader) dayOf(alias string) string {
	if r.postgres {
		return "to_char(" + alias + ".decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
	}
	return "substr(" + alias + ".decided_at, 1, 10)"
}

// sequences is the condition for the rows in (from, end]. Like the statements' between it always names both ends.
func sequences(alias string, from, end int64) string {
	return alias + ".sequence > " + strconv.FormatInt(from, 10) + " AND " + alias + ".sequence <= " + strconv.FormatInt(end, 10)
}

// closed is the condition for calls that c holds, open that for the others.
func (r reader) closed(c *pontage.Closing) string {
	return "c.sequence <= " + strconv.FormatInt(c.Calls, 10) + " AND c.decided_at < " + r.moment(dayEnd(c.Day))
}

func (r reader) open(c *pontage.Closing) string {
	return "c.sequence >= " + strconv.FormatInt(c.FirstOpen, 10) + " AND (c.sequence > " + strconv.FormatInt(c.Calls, 10) +
		" OR c.decided_at >= " + r.moment(dayEnd(c.Day)) + ")"
}

const logColumns = "SELECT c.id, c.account_id, c.lineage_id, COALESCE(c.scope_id, '') AS scope_id, c.host, COALESCE(c.address, '') AS address, c.state, COALESCE(c.payer, '') AS payer," +
	" c.price, c.subscription_id, c.transfer_id, "

// log is a table expression of the admitted calls of the portion with what their outcomes say: born is 1, kept is 0 for what was given
// back, failed is 1 for what the upstream failed. A refund of a call that a closing holds is a row of its own, which changes what the
// closing says: born is 0, kept is -1, failed is 1 if the call had not failed before.
func (r reader) log(p portion) string {
	outcomes := p.upTo.outcomes.of("c.account_id")
	text := "(" + logColumns + r.dayOf("c") + " AS day, e.kind AS ended, e.transfer_id AS ended_transfer, f.call_id AS refunded," +
		" f.transfer_id AS refund_transfer, 1 AS born, CASE WHEN e.kind = 'released' OR f.call_id IS NOT NULL THEN 0 ELSE 1 END AS kept," +
		" CASE WHEN e.kind = 'released' OR e.status >= 400 OR f.call_id IS NOT NULL THEN 1 ELSE 0 END AS failed FROM calls c" +
		" LEFT JOIN outcomes e ON e.call_id = c.id AND e.phase = 1 AND e.sequence <= " + outcomes +
		" LEFT JOIN outcomes f ON f.call_id = c.id AND f.phase = 2 AND f.sequence <= " + outcomes +
		" WHERE c.state <> 'refused' AND c.sequence <= " + p.upTo.calls.of("c.account_id")
	if p.through != "" {
		text += " AND c.decided_at < " + r.moment(dayEnd(p.through))
	}
	if p.after != nil {
		text += " AND " + r.open(p.after) + " UNION ALL " + r.lateRefunds(p)
	}
	return text + ") log"
}

func (r reader) lateRefunds(p portion) string {
	return logColumns + r.dayOf("c") + ", NULL, NULL, f.call_id, f.transfer_id, 0, -1, CASE WHEN e.status >= 400 THEN 0 ELSE 1 END" +
		" FROM outcomes f JOIN calls c ON c.id = f.call_id LEFT JOIN outcomes e ON e.call_id = c.id AND e.phase = 1" +
		" WHERE f.phase = 2 AND f.sequence > " + strconv.FormatInt(p.after.Outcomes, 10) + " AND f.sequence <= " +
		p.upTo.outcomes.of("c.account_id") + " AND c.state <> 'refused' AND " + r.closed(p.after)
}

// everything are the watermarks behind any row.
var everything = watermarks{math.MaxInt64, math.MaxInt64}
