package meter

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// The windows are calendar ones in UTC: the last moment of a year and the first of the next share nothing but the total.
func TestAllowanceWindowsEndAtMidnightUTC(t *testing.T) {
	eve := time.Date(2026, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
	newYear := eve.Add(time.Microsecond)
	use := &pontage.AllowanceUse{}
	TakeFree(use, eve)
	TakeFree(use, eve)
	all := pontage.Allowance{Day: ptr(int64(2)), Month: ptr(int64(2)), Year: ptr(int64(2)), Total: ptr(int64(3))}
	if hasRoom(all, use, eve) {
		t.Error("a full day has room")
	}
	if !hasRoom(all, use, newYear) || !hasRoom(all, use, newYear.In(time.FixedZone("west", -8*3600))) {
		t.Error("a new year has no room")
	}
	TakeFree(use, newYear)
	if *use != (pontage.AllowanceUse{Day: "2027-01-01", Month: "2027-01", Year: "2027", DayUsed: 1, MonthUsed: 1, YearUsed: 1, TotalUsed: 3}) {
		t.Errorf("got %+v", *use)
	}
	if hasRoom(all, use, newYear) {
		t.Error("the total is used up")
	}
}

// Each window that bounds must have room; one that is nil does not bound; none at all is no allowance.
func TestEveryWindowThatBoundsMustHaveRoom(t *testing.T) {
	use := &pontage.AllowanceUse{Day: "2026-11-20", Month: "2026-11", Year: "2026", DayUsed: 1, MonthUsed: 2, YearUsed: 3, TotalUsed: 4}
	for _, c := range []struct {
		a    pontage.Allowance
		room bool
	}{
		{pontage.Allowance{}, false},
		{pontage.Allowance{Day: ptr(int64(1))}, false},
		{pontage.Allowance{Day: ptr(int64(2))}, true},
		{pontage.Allowance{Month: ptr(int64(2))}, false},
		{pontage.Allowance{Month: ptr(int64(3))}, true},
		{pontage.Allowance{Year: ptr(int64(3))}, false},
		{pontage.Allowance{Year: ptr(int64(4))}, true},
		{pontage.Allowance{Total: ptr(int64(4))}, false},
		{pontage.Allowance{Total: ptr(int64(5))}, true},
		{pontage.Allowance{Day: ptr(int64(9)), Month: ptr(int64(9)), Year: ptr(int64(9)), Total: ptr(int64(4))}, false},
	} {
		if got := hasRoom(c.a, use, noon); got != c.room {
			t.Errorf("%+v: %v", c.a, got)
		}
	}
	if !hasRoom(pontage.Allowance{Total: ptr(int64(1))}, nil, noon) {
		t.Error("nothing used, no room")
	}
}

// A release gives back to the windows of the decision, never to a later one.
func TestAReleaseGivesBackToItsOwnWindow(t *testing.T) {
	use := &pontage.AllowanceUse{}
	TakeFree(use, noon)
	nextDay := noon.Add(24 * time.Hour)
	TakeFree(use, nextDay)
	ReturnFree(use, noon)
	if *use != (pontage.AllowanceUse{Day: "2026-11-21", Month: "2026-11", Year: "2026", DayUsed: 1, MonthUsed: 1, YearUsed: 1, TotalUsed: 1}) {
		t.Errorf("got %+v", *use)
	}
}

// A clock that goes back opens no window a second time.
func TestAClockThatGoesBackOpensNoWindowTwice(t *testing.T) {
	use, one := &pontage.AllowanceUse{}, pontage.Allowance{Day: ptr(int64(1))}
	TakeFree(use, noon)
	if hasRoom(one, use, noon.Add(-24*time.Hour)) {
		t.Error("yesterday came again")
	}
}
