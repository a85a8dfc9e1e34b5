package oauth

import (
	"net/http"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"
)

// The endpoints.
const (
	tokenPath      = "/oauth2/token"
	introspectPath = "/oauth2/introspect"
	revokePath     = "/oauth2/revoke"
	metadataPath   = "/.well-known/oauth-authorization-server"
)

// edge speaks OAuth 2.0 for a Service. Token and revocation requests go through fosite; introspection uses our own reading of the form
// and of the client's credentials, because fosite's would take a bearer from the body, offers no client_secret_post and turns a
// database that is down into "inactive".
type edge struct {
	service  *Service
	provider fosite.OAuth2Provider
}

func newEdge(s *Service) *edge {
	e := &edge{service: s}
	config := edgeConfig(s)
	config.ClientAuthenticationStrategy = e.authenticate
	storage, strategy := &edgeStorage{s}, edgeStrategy{}
	config.TokenEndpointHandlers.Append(&oauth2.ClientCredentialsGrantHandler{
		HandleHelper: &oauth2.HandleHelper{AccessTokenStrategy: strategy, AccessTokenStorage: storage, Config: config},
		Config:       config,
	})
	config.TokenEndpointHandlers.Append(&oauth2.RefreshTokenGrantHandler{
		AccessTokenStrategy: strategy, RefreshTokenStrategy: strategy, TokenRevocationStorage: storage, Config: config,
	})
	config.RevocationHandlers.Append(edgeRevocation{s})
	e.provider = fosite.NewOAuth2Provider(storage, config)
	return e
}

// Handler serves POST /oauth2/token, /oauth2/introspect and /oauth2/revoke and GET /.well-known/oauth-authorization-server; every other
// path is 404. Bodies are forms of at most 64 KiB; clients authenticate by client_secret_basic or client_secret_post; no answer may be
// cached but the metadata.
func (s *Service) Handler() http.Handler {
	doors := map[string]http.Handler{
		tokenPath: s.edge.form(s.edge.token), introspectPath: s.edge.form(s.edge.introspect), revokePath: s.edge.form(s.edge.revoke),
		metadataPath: http.HandlerFunc(s.edge.metadata),
	}
	// Not a ServeMux: it answers an unclean path with a redirect, which would carry a form with a secret elsewhere.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if door := doors[r.URL.Path]; door != nil {
			door.ServeHTTP(w, r)
			return
		}
		s.edge.refuseAs(w, http.StatusNotFound, fosite.ErrInvalidRequest.WithHint("There is no such endpoint."))
	})
}

// token answers client_credentials and refresh_token.
func (e *edge) token(w http.ResponseWriter, r *http.Request) {
	switch r.PostForm.Get("grant_type") {
	case "client_credentials", "refresh_token":
	case "":
		e.refuse(w, r, fosite.ErrInvalidRequest.WithHint("The parameter grant_type is missing."))
		return
	default:
		e.refuse(w, r, fosite.ErrUnsupportedGrantType.WithHint("Use client_credentials or refresh_token."))
		return
	}
	x := &exchange{draft: e.service.draft(r.PostForm.Get("grant_type") == "refresh_token")}
	var err error
	if x.claim, err = e.claim(r); err != nil {
		e.refuse(w, r, err)
		return
	}
	ctx, err := e.begin(r, x)
	if err != nil {
		e.refuse(w, r, err)
		return
	}
	if before := x.once.Before(); before != nil {
		replay(w, before)
		return
	}
	defer x.once.End()
	request, err := e.provider.NewAccessRequest(ctx, r, x)
	if err != nil {
		e.refuseUnlessAnswered(w, r, x, err)
		return
	}
	response, err := e.provider.NewAccessResponse(ctx, request)
	if err != nil {
		e.refuseUnlessAnswered(w, r, x, err)
		return
	}
	if made := x.once.Made(); made != nil {
		writeKept(w, made)
		return
	}
	response.SetScopes(x.issued.Scopes)
	response.SetExpiresIn(x.issued.ExpiresAt.Sub(x.draft.at))
	e.provider.WriteAccessResponse(ctx, w, request, response)
}

// revoke answers 200 for a token that is gone or never was the caller's, and an error for everything that was not done.
func (e *edge) revoke(w http.ResponseWriter, r *http.Request) {
	if r.PostForm.Get("token") == "" {
		e.refuse(w, r, errMissingToken)
		return
	}
	if err := e.provider.NewRevocationRequest(e.supposing(r), r); err != nil {
		e.refuse(w, r, err)
		return
	}
	noStore(w.Header())
	w.WriteHeader(http.StatusOK)
}

func (e *edge) introspect(w http.ResponseWriter, r *http.Request) {
	by, err := e.client(r)
	if err != nil {
		e.refuse(w, r, err)
		return
	}
	token := r.PostForm.Get("token")
	if token == "" {
		e.refuse(w, r, errMissingToken)
		return
	}
	answer, err := &Introspection{}, error(nil)
	if !e.without(r) {
		answer, err = e.service.Introspect(r.Context(), by, token)
	}
	if err != nil {
		e.refuse(w, r, err)
		return
	}
	noStore(w.Header())
	writeJSON(w, http.StatusOK, answer)
}

var errMissingToken = fosite.ErrInvalidRequest.WithHint("The parameter token is missing.")
