package meter

import (
	"context"
	"log/slog"
	"time"

	"github.com/pontage/pontage"
)

// Ending says how an admitted call ended.
type Ending struct {
	CallID pontage.CallID
	// Status is the upstream's HTTP status; 0 where there was no answer.
	Status int
	// Code says why a call is released or refunded: BadGateway, GatewayTimeout, …; empty is taken from Status.
	Code pontage.Code
	// Elapsed is the time to the upstream's headers.
	Elapsed time.Duration
}

// Settle charges a reserved call for good. Settling again changes nothing. Conflict: its hold was given back, so the answer must
// not be delivered. NotFound: no such call. Unavailable: the database stayed away for RetryFor or until ctx ended; the call may
// then be settled or not, and Settle may be repeated.
//
// The three endings must be called with a context of their own, detached from the partner's connection.
func (m *Meter) Settle(ctx context.Context, e Ending) error { return m.end(ctx, kindSettle, e) }

// Release gives back what a reserved call holds. Releasing again changes nothing. Conflict: it was settled. NotFound and
// Unavailable as for Settle; what cannot be released expires with its hold.
func (m *Meter) Release(ctx context.Context, e Ending) error { return m.end(ctx, kindRelease, e) }

// Refund gives back what a settled call was charged, by a transfer of its own. Refunding again, and refunding what was
// released, changes nothing. Conflict: it is not settled yet, was refused, or is older than RefundWithin. NotFound and Unavailable as for Settle.
func (m *Meter) Refund(ctx context.Context, e Ending) error { return m.end(ctx, kindRefund, e) }

// GiveBack undoes an admitted call that is not delivered or broke off: what it holds is released, what it was charged is refunded, as the
// books have it by then. Giving back again changes nothing. NotFound: no such call. Unavailable: the database did not answer; then the call is
// owed, and given back once the database is there again, as long as this process lives.
func (m *Meter) GiveBack(ctx context.Context, e Ending) error {
	err := m.endOnce(ctx, &item{kind: kindGiveBack, ending: e})
	if !unanswered(err) {
		return err
	}
	m.log.Warn("a call is to be given back once the database answers", slog.String("callId", string(e.CallID)), slog.String("error", err.Error()))
	m.owe(e, false)
	return unavailableIfTimedOut(err)
}

// The waits between two tries of an ending.
const (
	firstRetry = 20 * time.Millisecond
	lastRetry  = time.Second
)

// end finds the rows of the call, then tries until the database has taken the ending or refused it.
func (m *Meter) end(ctx context.Context, kind itemKind, e Ending) error {
	giveUp := m.clock.Now().Add(m.config.RetryFor)
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		err := m.endOnce(ctx, &item{kind: kind, ending: e})
		if pontage.CodeOf(err) != pontage.Unavailable || m.clock.Now().After(giveUp) {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-m.stopped:
			timer.Stop()
			return err
		}
	}
}

// endOnce finds the rows of the ending's call and tries it in one batch.
func (m *Meter) endOnce(ctx context.Context, it *item) error {
	id, ok := it.ending.CallID, false
	if it.rows, ok = m.open.Get(id); !ok {
		call, _, err := m.store.Call(ctx, id)
		if err != nil {
			return err
		}
		it.rows = rowsOf(call)
	}
	_, err := m.submit(ctx, it)
	if err == nil {
		m.open.Remove(id)
	}
	return err
}
