package storage

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/pontage/pontage"
)

// shareRows is how many rows a share has at least, unless it is the last: few enough to be written in one or two milliseconds.
const shareRows = 200

// share is what a stretch comes to for some accounts, the last of them through; they are written together.
type share struct {
	through pontage.AccountID
	pontage.FoldChanges
	usage []usageRow
}

func (s *share) rows() int {
	return len(s.Statistics) + len(s.Addresses) + len(s.Days) + len(s.Errors) + len(s.usage)
}

// split cuts the changes into shares by account, without the accounts up to the given one, which have theirs. There is always one
// share, even if it is empty: the last one also ends the stretch.
func split(after pontage.AccountID, changes pontage.FoldChanges, usage []usageRow) []share {
	changes.Statistics = byAccount(changes.Statistics, func(d pontage.StatisticDelta) pontage.AccountID { return d.AccountID })
	changes.Addresses = byAccount(changes.Addresses, func(a pontage.AddressSeen) pontage.AccountID { return a.AccountID })
	changes.Days = byAccount(changes.Days, func(d pontage.UsageDay) pontage.AccountID { return d.AccountID })
	changes.Errors = byAccount(changes.Errors, func(e pontage.ErrorEntry) pontage.AccountID { return e.AccountID })
	shares := make([]share, 1)
	for _, account := range accountsOf(changes, usage) {
		if shares[len(shares)-1].rows() >= shareRows {
			shares = append(shares, share{})
		}
		now := &shares[len(shares)-1]
		take := account > after
		now.through = account
		now.Statistics = deal(now.Statistics, &changes.Statistics, take, func(d pontage.StatisticDelta) bool { return d.AccountID == account })
		now.Addresses = deal(now.Addresses, &changes.Addresses, take, func(a pontage.AddressSeen) bool { return a.AccountID == account })
		now.Days = deal(now.Days, &changes.Days, take, func(d pontage.UsageDay) bool { return d.AccountID == account })
		now.Errors = deal(now.Errors, &changes.Errors, take, func(e pontage.ErrorEntry) bool { return e.AccountID == account })
		now.usage = deal(now.usage, &usage, take, func(u usageRow) bool { return u.account == account })
	}
	return shares
}

// byAccount sorts rows by account and leaves their order within each.
func byAccount[T any](rows []T, of func(T) pontage.AccountID) []T {
	compare := func(a, b T) int { return cmp.Compare(of(a), of(b)) }
	if !slices.IsSortedFunc(rows, compare) {
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, compare)
	}
	return rows
}

// accountsOf gives all accounts with changes, in their order.
func accountsOf(changes pontage.FoldChanges, usage []usageRow) []pontage.AccountID {
	all := map[pontage.AccountID]struct{}{}
	for _, d := range changes.Statistics {
		all[d.AccountID] = struct{}{}
	}
	for _, a := range changes.Addresses {
		all[a.AccountID] = struct{}{}
	}
	for _, d := range changes.Days {
		all[d.AccountID] = struct{}{}
	}
	for _, e := range changes.Errors {
		all[e.AccountID] = struct{}{}
	}
	for _, u := range usage {
		all[u.account] = struct{}{}
	}
	return slices.Sorted(maps.Keys(all))
}

// deal moves the rows at the head of rest that belong to the account, or drops them. What is moved one after the other lies together, so
// nothing is copied.
func deal[T any](to []T, rest *[]T, take bool, belongs func(T) bool) []T {
	n := 0
	for n < len(*rest) && belongs((*rest)[n]) {
		n++
	}
	head := (*rest)[:n]
	*rest = (*rest)[n:]
	switch {
	case !take || n == 0:
		return to
	case len(to) == 0:
		return head
	}
	return to[:len(to)+n]
}

// writeShare adds to the books, each table in as many statements as its rows fill. It gives the numbers of lines to learn.
func (t tx) writeShare(ctx context.Context, lines *statisticLines, changes share) (map[pontage.StatisticKey]int64, error) {
	deltas, err := t.withinBounds(ctx, lines, withAddressLines(changes.FoldChanges))
	if err != nil {
		return nil, err
	}
	numbers, err := t.addStatistics(ctx, lines, deltas)
	if err != nil {
		return nil, err
	}
	errors, err := t.withClients(ctx, changes.Errors)
	if err != nil {
		return nil, err
	}
	s := t.gathered()
	putUsageDays(s, changes.Days)
	putUsageRows(s, changes.usage)
	for rows := range chunks(s, errors) { // a call has one entry, however often it ended
		s.sql("INSERT INTO error_entries (" + errorEntryColumns + ") VALUES ")
		s.rows(len(rows), func(i int) { errorEntryValues(s, rows[i]) }).sql(" ON CONFLICT (id) DO NOTHING").end()
	}
	if err := t.executeAny(ctx, s, "statistics"); err != nil {
		return nil, err
	}
	return numbers, t.foldAddresses(ctx, changes.Addresses)
}
