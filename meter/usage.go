package meter

import (
	"context"
	"net/netip"

	"github.com/pontage/pontage"
)

// TokenUsage is what a token has used so far and from where.
type TokenUsage struct {
	Usage pontage.Usage
	// Addresses are the last 100 seen, newest first.
	Addresses []netip.Addr
}

// Usage gives counters and addresses of the actor's tokens, all at once and exact to the last committed call. Tokens of others, unknown ones
// and those without calls are there and empty.
func (m *Meter) Usage(ctx context.Context, by pontage.Actor, lineages []pontage.LineageID) (map[pontage.LineageID]TokenUsage, error) {
	var out map[pontage.LineageID]TokenUsage
	err := m.store.Read(ctx, func(r pontage.Reader) (err error) {
		out, err = m.UsageIn(ctx, r, by, lineages)
		return err
	})
	return out, err
}

// Addresses gives where tokens were used from: the last 100 addresses seen of each, newest first, all that committed calls left. Tokens
// of others are absent.
func (m *Meter) Addresses(ctx context.Context, by pontage.Actor, lineages []pontage.LineageID) (map[pontage.LineageID][]netip.Addr, error) {
	out := make(map[pontage.LineageID][]netip.Addr, len(lineages))
	whole, err := m.store.Folded(ctx, by.AccountID)
	if err != nil {
		return nil, err
	}
	if !whole {
		used, err := m.Usage(ctx, by, lineages)
		for id, u := range used {
			if len(u.Addresses) > 0 {
				out[id] = u.Addresses
			}
		}
		return out, err
	}
	seen, err := m.store.LineageAddresses(ctx, lineages)
	for id, all := range seen {
		for _, a := range all {
			if a.AccountID == by.AccountID {
				out[id] = append(out[id], a.Address)
			}
		}
	}
	return out, err
}

// UsageIn is Usage as r sees it, inside a unit of work for one.
func (m *Meter) UsageIn(ctx context.Context, r pontage.Reader, by pontage.Actor, lineages []pontage.LineageID) (map[pontage.LineageID]TokenUsage, error) {
	if len(lineages) == 0 {
		return map[pontage.LineageID]TokenUsage{}, nil
	}
	query := pontage.StatisticQuery{AccountID: by.AccountID, Dimension: pontage.ByToken, Keys: keysOfLineages(lineages)}
	tail, err := r.Tail(ctx, by.AccountID)
	if err != nil {
		return nil, err
	}
	lines, err := r.StatisticLines(ctx, query)
	if err != nil {
		return nil, err
	}
	seen, err := r.LineageAddresses(ctx, lineages)
	if err != nil {
		return nil, err
	}
	counted := map[pontage.LineageID]pontage.StatisticLine{}
	for _, l := range addTail(withAddresses(lines, seen, by.AccountID), question{query, tail.Owners}, Fold(tail)) {
		counted[pontage.LineageID(l.Key)] = l
	}
	out := make(map[pontage.LineageID]TokenUsage, len(lineages))
	for _, id := range lineages {
		l := counted[id]
		out[id] = TokenUsage{Usage: l.Usage, Addresses: l.Addresses}
	}
	return out, nil
}

// keysOfLineages names their lines: an account may have many more tokens than are asked for.
func keysOfLineages(lineages []pontage.LineageID) []string {
	keys := make([]string, len(lineages))
	for i, id := range lineages {
		keys[i] = string(id)
	}
	return keys
}

// withAddresses gives the lines their addresses, as far as both are the account's.
func withAddresses(lines []pontage.StatisticLine, seen map[pontage.LineageID][]pontage.AddressSeen, account pontage.AccountID) []pontage.StatisticLine {
	for i := range lines {
		for _, a := range seen[pontage.LineageID(lines[i].Key)] {
			if a.AccountID == account {
				lines[i].Addresses = append(lines[i].Addresses, a.Address)
			}
		}
	}
	return lines
}
