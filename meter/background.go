package meter

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/pontage/pontage"
)

const (
	// foldRows is how many calls and outcomes one fold takes: the more, the fewer rows of the books each costs.
	foldRows = 20_000
	// restPerFold is how many times as long as a fold took it rests from its beginning, longestFoldRest at most: what is folded together is added
	// to the same lines once. After a fold of more than fewRows there is no rest: rows take memory until they are folded, and calls wait while
	// they are.
	restPerFold     = 20
	longestFoldRest = 2 * time.Second
	fewRows         = 12_000
	// reapRows is how many expired holds are released at once.
	reapRows = 500
	// longestPause bounds, in turns of its clock, how long failing work in the background rests.
	longestPause = 16
)

// every does the work each interval until ctx ends. Work that fails rests longer each time, and is done as before once it succeeds.
func (m *Meter) every(ctx context.Context, interval time.Duration, what string, work func(context.Context) error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for rest, pause := 0, 1; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if rest > 0 {
			rest--
			continue
		}
		err := work(ctx)
		if err == nil || ctx.Err() != nil {
			pause = 1
			continue
		}
		rest, pause = pause, min(2*pause, longestPause)
		m.log.Warn("could not "+what, slog.String("error", err.Error()), slog.Int("restTurns", rest))
	}
}

// foldAtEase folds, and rests in proportion to how long that took.
func (m *Meter) foldAtEase(ctx context.Context) error {
	began := m.clock.Now()
	if rest := m.foldAgain.Sub(began); rest > 0 && rest <= longestFoldRest { // a longer one is a clock that went back
		return nil
	}
	rows, err := m.fold(ctx)
	if m.foldAgain = began; rows <= fewRows {
		m.foldAgain = began.Add(min(restPerFold*m.clock.Now().Sub(began), longestFoldRest))
	}
	return err
}

// fold counts what is unfolded, until nothing is left, and tells of thresholds that were reached meanwhile. It says how many rows it took.
func (m *Meter) fold(ctx context.Context) (rows int, err error) {
	seen := newTouched()
	defer func() {
		m.noteUse(ctx, seen.used)
		m.watch(ctx, seen)
	}()
	for {
		n, err := m.store.Fold(ctx, foldRows, func(tail pontage.Tail) pontage.FoldChanges {
			seen.see(tail)
			return Fold(tail)
		})
		m.counts.folded.Add(int64(n))
		if rows += n; err != nil || n < foldRows {
			return rows, err
		}
	}
}

// reap releases holds that nobody ended in time, through the batches like any other ending. A call that is settled meanwhile keeps
// its settlement.
func (m *Meter) reap(ctx context.Context) error {
	for {
		calls, err := m.store.ExpiredCalls(ctx, m.clock.Now(), reapRows)
		if err != nil {
			return err
		}
		if err := m.releaseAll(ctx, calls); err != nil || len(calls) < reapRows {
			return err
		}
	}
}

// releaseAll gives the first error but that of a call settled meanwhile.
func (m *Meter) releaseAll(ctx context.Context, calls []pontage.Call) error {
	errs := make([]error, len(calls))
	var waiting sync.WaitGroup
	for i := range calls {
		waiting.Go(func() {
			_, errs[i] = m.submit(ctx, &item{
				kind: kindRelease, reaped: true, rows: rowsOf(&calls[i]),
				ending: Ending{CallID: calls[i].ID, Code: pontage.Unavailable},
			})
		})
	}
	waiting.Wait()
	for _, err := range errs {
		if err != nil && pontage.CodeOf(err) != pontage.Conflict {
			return err
		}
	}
	return nil
}
