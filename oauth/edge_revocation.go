package oauth

import (
	"context"
	"errors"

	"github.com/ory/fosite"

	"github.com/pontage/pontage"
)

// edgeRevocation is the rule behind /oauth2/revoke. It is ours instead of fosite's because ownership goes by account, and because a
// store that fails must not look like success.
type edgeRevocation struct{ service *Service }

var _ fosite.RevocationHandler = edgeRevocation{}

// RevokeToken ends the whole family of any genuine bearer or refresh token of the client's account, whatever its generation. Other
// texts are nothing to revoke, which is success (RFC 7009).
func (e edgeRevocation) RevokeToken(ctx context.Context, text string, _ fosite.TokenType, c fosite.Client) error {
	if isSupposedGone(ctx) {
		return nil
	}
	l, err := e.service.familyOf(ctx, text)
	if err != nil || l == nil || !owns(c.(*client).by, l) {
		return err
	}
	by := c.(*client).by
	by.Once = nil // revoking what is revoked is success here, under a key too
	_, err = e.service.revokeLineage(ctx, by, l)
	return err
}

// familyOf finds the lineage of a genuine text, nil where it is none.
func (s *Service) familyOf(ctx context.Context, text string) (*pontage.Lineage, error) {
	if s.IsRefreshToken(text) {
		_, l, err := s.refreshRow(ctx, s.store, text)
		if errors.Is(err, errRefresh) {
			return nil, nil
		}
		if errors.Is(err, errReplay) {
			return l, nil
		}
		return l, err
	}
	id, ok := s.bearerID(text)
	if !ok {
		return nil, nil
	}
	token, l, err := s.store.Token(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !s.credentials.Keys.Matches(text, token.KeyID, token.Hash) {
		return nil, nil
	}
	return l, nil
}
