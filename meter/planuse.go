package meter

import (
	"fmt"
	"time"

	"github.com/pontage/pontage"
)

// planLeft is what the account's plan still includes this month; false where it includes nothing.
func (v *view) planLeft() (int64, bool) {
	if v.wallet == nil || !v.wallet.Plan.Included || v.planRequests <= 0 {
		return 0, false
	}
	return remains(&v.planRequests, v.wallet.Plan.UsedAt(v.now))
}

// planHasRoom says whether one more call fits the month.
func (v *view) planHasRoom() bool {
	left, includes := v.planLeft()
	return includes && left > 0
}

// explainCredit says that what the plan includes is used up, where it is: the credit counts only since then.
func (v *view) explainCredit(message string) string {
	if left, includes := v.planLeft(); !includes || left > 0 {
		return message
	}
	next := v.wallet.Plan.AllowanceAt(v.now, v.planRequests).ResetsAt
	return fmt.Sprintf("The %d requests that your plan includes this month are used up. ", v.planRequests) + message +
		" The plan includes requests again from " + next.Format(time.RFC3339) + "."
}

// TakePlanned counts one call that the plan includes.
func TakePlanned(u *pontage.PlanUse, now time.Time) {
	take(&u.Month, pontage.MonthOf(now), &u.Used)
	u.Total++
}

// ReturnPlanned gives such a call back to the month it was decided in, if that is not over. The month never holds more than there ever
// were: a call that was decided by a clock that went back counted in a month that is not its own.
func ReturnPlanned(u *pontage.PlanUse, decidedAt time.Time) {
	giveBack(u.Month, pontage.MonthOf(decidedAt), &u.Used)
	u.Total = max(0, u.Total-1)
	u.Used = min(u.Used, u.Total)
}
