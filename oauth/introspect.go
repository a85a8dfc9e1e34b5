package oauth

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

// Introspection says what a token is good for, in the form of RFC 7662. Where Active is false everything else is empty, and it
// marshals to exactly {"active":false}.
type Introspection struct {
	Active    bool               `json:"active"`
	Scope     string             `json:"scope,omitempty"`
	ClientID  pontage.ClientID   `json:"client_id,omitempty"`
	TokenType string             `json:"token_type,omitempty"`
	ExpiresAt int64              `json:"exp,omitempty"`
	IssuedAt  int64              `json:"iat,omitempty"`
	Subject   pontage.AccountID  `json:"sub,omitempty"`
	Limits    *IntrospectedLimit `json:"limits,omitempty"`
}

// IntrospectedLimit is what is left of a token's limits; what does not bound is absent.
type IntrospectedLimit struct {
	TotalRequests        *int64         `json:"totalRequests,omitempty"`
	WalletRequests       *int64         `json:"walletRequests,omitempty"`
	SubscriptionRequests *int64         `json:"subscriptionRequests,omitempty"`
	WalletAmount         *pontage.Money `json:"walletAmount,omitempty"`
	IP                   []string       `json:"ip,omitempty"`
}

// Introspect shows by's account one of its bearers: what this instance changed at once, what others did within pontage.Freshness.
// Refresh tokens, tokens of others, of disabled clients and everything else that is not a living bearer of this account are inactive.
// The only errors are those of the store.
func (s *Service) Introspect(ctx context.Context, by pontage.Actor, token string) (*Introspection, error) {
	p, err := s.present(token, func(id pontage.TokenID) (*pontage.Presented, error) {
		return s.bearers.Get(id, func() (*pontage.Presented, error) { return s.store.Presented(ctx, id) })
	})
	switch pontage.CodeOf(err) {
	case "":
	case pontage.Unauthenticated, pontage.TokenExpired, pontage.TokenRevoked:
		return &Introspection{}, nil
	default:
		return nil, err
	}
	l := &p.Lineage
	if !owns(by, l) {
		return &Introspection{}, nil
	}
	detail, err := s.detail(ctx, *l)
	if err != nil {
		return nil, err
	}
	return &Introspection{
		Active: true, Scope: strings.Join(detail.Scopes, " "), ClientID: l.ClientID, TokenType: "bearer",
		ExpiresAt: l.ExpiresAt.Unix(), IssuedAt: p.Token.CreatedAt.Unix(), Subject: l.AccountID, Limits: introspectLimits(l),
	}, nil
}

func introspectLimits(l *pontage.Lineage) *IntrospectedLimit {
	rest := left(l.Limits, l.Usage)
	shown := IntrospectedLimit{
		TotalRequests: rest.TotalRequests, WalletRequests: rest.WalletRequests,
		SubscriptionRequests: rest.SubscriptionRequests, WalletAmount: rest.WalletAmount,
	}
	for _, p := range rest.IP {
		shown.IP = append(shown.IP, AddressText(p))
	}
	return &shown
}
