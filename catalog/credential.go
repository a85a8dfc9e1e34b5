package catalog

import (
	"context"
	"encoding/json"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/pontage/pontage"
)

// credentialLabel binds a sealed credential to its host, so that a row cannot be moved to another API.
func credentialLabel(host string) string { return "upstream-credential:" + host }

// SetCredential stores the header lines added to every call for the upstream of host, sealed; empty headers take them away. The
// operator alone may (Forbidden). NotFound for an unknown host; InvalidInput at "headers" for a name or value that no header can
// have, or one that the gateway writes itself.
func (s *Service) SetCredential(ctx context.Context, by pontage.Actor, host string, headers http.Header) error {
	if err := operatorOnly(by); err != nil {
		return err
	}
	if err := checkHeaders(headers); err != nil {
		return err
	}
	err := s.Store.Write(ctx, func(tx pontage.Tx) error {
		if err := tx.BumpCatalogVersion(ctx); err != nil {
			return err
		}
		a, err := tx.APIByHost(ctx, s.Host(host))
		if err != nil {
			return err
		}
		a.CredentialKeyID, a.Credential = "", nil
		if len(headers) > 0 {
			plain, err := json.Marshal(headers)
			if err != nil {
				return err
			}
			a.CredentialKeyID, a.Credential = s.Keys.Seal(credentialLabel(a.Host), plain)
		}
		a.UpdatedAt = s.Clock.Now()
		return tx.PutAPI(ctx, *a)
	})
	if err != nil {
		return err
	}
	return s.Refresh(ctx)
}

// Credential opens the header lines for an API's upstream; nil where it has none. An error says that the key is missing.
func (s *Service) Credential(a *pontage.API) (http.Header, error) {
	if len(a.Credential) == 0 {
		return nil, nil
	}
	plain, err := s.Keys.Open(credentialLabel(a.Host), a.CredentialKeyID, a.Credential)
	if err != nil {
		return nil, err
	}
	var headers http.Header
	return headers, json.Unmarshal(plain, &headers)
}

// checkHeaders refuses what would break a request or undo what the gateway does.
func checkHeaders(headers http.Header) error {
	for name, values := range headers {
		canonical := textproto.CanonicalMIMEHeaderKey(name)
		for _, value := range values {
			if strings.ContainsAny(value, "\r\n\x00") || len(value) > 8<<10 {
				return pontage.E(pontage.InvalidInput, "The value of header %q is not allowed.", clip(name)).At("headers")
			}
		}
		if !validHeaderName(name) || ownHeaders[canonical] || strings.HasPrefix(canonical, "Pontage-") {
			return pontage.E(pontage.InvalidInput, "Header %q is not allowed.", clip(name)).At("headers")
		}
	}
	return nil
}

// ownHeaders are those whose meaning belongs to the connection.
var ownHeaders = map[string]bool{"Host": true, "Connection": true, "Content-Length": true, "Transfer-Encoding": true,
	"Upgrade": true, "Te": true, "Trailer": true, "Keep-Alive": true, "Proxy-Connection": true}

func validHeaderName(name string) bool {
	for _, c := range []byte(name) {
		if !isAlphanumeric(c) && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return name != ""
}
