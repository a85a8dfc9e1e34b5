package model

import (
	"net/netip"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// The pages of tokens.
type (
	TokenConnection = Connection[oauth.Detail]
	TokenEdge       = Edge[oauth.Detail]

	TokenBearerConnection = Connection[pontage.Bearer]
	TokenBearerEdge       = Edge[pontage.Bearer]
)

// TokenFilter says which tokens a list shows; what is not set does not narrow it.
type TokenFilter struct {
	ClientID graphql.Omittable[*pontage.ClientID]
	Name     *string
	Active   *bool
}

// TokenBearerFilter says which bearers of a token a list shows; nil does not narrow it.
type TokenBearerFilter struct{ Current *bool }

// TokenUsage is what a token has used.
type TokenUsage struct {
	pontage.Usage
	Token pontage.LineageID
}

// TokenLimitsInput keeps apart what is left out and what is null.
type TokenLimitsInput struct {
	TotalRequests        graphql.Omittable[*int64]
	WalletRequests       graphql.Omittable[*int64]
	SubscriptionRequests graphql.Omittable[*int64]
	WalletAmount         graphql.Omittable[*pontage.Money]
	IP                   graphql.Omittable[[]netip.Prefix]
}

// CreateTokenInput and its siblings are the inputs and payloads of the mutations on tokens.
type (
	CreateTokenInput struct {
		ClientID   *pontage.ClientID
		Name       string
		Scopes     []string
		TTLSeconds *int32
		Limits     *TokenLimitsInput
	}
	CreateTokenPayload struct {
		Token        oauth.Detail
		Bearer       string
		RefreshToken *string
	}
	UpdateTokenInput struct {
		ID         string
		Name       *string
		Scopes     []string
		TTLSeconds *int32
		Limits     graphql.Omittable[*TokenLimitsInput]
	}
	UpdateTokenPayload struct{ Token oauth.Detail }
	RotateTokenInput   struct{ RefreshToken string }
	RotateTokenPayload struct {
		Token        oauth.Detail
		Bearer       string
		RefreshToken *string
	}
	RevokeTokenInput   struct{ ID string }
	RevokeTokenPayload struct{ ID string }
)
