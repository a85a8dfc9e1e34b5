package pontage

import "time"

// PlanUse counts the calls that an account's plan included: so many in each calendar month in UTC, over all scopes.
type PlanUse struct {
	// Included says that the account's plan comes with such calls; how many is a setting of the instance.
	Included bool
	// Month is the window Used belongs to, empty before the first such call; Total are all there ever were, less what was given back.
	Month       Period
	Used, Total int64
}

// UsedAt is what counts of the month at a time. A clock that went back finds the month in the future; it still counts, so that no month
// opens twice.
func (u PlanUse) UsedAt(at time.Time) int64 {
	if u.Month < MonthOf(at) {
		return 0
	}
	return u.Used
}

// PlanAllowance is the included calls of a month as they stand for an account.
type PlanAllowance struct {
	PerMonth, Used, Left int64
	// ResetsAt is when the next month begins.
	ResetsAt time.Time
}

// AllowanceAt gives what a plan that includes perMonth calls has of them at a time; nil where it includes none.
func (u PlanUse) AllowanceAt(at time.Time, perMonth int64) *PlanAllowance {
	if !u.Included || perMonth <= 0 {
		return nil
	}
	year, month, _ := at.UTC().Date()
	used := u.UsedAt(at)
	return &PlanAllowance{
		PerMonth: perMonth, Used: used, Left: max(0, perMonth-used), ResetsAt: time.Date(year, month+1, 1, 0, 0, 0, 0, time.UTC),
	}
}
