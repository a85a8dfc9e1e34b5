package meter_test

import (
	"context"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// tiredStore needs so long for a fold.
type tiredStore struct {
	meter.Store
	clock *clock
	takes time.Duration
	rows  int
	folds int
}

func (s *tiredStore) Fold(context.Context, int, func(pontage.Tail) pontage.FoldChanges) (int, error) {
	s.folds++
	s.clock.forward(s.takes)
	return s.rows, nil
}

// Folding must leave the writer to the calls, and the statistics must not lag far behind for it, whatever the clock does.
func TestAFoldRestsInProportionButNotForLong(t *testing.T) {
	for name, c := range map[string]struct {
		takes, wait, short time.Duration
		rows               int
	}{
		"a short one":           {takes: 0, wait: 0},
		"a tenth of a second":   {takes: 100 * time.Millisecond, wait: 1900 * time.Millisecond, short: 1800 * time.Millisecond},
		"a minute":              {takes: time.Minute, wait: 0},
		"a second":              {takes: time.Second, wait: time.Second, short: 900 * time.Millisecond},
		"many rows":             {takes: time.Second, wait: 0, rows: 12_001},
		"the clock is set back": {takes: 100 * time.Millisecond, wait: -time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			clock := &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
			store := &tiredStore{clock: clock, takes: c.takes, rows: c.rows}
			m := meter.New(meter.Config{Store: store, Clock: clock.Now})
			after := func(wait time.Duration, want int) {
				t.Helper()
				clock.forward(wait)
				if err := m.FoldAtEase(t.Context()); err != nil || store.folds != want {
					t.Errorf("%d folds, want %d: %v", store.folds, want, err)
				}
			}
			after(0, 1)
			if c.short > 0 {
				after(c.short, 1)
				c.wait -= c.short
			}
			after(c.wait, 2)
		})
	}
}
