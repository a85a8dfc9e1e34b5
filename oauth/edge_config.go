package oauth

import (
	"context"
	"crypto/sha256"
	"errors"
	"html/template"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/hashicorp/go-retryablehttp"
	"github.com/ory/fosite"
	"github.com/ory/fosite/i18n"
	"github.com/ory/fosite/token/jwt"
)

// edgeConfig sets every field that fosite would otherwise fill in while it serves (a data race) or give a default we do not want.
// What belongs to flows we do not offer is closed: nothing is fetched, no secret is compared by fosite, no signature is made by it.
func edgeConfig(s *Service) *fosite.Config {
	return &fosite.Config{
		AccessTokenLifespan: s.accessTTL, RefreshTokenLifespan: MaxTTL + RefreshMargin,
		AuthorizeCodeLifespan: time.Minute, IDTokenLifespan: time.Hour, VerifiableCredentialsNonceLifespan: time.Minute,
		IDTokenIssuer: s.issuer, AccessTokenIssuer: s.issuer, TokenURL: s.issuer + tokenPath,
		DisableRefreshTokenValidation: true,
		ScopeStrategy:                 catalogueDecides,
		AudienceMatchingStrategy:      fosite.ExactAudienceMatchingStrategy,
		EnforcePKCE:                   true, EnforcePKCEForPublicClients: true,
		AllowedPromptValues: []string{}, RefreshTokenScopes: []string{}, SanitationWhiteList: []string{},
		JWKSFetcherStrategy: closed{}, HTTPClient: closedClient(), ClientSecretsHasher: closed{},
		RedirectSecureChecker: fosite.IsRedirectURISecureStrict,
		MinParameterEntropy:   fosite.MinParameterEntropy, TokenEntropy: 32, HashCost: fosite.DefaultBCryptWorkFactor,
		GrantTypeJWTBearerMaxDuration:   time.Minute,
		ResponseModeHandlerExtension:    &fosite.DefaultResponseModeHandler{},
		MessageCatalog:                  i18n.NewDefaultMessageCatalog(nil),
		FormPostHTMLTemplate:            template.Must(template.New("closed").Parse("")),
		JWTScopeClaimKey:                jwt.JWTScopeFieldString,
		HMACHasher:                      sha256.New,
		PushedAuthorizeRequestURIPrefix: "urn:ietf:params:oauth:request_uri:",
		PushedAuthorizeContextLifespan:  time.Minute,
	}
}

// catalogueDecides lets every scope through to Issue, where the catalogue expands patterns and refuses what is not enabled: a
// comparison of texts here could only be a second, weaker opinion.
func catalogueDecides([]string, string) bool { return true }

var errClosed = errors.New("oauth: this way is closed")

// closed stands where fosite could fetch keys or compare secrets itself. Clients are proved by the ClientAuthenticator alone, so that
// no slow hash runs and nothing is fetched from an address a client gave.
type closed struct{}

func (closed) Resolve(context.Context, string, bool) (*jose.JSONWebKeySet, error) {
	return nil, errClosed
}
func (closed) Compare(context.Context, []byte, []byte) error   { return errClosed }
func (closed) Hash(context.Context, []byte) ([]byte, error)    { return nil, errClosed }
func (closed) RoundTrip(*http.Request) (*http.Response, error) { return nil, errClosed }

func closedClient() *retryablehttp.Client {
	c := retryablehttp.NewClient()
	c.HTTPClient, c.RetryMax, c.Logger = &http.Client{Transport: closed{}}, 0, nil
	return c
}
