package meter

import (
	"cmp"
	"slices"

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
	s := spread{owners: f.owners, lines: make([]line, 0, linesPerCell)}
	for all := range runs(cells, func(a, b *keyedCell) bool { return a.account == b.account }) {
		s.account(all)
		out.Statistics, out.Addresses = listLines(out.Statistics, out.Addresses, s.lines)
		out.Days = listDays(out.Days, all)
	}
	return out
}

// keyedCell is a cell and what its calls have in common.
type keyedCell struct {
	cellKey
	*cell
}

// sorted gives the cells of each account together, its days, hosts, scopes, tokens and addresses within each other.
func (f *folding) sorted() []keyedCell {
	cells := make([]keyedCell, 0, len(f.cells))
	for key, c := range f.cells {
		cells = append(cells, keyedCell{key, c})
	}
	slices.SortFunc(cells, func(a, b keyedCell) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.day, b.day), cmp.Compare(a.host, b.host),
			cmp.Compare(a.scope, b.scope), cmp.Compare(a.lineage, b.lineage), a.address.Compare(b.address))
	})
	return cells
}

// runs gives the stretches of cells that are the same.
func runs(cells []keyedCell, same func(a, b *keyedCell) bool) func(yield func([]keyedCell) bool) {
	return func(yield func([]keyedCell) bool) {
		for len(cells) > 0 {
			n := 1
			for n < len(cells) && same(&cells[0], &cells[n]) {
				n++
			}
			if !yield(cells[:n]) {
				return
			}
			cells = cells[n:]
		}
	}
}

// listLines adds one account's sorted lines to the lists, equal ones summed; lines whose numbers add up to nothing are left out.
func listLines(statistics []pontage.StatisticDelta, addresses []pontage.AddressSeen, lines []line) ([]pontage.StatisticDelta, []pontage.AddressSeen) {
	for len(lines) > 0 {
		sum, n := lines[0], 1
		for n < len(lines) && lines[n].StatisticKey == sum.StatisticKey {
			addUsage(&sum.usage, lines[n].usage)
			if n == 1 {
				sum.seen = slices.Clone(sum.seen)
			}
			sum.seen = append(sum.seen, lines[n].seen...)
			n++
		}
		if n > 1 {
			sum.seen = newest(sum.seen)
		}
		lines = lines[n:]
		if sum.usage != (pontage.Usage{}) {
			statistics = append(statistics, pontage.StatisticDelta{StatisticKey: sum.StatisticKey, Usage: sum.usage})
		}
		for _, s := range sum.seen {
			addresses = append(addresses, pontage.AddressSeen{StatisticKey: sum.StatisticKey, Address: s.address, At: s.at})
		}
	}
	return statistics, addresses
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
