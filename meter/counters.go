package meter

import (
	"sync/atomic"

	"github.com/pontage/pontage"
)

// Counters is what happened since the start of this instance. Refused holds every code, also of those refusals that are only
// counted: dead tokens, rate limits, and what exceeds the log's bound.
type Counters struct {
	Admitted int64
	Refused  map[pontage.Code]int64
	// Stale are attempts sent back for newer admission facts, Repeated those whose id was decided before.
	Stale, Repeated             int64
	Settled, Released, Refunded int64
	// Reaped are holds that expired; Unlogged are refusals that were not written to the log, because there were too many.
	Reaped, Unlogged int64
	// Batches were written; Isolated failed together and were run one by one; Overflows found the queue full.
	Batches, Isolated, Overflows int64
	// Folded counts rows of the log that this instance folded.
	Folded int64
	// Closed counts closings, Deleted calls deleted after the retention, by this instance.
	Closed, Deleted int64
	// Queued are waiting now. Owed are calls to be given back, which the database did not take yet.
	Queued, Owed int
}

type counters struct {
	admitted, stale, repeated, settled, released, refunded atomic.Int64
	reaped, unlogged, batches, isolated, overflows, folded atomic.Int64
	closed, deleted                                        atomic.Int64

	refused map[pontage.Code]*atomic.Int64
}

func newCounters() counters {
	refused := make(map[pontage.Code]*atomic.Int64, len(refusals))
	for code := range refusals {
		refused[code] = new(atomic.Int64)
	}
	return counters{refused: refused}
}

// Counters gives a snapshot.
func (m *Meter) Counters() Counters {
	c := &m.counts
	out := Counters{
		Admitted: c.admitted.Load(), Stale: c.stale.Load(), Repeated: c.repeated.Load(),
		Settled: c.settled.Load(), Released: c.released.Load(), Refunded: c.refunded.Load(),
		Reaped: c.reaped.Load(), Unlogged: c.unlogged.Load(),
		Batches: c.batches.Load(), Isolated: c.isolated.Load(), Overflows: c.overflows.Load(),
		Folded: c.folded.Load(), Closed: c.closed.Load(), Deleted: c.deleted.Load(), Queued: len(m.queue), Owed: m.owed.len(),
		Refused: make(map[pontage.Code]int64, len(c.refused)),
	}
	for code, n := range c.refused {
		out.Refused[code] = n.Load()
	}
	return out
}

// note counts what a batch answered.
func (c *counters) note(it *item) {
	v, kind := &it.result.verdict, it.kind
	if kind == kindGiveBack {
		kind = it.result.did
	}
	switch {
	case it.result.err == ErrStale:
		c.stale.Add(1)
	case it.result.err != nil:
	case kind == kindReserve && v.repeated:
		c.repeated.Add(1)
	case kind == kindReserve && v.Admitted:
		c.admitted.Add(1)
	case kind == kindReserve:
		c.refused[v.Refusal.Code].Add(1)
		if v.unlogged {
			c.unlogged.Add(1)
		}
	case kind == kindSettle:
		c.settled.Add(1)
	case kind == kindRelease && it.reaped:
		c.reaped.Add(1)
	case kind == kindRelease:
		c.released.Add(1)
	case kind == kindRefund:
		c.refunded.Add(1)
	}
}
