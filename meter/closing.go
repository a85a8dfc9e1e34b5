package meter

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/pontage/pontage"
)

const (
	// RefundWithin is how long after its decision a call can be refunded.
	RefundWithin = 30 * 24 * time.Hour
	// MinRetention is the least time calls are kept: what may still be refunded must be there, with a day between the two.
	MinRetention = RefundWithin + 24*time.Hour
	// closeAfter is how long after its end a day is closed. What comes later is not lost: it goes into the next closing.
	closeAfter = time.Hour
	// deleteRows is how many calls one step deletes, deletePause what lies between two steps: others write too.
	deleteRows  = 200
	deletePause = 20 * time.Millisecond
)

// closeDays closes the days that are over, if all their calls are folded and ended. Any number of instances may try.
func (m *Meter) closeDays(ctx context.Context) error {
	if m.config.Keys == nil {
		return nil
	}
	through := pontage.DayOf(m.clock.Now().Add(-closeAfter).AddDate(0, 0, -1))
	c, err := m.store.CloseDays(ctx, through, m.sign)
	if err == nil && c != nil {
		m.counts.closed.Add(1)
		m.log.Info("closed the books", slog.String("day", string(c.Day)), slog.String("previous", string(c.Previous)))
	}
	return err
}

func (m *Meter) sign(c pontage.Closing, previous []byte, totals []pontage.ClosedTotal) (string, []byte) {
	return SignClosing(m.config.Keys, c, previous, totals)
}

// SignClosing gives the signature of a closing with its totals, after the closing that has the previous signature.
func SignClosing(keys *pontage.KeyRing, c pontage.Closing, previous []byte, totals []pontage.ClosedTotal) (keyID string, signature []byte) {
	return keys.Sign(closingText(c, previous, totals))
}

// closingText is what a closing's signature covers: all its fields, the signature before it, and the digest of its totals. Texts are
// quoted, so that no two closings have the same one.
func closingText(c pontage.Closing, previous []byte, totals []pontage.ClosedTotal) string {
	digest := sha256.New()
	var line []byte
	for i := range totals {
		line = appendTotal(line[:0], &totals[i])
		digest.Write(line)
	}
	return fmt.Sprintf("closing 1 %q %q %d %d %d %s %x %d %x", c.Day, c.Previous, c.Calls, c.Outcomes, c.FirstOpen,
		c.ClosedAt.UTC().Format(time.RFC3339Nano), previous, len(totals), digest.Sum(nil))
}

func appendTotal(line []byte, v *pontage.ClosedTotal) []byte {
	for _, text := range [...]string{string(v.Dimension), string(v.Day), string(v.AccountID), v.Key, v.Host} {
		line = append(strconv.AppendQuote(line, text), ' ')
	}
	u := &v.Usage
	for _, number := range [...]int64{u.TotalRequests, u.WalletRequests, u.SubscriptionRequests, u.ErrorRequests, int64(u.WalletAmount),
		v.AllowanceRequests, v.SpentRequests, int64(v.SpentAmount)} {
		line = append(strconv.AppendInt(line, number, 10), ' ')
	}
	return append(line, '\n')
}

// deleteCalls deletes the calls of closed days that are older than the retention, in small steps. While the last verify found
// differences it deletes nothing: single calls may be needed to explain them.
func (m *Meter) deleteCalls(ctx context.Context) error {
	if m.config.Keys == nil || m.config.Retention <= 0 {
		return nil
	}
	last, err := m.verification(ctx)
	if err != nil || last.Differences > 0 {
		return err
	}
	before := m.clock.Now().Add(-max(m.config.Retention, MinRetention)).Truncate(24 * time.Hour)
	for {
		n, err := m.store.DeleteCalls(ctx, before, deleteRows)
		m.counts.deleted.Add(int64(n))
		if err != nil || n == 0 {
			return err
		}
		timer := time.NewTimer(deletePause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}
