package sandbox

import (
	"context"
	"net/http"
	"time"

	"github.com/pontage/pontage"
)

// The bounds of what is kept of what an account posts to the APIs.
const (
	MostEchoes = 500
	MostBytes  = 16 << 10
	Keep       = 30 * 24 * time.Hour
)

// Offer says what by's account has to rehearse with.
func (s *Service) Offer(ctx context.Context, by pontage.Actor) (*pontage.PlayOffer, error) {
	offer := &pontage.PlayOffer{MostEchoes: MostEchoes, MostBytes: MostBytes, Keep: Keep,
		Header: pontage.HeaderSimulate, Simulations: Simulations(), MagicValues: MagicValues()}
	err := s.Store.Read(ctx, func(r pontage.Reader) (err error) {
		if offer.Purse, err = s.purse(ctx, r, by.AccountID); err != nil {
			return err
		}
		offer.Echoes, err = r.CountEchoes(ctx, by.AccountID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return offer, nil
}

// Suppose reads what a request is to meet, as ReadSimulation does.
func (*Service) Suppose(h http.Header) (pontage.Supposition, error) { return ReadSimulation(h) }
