package pontage

import "time"

// KeepsMonths says whether months have lines of their own. Tokens and addresses are many: they have lines for all time and for days alone,
// and their months are summed when they are asked for.
func (d Dimension) KeepsMonths() bool { return d != ByToken && d != ByAddress }

// Parts gives the periods whose lines add up to those of p: itself where it has lines, else its months or days. No year has.
func (d Dimension) Parts(p Period) []Period {
	switch {
	case len(p) == len("2006") && d.KeepsMonths():
		return parts(p, "2006", "2006-01", 1, 0)
	case len(p) == len("2006"):
		return parts(p, "2006", time.DateOnly, 0, 1)
	case len(p) == len("2006-01") && !d.KeepsMonths():
		return p.Days()
	}
	return []Period{p}
}

// Days gives the days of a month.
func (p Period) Days() []Period { return parts(p, "2006-01", time.DateOnly, 0, 1) }

// parts gives the steps of so many months or days that p holds.
func parts(p Period, form, partForm string, months, days int) (all []Period) {
	at, err := time.Parse(form, string(p))
	for ; err == nil && at.Format(form) == string(p); at = at.AddDate(0, months, days) {
		all = append(all, Period(at.Format(partForm)))
	}
	return all
}
