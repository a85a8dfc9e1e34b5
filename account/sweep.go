package account

import (
	"context"

	"github.com/pontage/pontage"
)

// sweepRows is how many rows of a kind one step of a sweep deletes.
const sweepRows = 500

// Sweep deletes what is over, in small steps, and says how many rows there were.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	now, total := s.clock.Now(), 0
	for {
		n := 0
		err := s.store.Write(ctx, func(tx pontage.Tx) (err error) {
			n, err = tx.DeleteExpired(ctx, now, sweepRows)
			return err
		})
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}
