package meter

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/pontage/pontage"
)

// itemKind is what an item asks of its batch.
type itemKind int

const (
	kindReserve itemKind = iota
	kindQuote
	kindSettle
	kindRelease
	kindRefund
	// kindGiveBack is a release or a refund, whichever the call needs when its batch is written.
	kindGiveBack
)

// item is one entry of a batch: an attempt to decide, or the ending of a call.
type item struct {
	kind    itemKind
	attempt pontage.Attempt
	ending  Ending
	// reaped says that nobody ended the call in time; it does not count as a failure of the API.
	reaped bool
	rows   rows
	result result
	stage  atomic.Int32
	done   chan struct{}
}

// result is what a batch answers to an item.
type result struct {
	verdict verdict
	// did is what a give-back turned out to be.
	did itemKind
	err error
}

// The stages of an item. The batch takes what is queued and answers what is taken; a caller whose context ends leaves from either,
// and whoever changes the stage first wins.
const (
	stageQueued int32 = iota
	stageTaken
	stageAnswered
	stageLeft
)

// rows names what a batch must read for an item.
type rows struct {
	lineage pontage.LineageID
	account pontage.AccountID
	payer   pontage.Payer
	scope   pontage.ScopeID
	// allowance says that the scope has a free allowance.
	allowance    bool
	subscription pontage.SubscriptionID
	call         pontage.CallID
	// born is the call's row, which is committed; nil where it must be looked up.
	born *pontage.Call
	key  pontage.IdempotencyID
}

// rowsToReserve names the rows of an attempt. The wallet is always read: it is what is locked, and says whether the account is disabled;
// allowance and subscriptions only where there is something to pay.
func rowsToReserve(a *pontage.Attempt) rows {
	r := rows{lineage: a.Admission.LineageID, account: a.Admission.AccountID}
	if a.Match != nil && a.Match.Scope.Price != nil && *a.Match.Scope.Price > 0 {
		r.scope, r.allowance = a.Match.Scope.ID, !a.Match.Scope.Allowance.None()
	}
	if a.Repeatable {
		r.call = a.CallID
	}
	if a.Key != nil {
		r.key = a.Key.ID
	}
	return r
}

// rowsOf names the rows an ending of the call touches.
func rowsOf(c *pontage.Call) rows {
	return rows{
		lineage: c.LineageID, account: c.AccountID, payer: c.Payer, scope: c.ScopeID,
		subscription: c.SubscriptionID, call: c.ID, born: c,
	}
}

// keysOf collects the rows of all items, each once.
func keysOf(items []*item, now time.Time) pontage.BatchKeys {
	keys := pontage.BatchKeys{Now: now}
	lineages, wallets := newSet[pontage.LineageID](len(items)), newSet[pontage.AccountID](len(items))
	allowances, subscribed := newSet[pontage.AllowanceKey](0), newSet[pontage.AllowanceKey](len(items))
	calls := newSet[pontage.CallID](len(items))
	subscriptions, callKeys := newSet[pontage.SubscriptionID](0), newSet[pontage.IdempotencyID](0)
	for _, it := range items {
		r, reserves := it.rows, it.kind == kindReserve || it.kind == kindQuote
		returns := it.kind == kindRelease || it.kind == kindRefund || it.kind == kindGiveBack
		wallets.add(r.account)
		if !it.settlesWell() {
			lineages.add(r.lineage)
		}
		key := pontage.AllowanceKey{AccountID: r.account, ScopeID: r.scope}
		if reserves && r.scope != "" {
			subscribed.add(key)
		}
		if reserves && r.allowance || returns && r.payer == pontage.PayerAllowance {
			allowances.add(key)
		}
		if returns && r.subscription != "" {
			subscriptions.add(r.subscription)
		}
		switch {
		case r.born != nil:
			keys.Born = append(keys.Born, r.born)
		case r.call != "":
			calls.add(r.call)
		}
		if r.key != "" {
			callKeys.add(r.key)
		}
	}
	keys.Wallets, keys.Lineages, keys.Allowances, keys.Subscribed = wallets.list, lineages.list, allowances.list, subscribed.list
	keys.Calls, keys.Subscriptions, keys.CallKeys = calls.list, subscriptions.list, callKeys.list
	return keys
}

// settlesWell says that the item is the settlement of a success, which leaves the token's counters as they are.
func (it *item) settlesWell() bool { return it.kind == kindSettle && it.ending.Status < 400 }

// set is a list without repetitions, in order of arrival.
type set[K comparable] struct {
	seen map[K]struct{}
	list []K
}

func newSet[K comparable](size int) set[K] {
	return set[K]{seen: make(map[K]struct{}, size), list: make([]K, 0, size)}
}

func (s *set[K]) add(key K) {
	if _, ok := s.seen[key]; !ok {
		s.seen[key] = struct{}{}
		s.list = append(s.list, key)
	}
}

func (s *set[K]) has(key K) bool {
	_, ok := s.seen[key]
	return ok
}

// submit queues the item and waits for its batch, or for the end of ctx.
func (m *Meter) submit(ctx context.Context, it *item) (*verdict, error) {
	it.done = make(chan struct{})
	if err := m.enqueue(it); err != nil {
		return nil, err
	}
	select {
	case <-it.done:
	case <-ctx.Done():
		if it.stage.CompareAndSwap(stageQueued, stageLeft) || it.stage.CompareAndSwap(stageTaken, stageLeft) {
			return nil, ctx.Err()
		}
		<-it.done
	}
	return &it.result.verdict, it.result.err
}

var errStopping = pontage.E(pontage.Unavailable, "This instance is stopping. Try again.").After(time.Second)

// enqueue never waits: a queue that is full says so at once. A quarter of it is kept for endings, so that a crowd of new calls
// cannot keep those from ending that are under way.
func (m *Meter) enqueue(it *item) error {
	m.gate.RLock()
	defer m.gate.RUnlock()
	if m.closed {
		return errStopping
	}
	if (it.kind == kindReserve || it.kind == kindQuote) && len(m.queue) >= cap(m.queue)-cap(m.queue)/4 {
		return m.overflow()
	}
	select {
	case m.queue <- it:
		return nil
	default:
		return m.overflow()
	}
}

func (m *Meter) overflow() error {
	m.counts.overflows.Add(1)
	return pontage.E(pontage.Unavailable, "Too many calls are waiting. Try again.").After(time.Second)
}
