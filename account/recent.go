package account

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// recentFor is how long a login counts as recent.
const recentFor = 15 * time.Minute

var errRecent = pontage.E(pontage.ReloginRequired, "Log in again: this needs a login of the last 15 minutes.")

// recent locks the user of by for change, if the session is live and began within the last 15 minutes; otherwise ReloginRequired.
func (s *Service) recent(ctx context.Context, tx pontage.Tx, by pontage.Actor) (*pontage.User, error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	h, err := tx.Session(ctx, by.SessionID)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	if h.User.ID != by.UserID || !h.Session.Live(now) {
		return nil, errNoSession
	}
	if !now.Before(h.Session.CreatedAt.Add(recentFor)) {
		return nil, errRecent
	}
	return tx.LockUser(ctx, by.UserID)
}
