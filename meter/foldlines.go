package meter

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

type dayKey struct {
	account pontage.AccountID
	day     pontage.Period
	host    string
}

type addressKey struct {
	line    pontage.StatisticKey
	address netip.Addr
}

// statisticLines gives every line a cell counts under: account, API and scope in all four periods, the token for all time.
func statisticLines(k cellKey, at time.Time) [13]pontage.StatisticKey {
	var lines [13]pontage.StatisticKey
	periods := [...]pontage.Period{"", pontage.YearOf(at), pontage.MonthOf(at), pontage.DayOf(at)}
	for i, p := range periods {
		lines[3*i] = pontage.StatisticKey{AccountID: k.account, Period: p, Dimension: pontage.ByAccount}
		lines[3*i+1] = pontage.StatisticKey{AccountID: k.account, Period: p, Dimension: pontage.ByAPI, Key: k.host, Host: k.host}
		lines[3*i+2] = pontage.StatisticKey{AccountID: k.account, Period: p, Dimension: pontage.ByScope, Key: string(k.scope), Host: k.host}
	}
	lines[12] = pontage.StatisticKey{AccountID: k.account, Dimension: pontage.ByToken, Key: string(k.lineage)}
	return lines
}

// changes spreads the cells over their lines and lists the sums in a fixed order, so that instances that fold at once touch rows
// in the same one.
func (f *folding) changes() pontage.FoldChanges {
	statistics, addresses, days := map[pontage.StatisticKey]*pontage.Usage{}, map[addressKey]time.Time{}, map[dayKey]*pontage.UsageDay{}
	for key, c := range f.cells {
		spreadDay(days, key, c)
		for _, line := range statisticLines(key, c.at) {
			sum := statistics[line]
			if sum == nil {
				sum = &pontage.Usage{}
				statistics[line] = sum
			}
			addUsage(sum, c.usage)
			for address, at := range c.seen {
				if k := (addressKey{line, address}); at.After(addresses[k]) {
					addresses[k] = at
				}
			}
		}
	}
	return pontage.FoldChanges{
		Statistics: listStatistics(statistics), Addresses: listAddresses(addresses), Days: listDays(days), Errors: f.errors,
	}
}

func spreadDay(days map[dayKey]*pontage.UsageDay, key cellKey, c *cell) {
	if c.spent.FirstAt.IsZero() {
		return
	}
	k := dayKey{key.account, pontage.DayOf(c.at), key.host}
	sum := days[k]
	if sum == nil {
		sum = &pontage.UsageDay{AccountID: k.account, Day: k.day, Host: k.host}
		days[k] = sum
	}
	sum.Amount += c.spent.Amount
	sum.Requests += c.spent.Requests
	sum.FirstAt = earlier(sum.FirstAt, c.spent.FirstAt)
}

func listStatistics(sums map[pontage.StatisticKey]*pontage.Usage) []pontage.StatisticDelta {
	var list []pontage.StatisticDelta
	for key, u := range sums {
		if *u != (pontage.Usage{}) {
			list = append(list, pontage.StatisticDelta{StatisticKey: key, Usage: *u})
		}
	}
	slices.SortFunc(list, func(a, b pontage.StatisticDelta) int { return compareLines(a.StatisticKey, b.StatisticKey) })
	return list
}

func listAddresses(seen map[addressKey]time.Time) []pontage.AddressSeen {
	var list []pontage.AddressSeen
	for key, at := range seen {
		list = append(list, pontage.AddressSeen{StatisticKey: key.line, Address: key.address, At: at})
	}
	slices.SortFunc(list, func(a, b pontage.AddressSeen) int {
		return cmp.Or(compareLines(a.StatisticKey, b.StatisticKey), a.Address.Compare(b.Address))
	})
	return list
}

func listDays(days map[dayKey]*pontage.UsageDay) []pontage.UsageDay {
	var list []pontage.UsageDay
	for _, d := range days {
		list = append(list, *d)
	}
	slices.SortFunc(list, func(a, b pontage.UsageDay) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Host, b.Host))
	})
	return list
}

func compareLines(a, b pontage.StatisticKey) int {
	return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Period, b.Period),
		cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Host, b.Host))
}
