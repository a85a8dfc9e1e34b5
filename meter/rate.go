package meter

import (
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/pontage/pontage"
)

// RateKey names what a rate limit counts: a token on a scope, or an account.
type RateKey struct {
	AccountID pontage.AccountID
	LineageID pontage.LineageID
	ScopeID   pontage.ScopeID
}

// rateSlots is one more than the seconds of the window: the slot that is only partly over still counts, so that no 60 seconds
// ever hold more than the limit.
const rateSlots = 61

// window counts events by the second. Zero is an empty one.
type window struct {
	slots [rateSlots]uint32
	// head is the newest second, total the sum of the slots.
	head  int64
	total int64
	// pending were taken by a batch that is not committed; they count, but belong to no slot yet.
	pending int64
}

// advance moves the window to now and gives the second it stands at. A clock that went back leaves it where it is; one that went
// back further than the window is believed, and everything counted is taken to have happened now.
func (w *window) advance(now time.Time) {
	second := now.Unix()
	switch step := second - w.head; {
	case step >= rateSlots:
		w.slots, w.total, w.head = [rateSlots]uint32{}, 0, second
	case step > 0:
		for ; w.head < second; w.head++ {
			slot := &w.slots[(w.head+1)%rateSlots]
			w.total -= int64(*slot)
			*slot = 0
		}
	case step < -rateSlots:
		w.slots, w.head = [rateSlots]uint32{}, second
		w.slots[second%rateSlots] = uint32(w.total)
	}
}

// add counts n events now.
func (w *window) add(now time.Time, n int64) {
	w.advance(now)
	w.slots[w.head%rateSlots] += uint32(n)
	w.total += n
}

// state shows the window against a limit.
func (w *window) state(limit int64, now time.Time) pontage.RateState {
	w.advance(now)
	used := w.total + w.pending
	s := pontage.RateState{Limit: limit, Window: time.Minute, Remaining: max(0, limit-used)}
	switch {
	case used == 0:
	case s.Remaining > 0:
		s.Reset = w.leaves(w.newest(), now)
	default:
		s.Reset = w.leaves(w.freeing(used-limit+1), now)
	}
	return s
}

// newest is the last second with an event.
func (w *window) newest() int64 {
	second := w.head
	for w.pending == 0 && second > w.head-rateSlots && w.slots[second%rateSlots] == 0 {
		second--
	}
	return second
}

// freeing is the second after whose events have left, at least need events have.
func (w *window) freeing(need int64) int64 {
	for second := w.head - rateSlots + 1; second < w.head; second++ {
		if need -= int64(w.slots[second%rateSlots]); need <= 0 {
			return second
		}
	}
	return w.head
}

// leaves is how long until events of the second count no more.
func (w *window) leaves(second int64, now time.Time) time.Duration {
	return max(0, time.Unix(second+rateSlots, 0).Sub(now))
}

// rateTable remembers a bounded number of windows; the least recently used is forgotten first. It is used by one goroutine at a
// time. What a batch takes counts at once and stays only if keep follows; begin forgets it.
type rateTable struct {
	windows *simplelru.LRU[RateKey, *window]
	touched []*window
}

func newRateTable(keys int) *rateTable {
	windows, err := simplelru.NewLRU[RateKey, *window](keys, nil)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &rateTable{windows: windows}
}

// begin starts a batch, forgetting what an earlier one took and did not keep.
func (t *rateTable) begin() {
	for _, w := range t.touched {
		w.pending = 0
	}
	t.touched = t.touched[:0]
}

// look shows a window without making one.
func (t *rateTable) look(key RateKey, limit int64, now time.Time) pontage.RateState {
	if w, ok := t.windows.Get(key); ok {
		return w.state(limit, now)
	}
	return pontage.RateState{Limit: limit, Window: time.Minute, Remaining: max(0, limit)}
}

// take counts one event for this batch.
func (t *rateTable) take(key RateKey) {
	w, ok := t.windows.Get(key)
	if !ok {
		w = &window{}
		t.windows.Add(key, w)
	}
	if w.pending == 0 {
		t.touched = append(t.touched, w)
	}
	w.pending++
}

// keep makes what the batch took stay.
func (t *rateTable) keep(now time.Time) {
	for _, w := range t.touched {
		w.add(now, w.pending)
		w.pending = 0
	}
	t.touched = t.touched[:0]
}

// AllowRate counts one request for the platform's own operations, which are rate-limited but not metered: per token and scope, or
// per account for HTTP Basic. perMinute 0 means the instance's default. The refusal is RateLimited with RetryAfter, or nil.
func (m *Meter) AllowRate(key RateKey, perMinute int64) (pontage.RateState, *pontage.Error) {
	m.own.Lock()
	defer m.own.Unlock()
	limit, now, table := or(perMinute, m.config.DefaultRatePerMinute), m.clock.Now(), m.own.table
	if s := table.look(key, limit, now); s.Remaining == 0 {
		return s, refusal(pontage.RateLimited).After(s.Reset)
	}
	table.take(key)
	table.keep(now)
	return table.look(key, limit, now), nil
}
