package meter

import (
	"context"
	"log/slog"
	"time"

	"github.com/pontage/pontage"
)

// verifyClaim is how long a run of verify that was begun keeps other instances from beginning one, should it never finish.
const verifyClaim = 6 * time.Hour

// Verify proves the books and gives what is not equal: nothing, where they are right. It checks the signatures of the closed days,
// recomputes holds, counters, allowances and statistics from the closed totals and the log after them, and balances from all
// transfers, on one snapshot of the live database. The result is kept for Standing.
func (m *Meter) Verify(ctx context.Context) ([]pontage.Difference, error) {
	started := m.clock.Now()
	var found []pontage.Difference
	err := m.store.Read(ctx, func(r pontage.Reader) (err error) {
		if found, err = m.brokenSeals(ctx, r); err != nil {
			return err
		}
		unequal, err := r.Differences(ctx)
		found = append(found, unequal...)
		return err
	})
	if err != nil {
		return nil, err
	}
	finished := m.clock.Now()
	v := pontage.Verification{StartedAt: started, FinishedAt: finished, Elapsed: finished.Sub(started), Differences: int64(len(found))}
	err = m.store.Write(ctx, func(tx pontage.Tx) error { return tx.FinishVerification(ctx, v) })
	if err != nil { // what was found counts more than that it could not be kept
		m.log.Warn("could not keep the result of verify", slog.String("error", err.Error()))
	}
	return found, nil
}

// brokenSeals checks every closing against the one before it, its totals and its signature.
func (m *Meter) brokenSeals(ctx context.Context, r pontage.Reader) (found []pontage.Difference, err error) {
	var before pontage.Closing
	err = r.Closings(ctx, func(c pontage.Closing, totals []pontage.ClosedTotal) error {
		text := closingText(c, before.Signature, totals)
		if c.Previous != before.Day || m.config.Keys == nil || !m.config.Keys.Signed(text, c.KeyID, c.Signature) {
			found = append(found, pontage.Difference{
				What: "closed day signature", Key: string(c.Day), Stored: "signed with " + c.KeyID, Computed: "does not fit",
			})
		}
		before = c
		return nil
	})
	return found, err
}

// VerifyIfDue runs Verify if none was finished for so long on any instance, and logs what it finds; it says whether it ran.
func (m *Meter) VerifyIfDue(ctx context.Context, every time.Duration) (bool, error) {
	last, err := m.verification(ctx)
	now := m.clock.Now()
	if err != nil || now.Sub(last.FinishedAt) < every {
		return false, err
	}
	began := false
	err = m.store.Write(ctx, func(tx pontage.Tx) (err error) {
		began, err = tx.BeginVerification(ctx, now, now.Add(-min(every, verifyClaim)))
		return err
	})
	if err != nil || !began {
		return false, err
	}
	found, err := m.Verify(ctx)
	if err != nil {
		return true, err
	}
	if len(found) > 0 {
		m.log.Error("verify found differences: run \"pontage verify\"", slog.Int("differences", len(found)), slog.Any("first", found[0]))
	} else {
		m.log.Info("verify: the books are equal")
	}
	return true, nil
}

func (m *Meter) verification(ctx context.Context) (last *pontage.Verification, err error) {
	err = m.store.Read(ctx, func(r pontage.Reader) error {
		last, err = r.LastVerification(ctx)
		return err
	})
	return last, err
}

// Standing is what an operator watches of the books.
type Standing struct {
	Verification pontage.Verification
	// ClosedDay is the last closed day, empty before the first.
	ClosedDay pontage.Period
}

// Standing gives the last result of verify on any instance, and how far the books are closed.
func (m *Meter) Standing(ctx context.Context) (Standing, error) {
	var s Standing
	err := m.store.Read(ctx, func(r pontage.Reader) error {
		v, err := r.LastVerification(ctx)
		if err != nil {
			return err
		}
		s.Verification = *v
		c, err := r.LastClosing(ctx)
		if err == nil {
			s.ClosedDay = c.Day
		} else if pontage.CodeOf(err) == pontage.NotFound {
			err = nil
		}
		return err
	})
	return s, err
}
