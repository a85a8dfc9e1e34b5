package oauth

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// standingFor is how long it is believed that an account and its client are not disabled.
const standingFor = time.Second

// owner is whose a bearer is.
type owner struct {
	account pontage.AccountID
	client  pontage.ClientID
}

// inStanding gives the admission unless its owner was shut out.
func (s *Service) inStanding(ctx context.Context, a *pontage.Admission) (*pontage.Admission, error) {
	if err := s.standing(ctx, a); err != nil {
		return nil, err
	}
	return a, nil
}

// standing refuses the bearers of a disabled account or client. It reads at most once a second for all bearers of one owner, and only
// the good answer is remembered.
func (s *Service) standing(ctx context.Context, a *pontage.Admission) error {
	whose, now := owner{a.AccountID, a.ClientID}, s.clock.Now()
	if readAt, ok := s.owners.Get(whose); ok {
		if age := now.Sub(readAt); age >= 0 && age < standingFor {
			return nil
		}
	}
	err := s.store.Read(ctx, func(r pontage.Reader) error {
		return enabled(ctx, r, &pontage.Lineage{AccountID: a.AccountID, ClientID: a.ClientID})
	})
	if err == nil {
		s.owners.Add(whose, now)
	}
	return err
}
