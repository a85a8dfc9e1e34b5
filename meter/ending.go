package meter

import (
	"context"
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

// The waits between two tries of an ending.
const (
	firstRetry = 20 * time.Millisecond
	lastRetry  = time.Second
)

// end finds the rows of the call, then tries until the database has taken the ending or refused it.
func (m *Meter) end(ctx context.Context, kind itemKind, e Ending) error {
	giveUp := m.clock.Now().Add(m.config.RetryFor)
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		err := m.endOnce(ctx, kind, e)
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

func (m *Meter) endOnce(ctx context.Context, kind itemKind, e Ending) error {
	rows, ok := m.open.Get(e.CallID)
	if !ok {
		call, _, err := m.store.Call(ctx, e.CallID)
		if err != nil {
			return err
		}
		rows = rowsOf(call)
	}
	_, err := m.submit(ctx, &item{kind: kind, ending: e, rows: rows})
	if err == nil {
		m.open.Remove(e.CallID)
	}
	return err
}
