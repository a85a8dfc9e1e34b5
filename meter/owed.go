package meter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/pontage/pontage"
)

// lastTry bounds what is tried once more when the meter stops.
const lastTry = time.Second

// owe remembers a call that is to be given back.
func (m *Meter) owe(e Ending, reaped bool) {
	if !m.owed.add(debt{e, reaped}) {
		m.log.Error("too many calls are to be given back, this one is forgotten", slog.String("callId", string(e.CallID)))
	}
}

// oweUnknown remembers the calls of a batch that may have been admitted although nobody will be told so.
func (m *Meter) oweUnknown(r *run, items []*item) {
	for i, it := range items {
		if row := r.results[i].verdict.row; it.kind == kindReserve && row != nil && row.State != pontage.CallRefused {
			m.oweAdmitted(row)
		}
	}
}

// oweAdmitted remembers a call nobody was told the admission of. Its rows are kept so that no read must find it first: it may still be on
// its way to the books, or never come there, so its batch looks the call itself up behind the lock of its wallet.
func (m *Meter) oweAdmitted(row *pontage.Call) {
	named := rowsOf(row)
	named.born = nil
	m.open.Add(row.ID, named)
	m.owe(Ending{CallID: row.ID, Code: pontage.Unavailable}, true)
}

// payDebts gives back what is owed until ctx ends. While the database is away it tries again and again.
func (m *Meter) payDebts(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.owed.added:
		}
		for wait := firstRetry; ctx.Err() == nil && m.owed.len() > 0; wait = min(2*wait, lastRetry) {
			if m.payOnce(ctx) {
				wait = firstRetry
				continue
			}
			rest(ctx, wait)
		}
	}
}

// payOnce tries some of what is owed and says whether the database answered all of it.
func (m *Meter) payOnce(ctx context.Context) bool {
	owed := m.owed.some(reapRows)
	errs := make([]error, len(owed))
	var waiting sync.WaitGroup
	for i, d := range owed {
		waiting.Go(func() { errs[i] = m.pay(ctx, d) })
	}
	waiting.Wait()
	return !slices.ContainsFunc(errs, unanswered)
}

// pay gives one call back. A call the books do not know was never admitted; what they refuse for another reason is told, and let go.
func (m *Meter) pay(ctx context.Context, d debt) error {
	ctx, cancel := context.WithTimeout(ctx, m.config.BatchTimeout)
	defer cancel()
	err := m.endOnce(ctx, &item{kind: kindGiveBack, ending: d.ending, reaped: d.reaped})
	if unanswered(err) {
		return err
	}
	m.owed.forget(d.ending.CallID)
	switch id := slog.String("callId", string(d.ending.CallID)); {
	case err != nil && pontage.CodeOf(err) != pontage.NotFound:
		m.log.Error("a call cannot be given back", id, slog.String("error", err.Error()))
	case !d.reaped:
		m.log.Info("a call was given back at last", id)
	}
	return err
}

// unanswered says that nobody knows whether the books took an ending.
func unanswered(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || pontage.CodeOf(err) == pontage.Unavailable
}

// rest waits, but not beyond the end of ctx.
func rest(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Drain waits until everything that is owed is given back, or ctx ends: then it is an error that says how much is left. It is for the
// stop of an instance: after the last call ended and while Run still runs.
func (m *Meter) Drain(ctx context.Context) error {
	select {
	case <-m.owed.empty():
		return nil
	case <-ctx.Done():
	}
	if left := m.owed.len(); left > 0 {
		return fmt.Errorf("the database did not take %d call(s) that were to be given back; the log names them", left)
	}
	return nil
}

// stopPaying tries what is left once more, and names the calls that stay.
func (m *Meter) stopPaying(ctx context.Context) {
	if m.owed.len() == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lastTry)
	defer cancel()
	m.payOnce(ctx)
	for _, d := range m.owed.some(mostOwed) {
		m.log.Error("a call is not given back: what it held comes back when its hold ends, what it was charged stays charged",
			slog.String("callId", string(d.ending.CallID)))
	}
}
