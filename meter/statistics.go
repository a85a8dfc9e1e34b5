package meter

import (
	"cmp"
	"context"
	"net/netip"
	"slices"

	"github.com/pontage/pontage"
)

// Statistics gives the actor's lines of one dimension in one period, open reservations included, sorted by host and key: what is
// folded and what is not yet, from one snapshot. Calls that belong to no token, client, domain or address with a line are the line without
// a key, unless the query is narrowed by keys: the lines of every dimension sum up to the account's, or to the client's that it names.
func (m *Meter) Statistics(ctx context.Context, by pontage.Actor, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	q.AccountID = by.AccountID
	var lines []pontage.StatisticLine
	err := m.store.Read(ctx, func(r pontage.Reader) (err error) {
		lines, err = statistics(ctx, r, q)
		return err
	})
	return lines, err
}

// statistics gives lines as r sees them, the one without a key too.
func statistics(ctx context.Context, r pontage.Reader, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	tail, err := ownedTail(ctx, r, q.AccountID)
	if err != nil {
		return nil, err
	}
	changes := Fold(tail)
	lines, err := linesOf(ctx, r, q, tail, changes)
	if err != nil || q.Dimension.Whole() || q.Keys != nil || q.ClientID != "" && q.Dimension != pontage.ByDomain {
		return lines, err
	}
	all := pontage.StatisticQuery{AccountID: q.AccountID, Period: q.Period, Dimension: pontage.ByAccount}
	if q.ClientID != "" {
		all.Dimension, all.Keys = pontage.ByClient, []string{string(q.ClientID)}
	}
	sum, err := linesOf(ctx, r, all, tail, changes)
	return withRest(lines, sum), err
}

// ownedTail gives an account's rows that are not folded yet, and whose their tokens are.
func ownedTail(ctx context.Context, r pontage.Reader, account pontage.AccountID) (pontage.Tail, error) {
	tail, err := r.Tail(ctx, account)
	if err != nil {
		return tail, err
	}
	tail.Owners, err = r.LineageOwners(ctx, tail)
	return tail, err
}

// linesOf gives what is stored and what is not yet.
func linesOf(ctx context.Context, r pontage.Reader, q pontage.StatisticQuery, tail pontage.Tail, changes pontage.FoldChanges) ([]pontage.StatisticLine, error) {
	stored := q
	// To know how many addresses there are, one must know which.
	stored.Addresses = q.Addresses || len(changes.Addresses) > 0
	lines, err := r.StatisticLines(ctx, stored)
	if err != nil {
		return nil, err
	}
	lines = addTail(lines, question{q, tail.Owners}, changes)
	for i := range lines {
		if q.Dimension == pontage.ByAddress {
			itself(&lines[i])
		}
		if !q.Addresses {
			lines[i].Addresses = nil
		}
	}
	return lines, nil
}

// itself says of an address's line where its calls came from.
func itself(l *pontage.StatisticLine) {
	if address, err := netip.ParseAddr(l.Key); err == nil {
		l.AddressCount, l.Addresses = 1, []netip.Addr{address}
	}
}

// withRest puts what the lines lack of the sum before them, as a line without a key.
func withRest(lines, sum []pontage.StatisticLine) []pontage.StatisticLine {
	var rest pontage.StatisticLine
	for _, l := range sum {
		addUsage(&rest.Usage, l.Usage)
	}
	for _, l := range lines {
		addUsage(&rest.Usage, negative(l.Usage))
	}
	if rest.Usage == (pontage.Usage{}) {
		return lines
	}
	return slices.Insert(lines, 0, rest)
}

func negative(u pontage.Usage) pontage.Usage {
	return pontage.Usage{TotalRequests: -u.TotalRequests, WalletRequests: -u.WalletRequests, SubscriptionRequests: -u.SubscriptionRequests,
		ErrorRequests: -u.ErrorRequests, WalletAmount: -u.WalletAmount}
}

// question is a query, and whose the tokens of the tail are.
type question struct {
	pontage.StatisticQuery
	owners map[pontage.LineageID]pontage.LineageOwner
}

// addTail merges what the fold rule made of the tail into stored lines.
func addTail(lines []pontage.StatisticLine, q question, tail pontage.FoldChanges) []pontage.StatisticLine {
	where := make(map[[2]string]int, len(lines))
	for i, l := range lines {
		where[[2]string{l.Key, l.Host}] = i
	}
	parts := newSet[pontage.Period](31)
	for _, p := range q.Dimension.Parts(q.Period) {
		parts.add(p)
	}
	for _, d := range tail.Statistics {
		if !parts.has(d.Period) || !q.asks(d.StatisticKey) {
			continue
		}
		i, ok := where[[2]string{d.Key, d.Host}]
		if !ok && q.Dimension == pontage.ByAddress && len(lines) >= pontage.AddressesPerLine {
			continue
		}
		if !ok {
			i = len(lines)
			where[[2]string{d.Key, d.Host}] = i
			lines = append(lines, pontage.StatisticLine{Key: d.Key, Host: d.Host})
		}
		addUsage(&lines[i].Usage, d.Usage)
	}
	fresh := map[int][]pontage.AddressSeen{}
	for _, a := range tail.Addresses {
		if i, ok := where[[2]string{a.Key, a.Host}]; ok && parts.has(a.Period) && q.asks(a.StatisticKey) {
			fresh[i] = append(fresh[i], a)
		}
	}
	for i, seen := range fresh {
		lines[i].Addresses = newestAddresses(seen, lines[i].Addresses, q.Dimension.MostAddresses())
		lines[i].AddressCount = int64(len(lines[i].Addresses))
	}
	slices.SortFunc(lines, func(a, b pontage.StatisticLine) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Key, b.Key))
	})
	return lines
}

// asks says whether a line answers the query, whatever its period.
func (q question) asks(k pontage.StatisticKey) bool {
	return k.AccountID == q.AccountID && k.Dimension == q.Dimension && (q.Host == "" || k.Host == q.Host) &&
		(q.Keys == nil || slices.Contains(q.Keys, k.Key)) && (q.ClientID == "" || q.ofClient(k))
}

// ofClient says whether a line is about the query's client.
func (q question) ofClient(k pontage.StatisticKey) bool {
	switch q.Dimension {
	case pontage.ByClient:
		return k.Key == string(q.ClientID)
	case pontage.ByToken:
		return q.owners[pontage.LineageID(k.Key)].ClientID == q.ClientID
	}
	for _, of := range q.owners {
		if of.DomainID == pontage.DomainID(k.Key) {
			return of.ClientID == q.ClientID
		}
	}
	return false
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
