package meter

import (
	"cmp"
	"context"
	"net/netip"
	"slices"

	"github.com/pontage/pontage"
)

const (
	// lineAddresses is how many addresses a line keeps, tokenAddresses how many a token does.
	lineAddresses  = 1000
	tokenAddresses = 100
)

// Statistics gives the actor's lines of one dimension in one period, open reservations included, sorted by host and key: what is
// folded and what is not yet, from one snapshot. ByToken is kept for all time only; other periods of it are InvalidInput at "date".
func (m *Meter) Statistics(ctx context.Context, by pontage.Actor, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	if q.Dimension == pontage.ByToken && q.Period != "" {
		return nil, pontage.E(pontage.InvalidInput, "The statistics of tokens are kept for all time only.").At("date")
	}
	q.AccountID = by.AccountID
	var lines []pontage.StatisticLine
	err := m.store.Read(ctx, func(r pontage.Reader) (err error) {
		lines, err = statistics(ctx, r, q)
		return err
	})
	return lines, err
}

// statistics gives lines as r sees them.
func statistics(ctx context.Context, r pontage.Reader, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	tail, err := r.Tail(ctx, q.AccountID)
	if err != nil {
		return nil, err
	}
	changes := Fold(tail)
	stored := q
	// To know how many addresses there are, one must know which.
	stored.Addresses = q.Addresses || len(changes.Addresses) > 0
	lines, err := r.StatisticLines(ctx, stored)
	if err != nil {
		return nil, err
	}
	lines = addTail(lines, q, changes)
	if !q.Addresses {
		for i := range lines {
			lines[i].Addresses = nil
		}
	}
	return lines, nil
}

// addTail merges what the fold rule made of the tail into stored lines.
func addTail(lines []pontage.StatisticLine, q pontage.StatisticQuery, tail pontage.FoldChanges) []pontage.StatisticLine {
	where := make(map[[2]string]int, len(lines))
	for i, l := range lines {
		where[[2]string{l.Key, l.Host}] = i
	}
	for _, d := range tail.Statistics {
		if !asked(q, d.StatisticKey) {
			continue
		}
		i, ok := where[[2]string{d.Key, d.Host}]
		if !ok {
			i = len(lines)
			where[[2]string{d.Key, d.Host}] = i
			lines = append(lines, pontage.StatisticLine{Key: d.Key, Host: d.Host})
		}
		addUsage(&lines[i].Usage, d.Usage)
	}
	fresh := map[int][]pontage.AddressSeen{}
	for _, a := range tail.Addresses {
		if i, ok := where[[2]string{a.Key, a.Host}]; ok && asked(q, a.StatisticKey) {
			fresh[i] = append(fresh[i], a)
		}
	}
	most := lineAddresses
	if q.Dimension == pontage.ByToken {
		most = tokenAddresses
	}
	for i, seen := range fresh {
		lines[i].Addresses = newestAddresses(seen, lines[i].Addresses, most)
		lines[i].AddressCount = int64(len(lines[i].Addresses))
	}
	slices.SortFunc(lines, func(a, b pontage.StatisticLine) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Key, b.Key))
	})
	return lines
}

// asked says whether a line answers the query.
func asked(q pontage.StatisticQuery, k pontage.StatisticKey) bool {
	return k.AccountID == q.AccountID && k.Dimension == q.Dimension && k.Period == q.Period &&
		(q.Host == "" || k.Host == q.Host)
}

// newestAddresses puts the tail's before the stored ones, each address once, at most so many. The tail is younger than all that
// is folded.
func newestAddresses(fresh []pontage.AddressSeen, stored []netip.Addr, most int) []netip.Addr {
	slices.SortFunc(fresh, func(a, b pontage.AddressSeen) int {
		return cmp.Or(b.At.Compare(a.At), a.Address.Compare(b.Address))
	})
	seen := newSet[netip.Addr](len(fresh) + len(stored))
	for _, a := range fresh {
		seen.add(a.Address)
	}
	for _, a := range stored {
		seen.add(a)
	}
	return seen.list[:min(most, len(seen.list))]
}
