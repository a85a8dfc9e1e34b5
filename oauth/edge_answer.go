package oauth

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ory/fosite"

	"github.com/pontage/pontage"
)

// refuse answers with the OAuth form of an error. Ours inside a fosite error decides, except where the client itself is at fault.
func (e *edge) refuse(w http.ResponseWriter, r *http.Request, err error) {
	shown := oauthError(err)
	status := shown.CodeField
	var ours *pontage.Error
	if errors.As(err, &ours) && shown.ErrorField == fosite.ErrTemporarilyUnavailable.ErrorField {
		status = ours.Code.Failure().Status
		pontage.SetRetryAfter(w.Header(), max(ours.RetryAfter, time.Second))
	}
	if ours != nil && (ours.Code == pontage.KeyReused || ours.Code == pontage.KeyInProgress) {
		status = ours.Code.Failure().Status
		pontage.SetRetryAfter(w.Header(), ours.RetryAfter)
	}
	if status >= http.StatusInternalServerError && r.Context().Err() == nil {
		e.service.log.ErrorContext(r.Context(), "an OAuth request failed", "path", r.URL.Path, "error", err)
	}
	e.refuseAs(w, status, shown)
}

func (e *edge) refuseAs(w http.ResponseWriter, status int, err *fosite.RFC6749Error) {
	if errors.Is(err, fosite.ErrInvalidClient) {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+e.service.issuer+`", charset="UTF-8"`)
	}
	noStore(w.Header())
	writeJSON(w, status, map[string]string{"error": err.ErrorField, "error_description": err.GetDescription()})
}

func oauthError(err error) *fosite.RFC6749Error {
	var ours *pontage.Error
	var rfc *fosite.RFC6749Error
	known := errors.As(err, &rfc)
	if !errors.As(err, &ours) {
		if !known {
			return fosite.ErrServerError
		}
		return rfc
	}
	switch ours.Code {
	case pontage.Unavailable, pontage.RateLimited:
		return fosite.ErrTemporarilyUnavailable.WithHint("Try again.")
	case pontage.Unauthenticated, pontage.TokenExpired, pontage.TokenRevoked:
		return fosite.ErrInvalidGrant.WithHint("The refresh token is not good, or not for this client.")
	case pontage.InvalidInput, pontage.Unprocessable, pontage.Forbidden, pontage.KeyReused, pontage.KeyInProgress:
		if strings.HasPrefix(ours.Field, "/scopes") {
			return fosite.ErrInvalidScope.WithHint(ours.Message)
		}
		return fosite.ErrInvalidRequest.WithHint(ours.Message)
	}
	return fosite.ErrServerError
}

func noStore(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, `{"error":"server_error"}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	w.Write(text) // a connection that breaks here has nobody left to tell
}

// serverMetadata is RFC 8414, with what is true of this release only.
type serverMetadata struct {
	Issuer                string   `json:"issuer"`
	TokenEndpoint         string   `json:"token_endpoint"`
	IntrospectionEndpoint string   `json:"introspection_endpoint"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	ResponseTypes         []string `json:"response_types_supported"`
	GrantTypes            []string `json:"grant_types_supported"`
	TokenAuth             []string `json:"token_endpoint_auth_methods_supported"`
	IntrospectionAuth     []string `json:"introspection_endpoint_auth_methods_supported"`
	RevocationAuth        []string `json:"revocation_endpoint_auth_methods_supported"`
}

func (e *edge) metadata(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		e.refuseAs(w, http.StatusMethodNotAllowed, fosite.ErrInvalidRequest.WithHint("Use GET."))
		return
	}
	issuer, methods := e.service.issuer, []string{"client_secret_basic", "client_secret_post"}
	w.Header().Set("Cache-Control", "public, max-age=300")
	writeJSON(w, http.StatusOK, serverMetadata{
		Issuer: issuer, TokenEndpoint: issuer + tokenPath, IntrospectionEndpoint: issuer + introspectPath,
		RevocationEndpoint: issuer + revokePath,
		ResponseTypes:      []string{}, // there is no authorization endpoint
		GrantTypes:         []string{"client_credentials", "refresh_token"},
		TokenAuth:          methods, IntrospectionAuth: methods, RevocationAuth: methods,
	})
}
