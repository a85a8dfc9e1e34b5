package oauth

import (
	"context"
	"errors"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"

	"github.com/pontage/pontage"
)

// edgeStorage is what fosite takes for its database. It collects what a request wants to write and writes it by Issue or Rotate, once,
// at the last call of the flow; no transaction is open between its calls.
type edgeStorage struct{ service *Service }

var (
	_ fosite.Storage                = (*edgeStorage)(nil)
	_ oauth2.TokenRevocationStorage = (*edgeStorage)(nil)
)

// everything is what a request without a scope parameter asks for.
var everything = []string{"*:*/*"}

// CreateAccessTokenSession issues for client_credentials. In a rotation it waits for the refresh token that comes after it.
func (s *edgeStorage) CreateAccessTokenSession(ctx context.Context, _ string, r fosite.Requester) error {
	x := r.GetSession().(*exchange)
	if x.refresh != "" {
		return nil
	}
	scopes := []string(r.GetRequestedScopes())
	if len(scopes) == 0 {
		scopes = everything
	}
	by := r.GetClient().(*client).by
	domain, err := s.service.clients.ClientDomain(ctx, by, x.claim)
	if err != nil {
		return err
	}
	in := IssueInput{Name: "OAuth " + string(by.ClientID), Scopes: scopes, TTL: s.service.accessTTL, domain: domain}
	issued, err := s.service.issue(ctx, by, in, x.draft)
	x.issued = issued
	return err
}

// GetRefreshTokenSession proves a refresh token. A used one gives the request with ErrInactiveToken: fosite then revokes its family.
func (s *edgeStorage) GetRefreshTokenSession(ctx context.Context, text string, session fosite.Session) (fosite.Requester, error) {
	rt, l, err := s.refresh(ctx, text, session)
	replay := errors.Is(err, errReplay)
	if errors.Is(err, errRefresh) {
		return nil, fosite.ErrNotFound
	}
	if err != nil && !replay {
		return nil, err
	}
	if x, ok := session.(*exchange); ok {
		x.refresh, x.tokenID = text, rt.TokenID
	}
	r := &fosite.Request{ID: string(l.ID), RequestedAt: rt.CreatedAt, Client: holder(ctx, l), Session: session}
	if replay {
		return r, fosite.ErrInactiveToken
	}
	return r, nil
}

// refresh reads a refresh token. Under a key it looks first, in the same snapshot, whether this very request used it: then it is no
// second use, and ErrAnswered ends the flow.
func (s *edgeStorage) refresh(ctx context.Context, text string, session fosite.Session) (rt *pontage.RefreshToken, l *pontage.Lineage, err error) {
	x, ok := session.(*exchange)
	if !ok || x.once == nil {
		return s.service.refreshRow(ctx, s.service.store, text)
	}
	err = s.service.store.Read(ctx, func(r pontage.Reader) error {
		err := x.once.Check(ctx, r)
		if err == nil {
			rt, l, err = s.service.refreshRow(ctx, r, text)
		}
		return err
	})
	return rt, l, err
}

// holder is the client a lineage counts as issued to: the one that asks, where it is the one the token was made for, or where the account
// of both made the token itself. fosite refuses when it is another.
func holder(ctx context.Context, l *pontage.Lineage) *client {
	if r, ok := ctx.Value(fosite.AccessRequestContextKey).(fosite.AccessRequester); ok {
		c, ok := r.GetClient().(*client)
		if ok && c.by.AccountID == l.AccountID && (l.ClientID == "" || l.ClientID == c.by.ClientID) {
			return c
		}
	}
	return &client{pontage.Actor{AccountID: l.AccountID, ClientID: l.ClientID}}
}

// CreateRefreshTokenSession is the last call of a rotation and does it.
func (s *edgeStorage) CreateRefreshTokenSession(ctx context.Context, _, _ string, r fosite.Requester) error {
	x, c := r.GetSession().(*exchange), r.GetClient().(*client)
	by := pontage.Actor{Kind: pontage.ActorRefresh, AccountID: c.by.AccountID, ClientID: c.by.ClientID, Refresh: x.refresh, Once: x.once}
	issued, err := s.service.rotate(ctx, by, x.tokenID, x.draft)
	x.issued = issued
	return err
}

// RotateRefreshToken leaves the exchange to CreateRefreshTokenSession, where it is one write.
func (s *edgeStorage) RotateRefreshToken(context.Context, string, string) error { return nil }

// RevokeAccessToken ends the family of a refresh token that came twice; request is its lineage.
func (s *edgeStorage) RevokeAccessToken(ctx context.Context, request string) error {
	l, err := s.service.store.Lineage(ctx, pontage.LineageID(request))
	if err != nil {
		return err
	}
	if err := s.service.punish(ctx, l); !errors.Is(err, errRefresh) {
		return err
	}
	return nil
}

// The refresh tokens of a family end with it, in RevokeAccessToken.
func (s *edgeStorage) RevokeRefreshToken(context.Context, string) error        { return nil }
func (s *edgeStorage) DeleteRefreshTokenSession(context.Context, string) error { return nil }

// Bearers are never looked up through fosite, clients are proved before it asks, and assertions are not offered.
func (s *edgeStorage) GetAccessTokenSession(context.Context, string, fosite.Session) (fosite.Requester, error) {
	return nil, fosite.ErrNotFound
}
func (s *edgeStorage) DeleteAccessTokenSession(context.Context, string) error { return errClosed }
func (s *edgeStorage) GetClient(context.Context, string) (fosite.Client, error) {
	return nil, fosite.ErrNotFound
}
func (s *edgeStorage) ClientAssertionJWTValid(context.Context, string) error { return errClosed }
func (s *edgeStorage) SetClientAssertionJWT(context.Context, string, time.Time) error {
	return errClosed
}
