package meter

import (
	"time"

	"github.com/pontage/pontage"
)

// used is what counts of a stored window at a period: all of it while the window is not over. A clock that went back finds the
// window in the future; it still counts, so that no window opens twice.
func used(stored, current pontage.Period, count int64) int64 {
	if stored < current {
		return 0
	}
	return count
}

// hasRoom says whether one more free call fits every window that bounds. use may be nil for nothing used.
func hasRoom(a pontage.Allowance, use *pontage.AllowanceUse, now time.Time) bool {
	if a.None() {
		return false
	}
	var u pontage.AllowanceUse
	if use != nil {
		u = *use
	}
	fits := func(limit *int64, count int64) bool { return limit == nil || count < *limit }
	return fits(a.Day, used(u.Day, pontage.DayOf(now), u.DayUsed)) &&
		fits(a.Month, used(u.Month, pontage.MonthOf(now), u.MonthUsed)) &&
		fits(a.Year, used(u.Year, pontage.YearOf(now), u.YearUsed)) &&
		fits(a.Total, u.TotalUsed)
}

// take counts one in a window, which begins anew where it is over.
func take(stored *pontage.Period, current pontage.Period, count *int64) {
	*count = used(*stored, current, *count) + 1
	*stored = max(*stored, current)
}

// giveBack takes one back out of a window, if that is still the one it was decided in.
func giveBack(stored, decided pontage.Period, count *int64) {
	if stored == decided && *count > 0 {
		*count--
	}
}

// TakeFree counts one free call in all four windows.
func TakeFree(u *pontage.AllowanceUse, now time.Time) {
	take(&u.Day, pontage.DayOf(now), &u.DayUsed)
	take(&u.Month, pontage.MonthOf(now), &u.MonthUsed)
	take(&u.Year, pontage.YearOf(now), &u.YearUsed)
	u.TotalUsed++
}

// ReturnFree gives a free call back to the windows it was decided in, as far as they are not over.
func ReturnFree(u *pontage.AllowanceUse, decidedAt time.Time) {
	giveBack(u.Day, pontage.DayOf(decidedAt), &u.DayUsed)
	giveBack(u.Month, pontage.MonthOf(decidedAt), &u.MonthUsed)
	giveBack(u.Year, pontage.YearOf(decidedAt), &u.YearUsed)
	u.TotalUsed = max(0, u.TotalUsed-1)
}
