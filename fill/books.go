package fill

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// books add up what the fold rule makes of the days, until a line's period is over and it can be written.
type books struct {
	// tokens are the lines of the tokens in use, long those that last longer than a day.
	tokens map[pontage.LineageID]*line
	long   map[pontage.StatisticKey]*line
}

// line is one line of the statistics with the addresses seen.
type line struct {
	usage pontage.Usage
	seen  map[netip.Addr]time.Time
}

type keyedLine struct {
	pontage.StatisticKey
	*line
}

func newBooks() *books {
	return &books{tokens: map[pontage.LineageID]*line{}, long: map[pontage.StatisticKey]*line{}}
}

// add takes what a day's fold says and gives the lines that are over with the day.
func (b *books) add(changes pontage.FoldChanges) (over []keyedLine) {
	today := map[pontage.StatisticKey]*line{}
	find := func(key pontage.StatisticKey) *line {
		lines := b.long
		switch {
		case len(key.Period) == len(time.DateOnly):
			lines = today
		case key.Dimension == pontage.ByToken:
			return b.tokens[pontage.LineageID(key.Key)]
		}
		l := lines[key]
		if l == nil {
			l = &line{seen: map[netip.Addr]time.Time{}}
			lines[key] = l
		}
		return l
	}
	for _, d := range changes.Statistics {
		addUsage(&find(d.StatisticKey).usage, d.Usage)
	}
	for _, a := range changes.Addresses {
		if l := find(a.StatisticKey); a.At.After(l.seen[a.Address]) {
			l.seen[a.Address] = a.At
		}
	}
	for key, l := range today {
		over = append(over, keyedLine{key, l})
	}
	return over
}

// end gives the lines whose period is over, and forgets them.
func (b *books) end(over func(pontage.Period) bool) (lines []keyedLine) {
	for key, l := range b.long {
		if over(key.Period) {
			lines = append(lines, keyedLine{key, l})
			delete(b.long, key)
		}
	}
	return lines
}

// writeLines writes lines with their addresses, each table in its own order.
func (r *run) writeLines(ctx context.Context, lines []keyedLine) error {
	slices.SortFunc(lines, func(a, b keyedLine) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Period, b.Period), cmp.Compare(a.Dimension, b.Dimension),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.Host, b.Host))
	})
	rows, counts := make([]pontage.StatisticDelta, len(lines)), make([]int64, len(lines))
	var addresses []pontage.AddressSeen
	for i, l := range lines {
		rows[i], counts[i] = pontage.StatisticDelta{StatisticKey: l.StatisticKey, Usage: l.usage}, int64(len(l.seen))
		for address, at := range l.seen {
			addresses = append(addresses, pontage.AddressSeen{StatisticKey: l.StatisticKey, Address: address, At: at})
		}
	}
	slices.SortFunc(addresses, func(a, b pontage.AddressSeen) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Period, b.Period),
			cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Host, b.Host), a.Address.Compare(b.Address))
	})
	r.report.Statistics += int64(len(rows))
	r.report.Addresses += int64(len(addresses))
	if err := r.bulk.Statistics(ctx, rows, counts); err != nil {
		return err
	}
	return r.bulk.Addresses(ctx, addresses)
}

func addUsage(sum *pontage.Usage, u pontage.Usage) {
	sum.TotalRequests += u.TotalRequests
	sum.WalletRequests += u.WalletRequests
	sum.SubscriptionRequests += u.SubscriptionRequests
	sum.ErrorRequests += u.ErrorRequests
	sum.WalletAmount += u.WalletAmount
}
