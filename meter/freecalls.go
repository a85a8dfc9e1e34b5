package meter

import (
	"context"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// FreeCalls is one window of an allowance as it stands for an account.
type FreeCalls struct {
	// Window is "day", "month", "year" or "total".
	Window            string
	Limit, Used, Left int64
	// ResetsAt is when the window begins anew, zero for never.
	ResetsAt time.Time
}

// FreeCalls gives the windows that bound what is free of scopes for accounts, to the last committed call, in one read. Scopes without an
// allowance have none. Whoever asks was shown these scopes as these accounts see them.
func (m *Meter) FreeCalls(ctx context.Context, asked []pontage.AllowanceKey) (map[pontage.AllowanceKey][]FreeCalls, error) {
	keys := slices.DeleteFunc(slices.Clone(asked), func(key pontage.AllowanceKey) bool {
		s := m.scopeByID(key.ScopeID)
		return s == nil || s.Allowance.None()
	})
	var stored []pontage.AllowanceUse
	err := m.store.Read(ctx, func(r pontage.Reader) (err error) {
		stored, err = r.Allowances(ctx, keys)
		return err
	})
	uses := make(map[pontage.AllowanceKey]pontage.AllowanceUse, len(stored))
	for _, u := range stored {
		uses[u.Key] = u
	}
	all := make(map[pontage.AllowanceKey][]FreeCalls, len(keys))
	for _, key := range keys {
		all[key] = windows(m.scopeByID(key.ScopeID).Allowance, uses[key], m.clock.Now().UTC())
	}
	return all, err
}

// windows are those that bound.
func windows(a pontage.Allowance, u pontage.AllowanceUse, now time.Time) (all []FreeCalls) {
	year, month, day := now.Date()
	for _, w := range []struct {
		name  string
		limit *int64
		used  int64
		ends  time.Time
	}{
		{"day", a.Day, used(u.Day, pontage.DayOf(now), u.DayUsed), time.Date(year, month, day+1, 0, 0, 0, 0, time.UTC)},
		{"month", a.Month, used(u.Month, pontage.MonthOf(now), u.MonthUsed), time.Date(year, month+1, 1, 0, 0, 0, 0, time.UTC)},
		{"year", a.Year, used(u.Year, pontage.YearOf(now), u.YearUsed), time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"total", a.Total, u.TotalUsed, time.Time{}},
	} {
		if left, bounds := remains(w.limit, w.used); bounds {
			all = append(all, FreeCalls{w.name, *w.limit, w.used, left, w.ends})
		}
	}
	return all
}
