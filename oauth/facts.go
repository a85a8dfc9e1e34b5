package oauth

import (
	"context"

	"github.com/pontage/pontage"
)

// Facts gives what Admit would say of a token, without its bearer, read now: for questions about one of by's tokens. NotFound for all
// others, for revoked ones and for ids that were rotated away; that it has expired, or that its account or client is disabled, is left
// to the meter to say.
func (s *Service) Facts(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*pontage.Admission, error) {
	l, err := s.own(ctx, s.store, by, id, pontage.TokenRead)
	if err != nil {
		return nil, err
	}
	set, err := s.scopeSet(ctx, s.store, l.ScopeSetID, true)
	if err != nil {
		return nil, err
	}
	return &pontage.Admission{
		TokenID: id, LineageID: l.ID, AccountID: l.AccountID, ClientID: l.ClientID, Version: l.Version, Scopes: set.members,
	}, nil
}
