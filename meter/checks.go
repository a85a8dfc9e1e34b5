package meter

import (
	"strconv"
	"strings"

	"github.com/pontage/pontage"
)

// The marks of what a decision looked at. Each is followed by its numbers in base 36 with commas between; what is not there was not
// looked at, or does not bind. Marks are never given another meaning: rows are kept for years, and readers pass over what they do
// not know.
const (
	markPrice                = 'P' // the scope's price
	markAddresses            = 'I' // how many prefixes the token is bound to
	markReleases             = 'L' // left, limit; absent where the API failed nothing lately
	markRate                 = 'F' // left, limit
	markTotalRequests        = 'T' // left, limit
	markAllowanceDay         = 'D' // left, limit
	markAllowanceMonth       = 'M'
	markAllowanceYear        = 'Y'
	markAllowanceTotal       = 'E'
	markPlan                 = 'B' // left this month, included
	markSubscription         = 'S' // left, bought
	markSubscriptionRequests = 'U' // left, limit
	markCredit               = 'C' // what the wallet can spend
	markWalletRequests       = 'R' // left, limit
	markWalletAmount         = 'W' // left, limit
	markRepeat               = 'K' // 1: another call under the same key paid, so no payer was asked
)

// The rungs of the decision, in its order.
const (
	rungToken = iota
	rungOperation
	rungScope
	rungEnabled
	rungRequirements
	rungPrice
	rungAddress
	rungRate
	rungTotal
	rungPayer
)

var rungNames = [...]string{"token", "operation", "scope", "enabled", "requirements", "price", limitIP, limitRate, "totalRequests", "payer"}

// rungOf says which rung refused; an empty code went all the way up.
func rungOf(code pontage.Code, limit string) int {
	switch code {
	case "":
		return rungPayer
	case pontage.OperationNotFound:
		return rungOperation
	case pontage.ScopeMissing:
		return rungScope
	case pontage.ScopeDisabled:
		return rungEnabled
	case pontage.RequirementMissing:
		return rungRequirements
	case pontage.NotSellable:
		return rungPrice
	case pontage.AddressRefused:
		return rungAddress
	case pontage.RateLimited:
		return rungRate
	case pontage.InsufficientCredit, pontage.KeyReused, pontage.KeyInProgress:
		return rungPayer
	case pontage.LimitExhausted:
		if limit == rungNames[rungTotal] {
			return rungTotal
		}
		return rungPayer
	}
	return rungToken
}

// look writes down the numbers that led to d. It must be asked before anything of d is taken.
func look(v *view, a *pontage.Attempt, d *verdict) pontage.Checks {
	if a.Match == nil || a.Match.Scope.Price == nil || v.lineage == nil {
		return ""
	}
	code := pontage.Code("")
	if d.Refusal != nil {
		code = d.Refusal.Code
	}
	var buffer [128]byte
	n := notes(buffer[:0]).add(markPrice, int64(*a.Match.Scope.Price))
	rung := rungOf(code, d.Limit)
	if rung >= rungAddress && len(v.lineage.Limits.IP) > 0 {
		n = n.add(markAddresses, int64(len(v.lineage.Limits.IP)))
	}
	if rung >= rungRate {
		if s := v.releases; s.Remaining < s.Limit { // its limit is one too many
			n = n.pair(markReleases, max(0, s.Remaining-1), s.Limit-1)
		}
		n = n.pair(markRate, v.rate.Remaining, v.rate.Limit)
	}
	if rung >= rungTotal {
		n = n.bound(markTotalRequests, v.lineage.Limits.TotalRequests, v.lineage.Usage.TotalRequests)
	}
	switch {
	case d.Repeats != "":
		n = n.add(markRepeat, 1)
	case rung == rungPayer && v.key.refusal == "":
		n = n.payers(v, a.Match.Scope)
	}
	return pontage.Checks(n)
}

// notes is the text look makes; every method gives it with more at its end, which lets it stay on the stack.
type notes []byte

func (n notes) add(mark byte, number int64) notes {
	return strconv.AppendInt(append(n, mark), number, 36)
}

func (n notes) pair(mark byte, left, limit int64) notes {
	return strconv.AppendInt(append(n.add(mark, left), ','), limit, 36)
}

// bound notes what remains of a limit, where there is one.
func (n notes) bound(mark byte, limit *int64, used int64) notes {
	left, bounds := remains(limit, used)
	if !bounds {
		return n
	}
	return n.pair(mark, left, *limit)
}

// payers follows choosePayer as far as that looked.
func (n notes) payers(v *view, scope *pontage.Scope) notes {
	if *scope.Price == 0 {
		return n
	}
	n = n.allowance(v, scope.Allowance)
	if hasRoom(scope.Allowance, v.allowance, v.now) {
		return n
	}
	if left, includes := v.planLeft(); includes {
		if n = n.pair(markPlan, left, v.planRequests); left > 0 {
			return n
		}
	}
	limits, use := &v.lineage.Limits, &v.lineage.Usage
	if len(v.subscriptions) > 0 {
		s := firstWithRoom(v.subscriptions)
		if s == nil {
			n = n.pair(markSubscription, 0, v.subscriptions[0].TotalRequests)
		} else {
			n = n.pair(markSubscription, s.TotalRequests-s.UsedRequests, s.TotalRequests)
			n = n.bound(markSubscriptionRequests, limits.SubscriptionRequests, use.SubscriptionRequests)
			if left, bounds := remains(limits.SubscriptionRequests, use.SubscriptionRequests); !bounds || left > 0 {
				return n
			}
		}
	}
	n = n.add(markCredit, int64(v.wallet.Credit()))
	if v.wallet.Credit() < *scope.Price {
		return n
	}
	n = n.bound(markWalletRequests, limits.WalletRequests, use.WalletRequests)
	return n.bound(markWalletAmount, (*int64)(limits.WalletAmount), int64(use.WalletAmount))
}

func (n notes) allowance(v *view, a pontage.Allowance) notes {
	var u pontage.AllowanceUse
	if v.allowance != nil {
		u = *v.allowance
	}
	if a.Day != nil {
		n = n.bound(markAllowanceDay, a.Day, used(u.Day, pontage.DayOf(v.now), u.DayUsed))
	}
	if a.Month != nil {
		n = n.bound(markAllowanceMonth, a.Month, used(u.Month, pontage.MonthOf(v.now), u.MonthUsed))
	}
	if a.Year != nil {
		n = n.bound(markAllowanceYear, a.Year, used(u.Year, pontage.YearOf(v.now), u.YearUsed))
	}
	return n.bound(markAllowanceTotal, a.Total, u.TotalUsed)
}

// without leaves a mark and its numbers out.
func without(checks pontage.Checks, mark byte) pontage.Checks {
	begin := strings.IndexByte(string(checks), mark)
	if begin < 0 {
		return checks
	}
	rest := checks[begin+1:]
	end := strings.IndexFunc(string(rest), func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if end < 0 {
		return checks[:begin]
	}
	return checks[:begin] + rest[end:]
}

// noted is one mark and its numbers; limit is zero where there is but one.
type noted struct {
	mark        byte
	left, limit int64
}

// readChecks gives the notes in order; what follows something unreadable is left out.
func readChecks(text pontage.Checks) []noted {
	var all []noted
	for rest := string(text); rest != ""; {
		end := strings.IndexFunc(rest[1:], func(r rune) bool { return r >= 'A' && r <= 'Z' }) + 1
		if end == 0 {
			end = len(rest)
		}
		first, second, two := strings.Cut(rest[1:end], ",")
		n := noted{mark: rest[0]}
		var err error
		if n.left, err = strconv.ParseInt(first, 36, 64); err != nil {
			return all
		}
		if two {
			if n.limit, err = strconv.ParseInt(second, 36, 64); err != nil {
				return all
			}
		}
		all, rest = append(all, n), rest[end:]
	}
	return all
}
