package meter

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// linesPerCell is how many lines a cell counts under that shares none with another.
const linesPerCell = 13

// changes spreads the cells over their lines, account by account and each list in its order, so that instances that fold at once
// touch rows in the same one. Lines are made one after the other, sorted and summed where equal: most accounts have few, and to look
// each of them up would cost more.
func (f *folding) changes() pontage.FoldChanges {
	cells := f.sorted()
	most := linesPerCell * len(cells)
	out := pontage.FoldChanges{Errors: f.errors, Statistics: make([]pontage.StatisticDelta, 0, most), Addresses: make([]pontage.AddressSeen, 0, most)}
	var lines []line
	for len(cells) > 0 {
		n := 1
		for n < len(cells) && cells[n].account == cells[0].account {
			n++
		}
		lines = linesOf(lines[:0], cells[:n])
		out.Statistics, out.Addresses = listLines(out.Statistics, out.Addresses, lines)
		out.Days = listDays(out.Days, cells[:n])
		cells = cells[n:]
	}
	return out
}

// keyedCell is a cell and what its calls have in common.
type keyedCell struct {
	cellKey
	*cell
}

// sorted gives the cells of each account together.
func (f *folding) sorted() []keyedCell {
	cells := make([]keyedCell, 0, len(f.cells))
	for key, c := range f.cells {
		cells = append(cells, keyedCell{key, c})
	}
	slices.SortFunc(cells, func(a, b keyedCell) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.day, b.day), cmp.Compare(a.host, b.host),
			cmp.Compare(a.scope, b.scope), cmp.Compare(a.lineage, b.lineage))
	})
	return cells
}

// line is what one cell, or several that differ in their tokens, adds to one statistic line.
type line struct {
	pontage.StatisticKey
	usage pontage.Usage
	seen  map[netip.Addr]time.Time
}

// linesOf gives the lines of one account's cells: account, API and scope in all four periods, the tokens for all time.
func linesOf(lines []line, cells []keyedCell) []line {
	for len(cells) > 0 {
		n := 1
		for n < len(cells) && sameScope(cells[0].cellKey, cells[n].cellKey) {
			n++
		}
		lines = scopeLines(lines, cells[:n])
		cells = cells[n:]
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.StatisticKey.Compare(b.StatisticKey) })
	return lines
}

// sameScope says whether two cells of one account differ in their tokens alone.
func sameScope(a, b cellKey) bool { return a.day == b.day && a.host == b.host && a.scope == b.scope }

// scopeLines sums cells that differ in their tokens alone, so that however many they are the lines they share are made once.
func scopeLines(lines []line, cells []keyedCell) []line {
	k, sum := cells[0], line{seen: cells[0].seen}
	if len(cells) > 1 {
		sum.seen = make(map[netip.Addr]time.Time, len(k.seen))
	}
	for _, c := range cells {
		addUsage(&sum.usage, c.usage)
		if len(cells) > 1 {
			addSeen(sum.seen, c.seen)
		}
		token := pontage.StatisticKey{AccountID: c.account, Dimension: pontage.ByToken, Key: string(c.lineage)}
		lines = append(lines, line{token, c.usage, c.seen})
	}
	for _, period := range [...]pontage.Period{"", pontage.YearOf(k.at), pontage.MonthOf(k.at), pontage.DayOf(k.at)} {
		for _, key := range [...]pontage.StatisticKey{
			{AccountID: k.account, Period: period, Dimension: pontage.ByAccount},
			{AccountID: k.account, Period: period, Dimension: pontage.ByAPI, Key: k.host, Host: k.host},
			{AccountID: k.account, Period: period, Dimension: pontage.ByScope, Key: string(k.scope), Host: k.host},
		} {
			sum.StatisticKey = key
			lines = append(lines, sum)
		}
	}
	return lines
}

// addSeen keeps the newest time of each address.
func addSeen(to, from map[netip.Addr]time.Time) {
	for address, at := range from {
		if at.After(to[address]) {
			to[address] = at
		}
	}
}

// listLines adds one account's sorted lines to the lists, equal ones summed; lines whose numbers add up to nothing are left out.
func listLines(statistics []pontage.StatisticDelta, addresses []pontage.AddressSeen, lines []line) ([]pontage.StatisticDelta, []pontage.AddressSeen) {
	for len(lines) > 0 {
		sum, n := lines[0], 1
		for n < len(lines) && lines[n].StatisticKey == sum.StatisticKey {
			if n == 1 {
				seen := make(map[netip.Addr]time.Time, len(sum.seen))
				addSeen(seen, sum.seen)
				sum.seen = seen
			}
			addUsage(&sum.usage, lines[n].usage)
			addSeen(sum.seen, lines[n].seen)
			n++
		}
		lines = lines[n:]
		if sum.usage != (pontage.Usage{}) {
			statistics = append(statistics, pontage.StatisticDelta{StatisticKey: sum.StatisticKey, Usage: sum.usage})
		}
		addresses = listSeen(addresses, sum)
	}
	return statistics, addresses
}

func listSeen(list []pontage.AddressSeen, l line) []pontage.AddressSeen {
	from := len(list)
	for address, at := range l.seen {
		list = append(list, pontage.AddressSeen{StatisticKey: l.StatisticKey, Address: address, At: at})
	}
	if len(l.seen) < 2 {
		return list
	}
	slices.SortFunc(list[from:], func(a, b pontage.AddressSeen) int { return a.Address.Compare(b.Address) })
	return list
}

// listDays adds one account's day lines; its cells come by day and host.
func listDays(list []pontage.UsageDay, cells []keyedCell) []pontage.UsageDay {
	from := len(list)
	for _, c := range cells {
		if c.spent.FirstAt.IsZero() {
			continue
		}
		day := pontage.DayOf(c.at)
		if n := len(list); n == from || list[n-1].Day != day || list[n-1].Host != c.host {
			list = append(list, pontage.UsageDay{AccountID: c.account, Day: day, Host: c.host})
		}
		sum := &list[len(list)-1]
		sum.Amount += c.spent.Amount
		sum.Requests += c.spent.Requests
		sum.FirstAt = earlier(sum.FirstAt, c.spent.FirstAt)
	}
	return list
}
