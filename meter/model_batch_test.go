package meter

import (
	"github.com/pontage/pontage"
)

// batch runs items as the store would: the first pass is thrown away, as after a lost connection, the second is committed.
func (h *house) batch(items ...*item) []result {
	if h.engine != nil {
		return h.engine.batch(h, items)
	}
	spare := copyState(h.state)
	if _, err := h.m.newRun(spare, h.now, items).apply(items); err != nil {
		h.t.Fatal(err)
	}
	r := h.m.newRun(h.state, h.now, items)
	changes, err := r.apply(items)
	if err != nil {
		h.t.Fatal(err)
	}
	r.keep()
	h.commit(changes)
	return r.results
}

// commit appends to the log, and checks that the transfers say what happened to the wallet.
func (h *house) commit(c *pontage.BatchChanges) {
	h.log.Calls = append(h.log.Calls, c.Calls...)
	for _, o := range c.Outcomes {
		h.log.Outcomes = append(h.log.Outcomes, pontage.EndedCall{Call: *h.state.Calls[o.CallID], Outcome: o})
	}
	usage := 0
	for _, t := range c.Transfers {
		if t.Amount <= 0 {
			h.t.Fatalf("transfer of %s", t.Amount)
		}
		if t.Kind == pontage.TransferUsage {
			usage++
		}
	}
	if usage > 1 {
		h.t.Fatalf("%d usage transfers for one wallet", usage)
	}
}

func copyState(s *pontage.BatchState) *pontage.BatchState {
	return &pontage.BatchState{
		Lineages: copyRows(s.Lineages), Wallets: copyRows(s.Wallets), Allowances: copyRows(s.Allowances),
		Subscriptions: copyRows(s.Subscriptions), Calls: copyRows(s.Calls), Ended: copyLists(s.Ended),
	}
}

func copyRows[K comparable, V any](rows map[K]*V) map[K]*V {
	out := make(map[K]*V, len(rows))
	for k, v := range rows {
		c := *v
		out[k] = &c
	}
	return out
}

func copyLists[K comparable, V any](lists map[K][]V) map[K][]V {
	out := make(map[K][]V, len(lists))
	for k, v := range lists {
		out[k] = append([]V(nil), v...)
	}
	return out
}
