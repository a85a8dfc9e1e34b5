package meter

import (
	"cmp"
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// StatisticDays gives the actor's lines of the days of a month that had calls, by day, which is their key: what is folded and what is
// not yet, from one snapshot. The query's period is the month; its Keys name the one line of its dimension that is asked for, none for
// ByAccount. Addresses are not counted. InvalidInput at "month" for what is no month.
func (m *Meter) StatisticDays(ctx context.Context, by pontage.Actor, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	if p, err := pontage.ParsePeriod(string(q.Period)); err != nil || len(p) != len("2006-01") {
		return nil, pontage.E(pontage.InvalidInput, "A month is written as 2026-11.").At("month")
	}
	switch {
	case q.Dimension == pontage.ByAccount:
		q.Keys = []string{""}
	case len(q.Keys) != 1:
		return nil, pontage.E(pontage.InvalidInput, "Name the one whose days you want.").At("key")
	}
	q.AccountID = by.AccountID
	var lines []pontage.StatisticLine
	err := m.store.Read(ctx, func(r pontage.Reader) error {
		tail, err := ownedTail(ctx, r, q.AccountID)
		if err != nil {
			return err
		}
		stored, err := r.StatisticDays(ctx, q)
		lines = addDays(stored, question{q, tail.Owners}, Fold(tail))
		return err
	})
	return lines, err
}

// addDays merges what the fold rule made of the tail into the stored lines of days.
func addDays(lines []pontage.StatisticLine, q question, tail pontage.FoldChanges) []pontage.StatisticLine {
	where := make(map[string]int, len(lines))
	for i, l := range lines {
		where[l.Key] = i
	}
	days := q.Period.Days()
	for _, d := range tail.Statistics {
		if !slices.Contains(days, d.Period) || !q.asks(d.StatisticKey) {
			continue
		}
		i, ok := where[string(d.Period)]
		if !ok {
			i = len(lines)
			where[string(d.Period)] = i
			lines = append(lines, pontage.StatisticLine{Key: string(d.Period), Host: d.Host})
		}
		addUsage(&lines[i].Usage, d.Usage)
	}
	slices.SortFunc(lines, func(a, b pontage.StatisticLine) int { return cmp.Compare(a.Key, b.Key) })
	return lines
}
