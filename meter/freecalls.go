package meter

import (
	"context"
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

// FreeCalls gives the windows that bound what is free of scopes for the actor, to the last committed call, in one read. Scopes without an
// allowance have none.
func (m *Meter) FreeCalls(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID) (map[pontage.ScopeID][]FreeCalls, error) {
	var keys []pontage.AllowanceKey
	for _, id := range scopes {
		if s := m.scopeByID(id); s != nil && !s.Allowance.None() {
			keys = append(keys, pontage.AllowanceKey{AccountID: by.AccountID, ScopeID: id})
		}
	}
	var stored []pontage.AllowanceUse
	err := m.store.Read(ctx, func(r pontage.Reader) (err error) {
		stored, err = r.Allowances(ctx, keys)
		return err
	})
	uses := make(map[pontage.ScopeID]pontage.AllowanceUse, len(stored))
	for _, u := range stored {
		uses[u.Key.ScopeID] = u
	}
	all := make(map[pontage.ScopeID][]FreeCalls, len(keys))
	for _, key := range keys {
		all[key.ScopeID] = windows(m.scopeByID(key.ScopeID).Allowance, uses[key.ScopeID], m.clock.Now().UTC())
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
