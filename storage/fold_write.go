package storage

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// foldOpenCalls keeps the reservations that were folded without their end, and forgets those whose end is folded now.
func (t tx) foldOpenCalls(ctx context.Context, tail pontage.Tail) error {
	ended := make(map[pontage.CallID]struct{}, len(tail.Outcomes))
	for _, o := range tail.Outcomes {
		ended[o.Outcome.CallID] = struct{}{}
	}
	var open []pontage.Call
	for _, c := range tail.Calls {
		if _, over := ended[c.ID]; over {
			delete(ended, c.ID)
		} else if c.State == pontage.CallReserved {
			open = append(open, c)
		}
	}
	s := t.planned("")
	insertRows(s, "open_calls", "call_id, expires_at", open, func(s *statement, c pontage.Call) { s.string(string(c.ID)).time(c.ExpiresAt) })
	earlier := make([]pontage.CallID, 0, len(ended))
	for id := range ended {
		earlier = append(earlier, id)
	}
	for ids := range slices.Chunk(earlier, rowsPerStatement) {
		in(s.sql("DELETE FROM open_calls WHERE call_id IN "), ids).end()
	}
	return t.executeAny(ctx, s, "open calls")
}

// executeAny runs what was collected, if anything was.
func (t tx) executeAny(ctx context.Context, s *statement, what string) error {
	if len(s.text) == 0 {
		return nil
	}
	_, err := t.execute(ctx, s, what)
	return err
}

// withAddressLines gives the deltas in the table's order, with a zero one for a line that has addresses alone: the line holds their
// number.
func withAddressLines(changes pontage.FoldChanges) []pontage.StatisticDelta {
	if len(changes.Addresses) == 0 {
		return changes.Statistics
	}
	deltas := slices.Clone(changes.Statistics)
	known := make(map[pontage.StatisticKey]struct{}, len(deltas))
	for _, d := range deltas {
		known[d.StatisticKey] = struct{}{}
	}
	for _, a := range changes.Addresses {
		if _, ok := known[a.StatisticKey]; !ok {
			known[a.StatisticKey] = struct{}{}
			deltas = append(deltas, pontage.StatisticDelta{StatisticKey: a.StatisticKey})
		}
	}
	slices.SortFunc(deltas, func(a, b pontage.StatisticDelta) int { return a.StatisticKey.Compare(b.StatisticKey) })
	return deltas
}

func putUsageDays(s *statement, days []pontage.UsageDay) {
	for rows := range chunks(s, days) {
		s.sql("INSERT INTO usage_days (account_id, day, host, amount, requests, first_at) VALUES ").rows(len(rows), func(i int) {
			d := rows[i]
			s.string(string(d.AccountID)).string(string(d.Day)).string(d.Host).number(int64(d.Amount)).number(d.Requests).time(d.FirstAt)
		})
		s.sql(" ON CONFLICT (account_id, day, host) DO UPDATE SET amount = usage_days.amount + excluded.amount," +
			" requests = usage_days.requests + excluded.requests," +
			" first_at = CASE WHEN excluded.first_at < usage_days.first_at THEN excluded.first_at ELSE usage_days.first_at END").end()
	}
}
