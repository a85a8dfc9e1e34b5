package oauth

import (
	"context"
	"time"

	"github.com/ory/fosite"

	"github.com/pontage/pontage"
)

// client is a proved client as fosite wants to see it.
type client struct{ by pontage.Actor }

var _ fosite.Client = (*client)(nil)

func (c *client) GetID() string                      { return string(c.by.ClientID) }
func (c *client) GetHashedSecret() []byte            { return nil }
func (c *client) GetRedirectURIs() []string          { return nil }
func (c *client) GetResponseTypes() fosite.Arguments { return nil }
func (c *client) GetScopes() fosite.Arguments        { return nil }
func (c *client) GetAudience() fosite.Arguments      { return nil }
func (c *client) IsPublic() bool                     { return false }
func (c *client) GetGrantTypes() fosite.Arguments {
	return fosite.Arguments{"client_credentials", "refresh_token"}
}

// exchange is the fosite session of one token request: it carries the pair from where fosite asks for its texts to where it asks to
// store them. It is used by one request only.
type exchange struct {
	draft *draft
	// claim is what the request says of its domain.
	claim pontage.DomainClaim
	// refresh and tokenID are the refresh token of a rotation and the token it belongs to.
	refresh string
	tokenID pontage.TokenID
	issued  *Issued
	// once is set where the request has a key.
	once *pontage.Once

	expires map[fosite.TokenType]time.Time
}

var _ fosite.Session = (*exchange)(nil)

// SetExpiresAt keeps fosite's own idea of the lifetime, which nothing reads: Issue and Rotate decide, by our clock.
func (x *exchange) SetExpiresAt(key fosite.TokenType, at time.Time) {
	if x.expires == nil {
		x.expires = map[fosite.TokenType]time.Time{}
	}
	x.expires[key] = at
}

func (x *exchange) GetExpiresAt(key fosite.TokenType) time.Time { return x.expires[key] }
func (x *exchange) GetUsername() string                         { return "" }
func (x *exchange) GetSubject() string                          { return "" }

// Clone gives the same exchange: fosite clones it from the stored request into the present one, and both are this one.
func (x *exchange) Clone() fosite.Session { return x }

// edgeStrategy gives tokens our form. A signature is how fosite names a token to the storage; for presented ones it is the whole text,
// because only the whole text can be proved, and it lives no longer than the request.
type edgeStrategy struct{}

func (edgeStrategy) AccessTokenSignature(_ context.Context, token string) string  { return token }
func (edgeStrategy) RefreshTokenSignature(_ context.Context, token string) string { return token }

func (edgeStrategy) GenerateAccessToken(_ context.Context, r fosite.Requester) (token, signature string, err error) {
	d := r.GetSession().(*exchange).draft
	return d.bearer, string(d.token.ID), nil
}

func (edgeStrategy) GenerateRefreshToken(_ context.Context, r fosite.Requester) (token, signature string, err error) {
	d := r.GetSession().(*exchange).draft
	return d.refresh, string(d.refreshToken.ID), nil
}

// ValidateAccessToken is not asked in the flows we offer; Admit and Introspect prove bearers.
func (edgeStrategy) ValidateAccessToken(context.Context, fosite.Requester, string) error {
	return errClosed
}

// ValidateRefreshToken has nothing left to do: the storage proved the text before it gave the request.
func (edgeStrategy) ValidateRefreshToken(context.Context, fosite.Requester, string) error { return nil }
