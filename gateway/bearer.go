package gateway

import (
	"net/http"
	"strings"

	"github.com/pontage/pontage"
)

// maxAuthorization bounds the Authorization header in bytes.
const maxAuthorization = 512

// The refusals before anything is known of the caller.
var (
	errNoBearer  = pontage.E(pontage.Unauthenticated, "A bearer token is needed: send the header Authorization: Bearer <token>.")
	errBadBearer = pontage.E(pontage.Unauthenticated, "The Authorization header is not one bearer token.")
)

// readBearer takes the bearer from the one Authorization header; a query or form parameter is never looked at.
func readBearer(h http.Header) (string, error) {
	values := h["Authorization"]
	if len(values) == 0 {
		return "", errNoBearer
	}
	if len(values) > 1 || len(values[0]) > maxAuthorization {
		return "", errBadBearer
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.Trim(token, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", errBadBearer
	}
	for _, c := range []byte(token) {
		if !tokenByte(c) {
			return "", errBadBearer
		}
	}
	return token, nil
}

// tokenByte says whether c may stand in a bearer: the characters of RFC 6750's b64token.
func tokenByte(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	return strings.IndexByte("-._~+/=", c) >= 0
}
