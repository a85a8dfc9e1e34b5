package oauth_test

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// broken is a store whose database is down for tokens.
type broken struct{ oauth.Store }

func (b *broken) Token(context.Context, pontage.TokenID) (*pontage.Token, *pontage.Lineage, error) {
	return nil, nil, errDown
}

func (b *broken) Presented(context.Context, pontage.TokenID) (*pontage.Presented, error) {
	return nil, errDown
}

func (b *broken) Disabled(context.Context, pontage.AccountID, pontage.ClientID) (bool, error) {
	return false, errDown
}

func (b *broken) RefreshToken(context.Context, pontage.RefreshTokenID) (*pontage.RefreshToken, error) {
	return nil, errDown
}
func (b *broken) Read(context.Context, func(pontage.Reader) error) error { return errDown }
func (b *broken) Write(context.Context, func(pontage.Tx) error) error    { return errDown }

// brokenWrites can read but not write.
type brokenWrites struct{ oauth.Store }

func (b *brokenWrites) Write(context.Context, func(pontage.Tx) error) error { return errDown }
