package meter

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

// StatisticDays gives the actor's lines of the days of a month that had calls, by day, which is their key: what is folded and what is
// not yet, from one snapshot. Addresses are not counted. InvalidInput at "month" for what is no month.
func (m *Meter) StatisticDays(ctx context.Context, by pontage.Actor, month pontage.Period) ([]pontage.StatisticLine, error) {
	if p, err := pontage.ParsePeriod(string(month)); err != nil || len(p) != len("2006-01") {
		return nil, pontage.E(pontage.InvalidInput, "A month is written as 2026-11.").At("month")
	}
	days := map[string]*pontage.StatisticLine{}
	add := func(day string, u pontage.Usage) {
		if days[day] == nil {
			days[day] = &pontage.StatisticLine{Key: day}
		}
		addUsage(&days[day].Usage, u)
	}
	err := m.store.Read(ctx, func(r pontage.Reader) error {
		tail, err := r.Tail(ctx, by.AccountID)
		if err != nil {
			return err
		}
		stored, err := r.StatisticDays(ctx, by.AccountID, month)
		for _, l := range stored {
			add(l.Key, l.Usage)
		}
		for _, d := range Fold(tail).Statistics {
			if d.Dimension == pontage.ByAccount && len(d.Period) == len("2006-01-02") && strings.HasPrefix(string(d.Period), string(month)) {
				add(string(d.Period), d.Usage)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	lines := make([]pontage.StatisticLine, 0, len(days))
	for _, l := range days {
		lines = append(lines, *l)
	}
	slices.SortFunc(lines, func(a, b pontage.StatisticLine) int { return cmp.Compare(a.Key, b.Key) })
	return lines, nil
}
