package oauth

import (
	"context"
	"errors"
	"strings"

	"github.com/pontage/pontage"
)

const refreshPrefix = "ref_"

// ParseTokenReference reads what stands in /tokens/{token}: a token id of 24 hex characters, or a whole bearer of this instance.
// Everything else is InvalidInput.
func (s *Service) ParseTokenReference(text string) (pontage.TokenID, error) {
	if id := pontage.TokenID(text); id.Valid() {
		return id, nil
	}
	if id, ok := s.bearerID(text); ok {
		return id, nil
	}
	return "", errFormat
}

// bearerID gives the token id inside a bearer whose MAC is true. It reads nothing.
func (s *Service) bearerID(text string) (pontage.TokenID, bool) {
	id, ok := s.credentials.Parse(text)
	if !ok || !pontage.TokenID(id).Valid() {
		return "", false
	}
	return pontage.TokenID(id), true
}

// IsRefreshToken says whether text is a refresh token of this instance by its form and MAC; whether it is still good is for Rotate to
// say. It reads nothing.
func (s *Service) IsRefreshToken(text string) bool {
	_, ok := s.refreshID(text)
	return ok
}

func (s *Service) refreshID(text string) (pontage.RefreshTokenID, bool) {
	id, ok := s.credentials.Parse(text)
	if !ok || !strings.HasPrefix(id, refreshPrefix) {
		return "", false
	}
	return pontage.RefreshTokenID(id), true
}

// RefreshOwner proves the text of a refresh token, one that was used before too, and gives its account: whoever repeats a rotation
// under the same key must be known before the token is looked at. Everything that is not ours is Unauthenticated at "refresh".
func (s *Service) RefreshOwner(ctx context.Context, text string) (pontage.AccountID, error) {
	_, l, err := s.refreshRow(ctx, s.store, text)
	if err != nil && !errors.Is(err, errReplay) {
		return "", err
	}
	return l.AccountID, nil
}
