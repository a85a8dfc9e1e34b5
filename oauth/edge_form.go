package oauth

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/ory/fosite"

	"github.com/pontage/pontage"
)

const (
	maxForm          = 64 << 10
	maxAuthorization = 1 << 10
)

// form lets only POSTs of a URL-encoded form through, at most 64 KiB, in which no parameter comes twice.
func (e *edge) form(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			e.refuseAs(w, http.StatusMethodNotAllowed, fosite.ErrInvalidRequest.WithHint("Use POST."))
			return
		}
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
			e.refuse(w, r, fosite.ErrInvalidRequest.WithHint("Send the parameters as application/x-www-form-urlencoded."))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		var tooLarge *http.MaxBytesError
		if err := r.ParseForm(); errors.As(err, &tooLarge) {
			e.refuseAs(w, http.StatusRequestEntityTooLarge, fosite.ErrInvalidRequest.WithHint("A form has at most 64 KiB."))
			return
		} else if err != nil {
			e.refuse(w, r, fosite.ErrInvalidRequest.WithHint("The form cannot be read."))
			return
		}
		for name, values := range r.PostForm {
			if len(values) > 1 {
				e.refuse(w, r, fosite.ErrInvalidRequest.WithHintf("The parameter %q comes more than once.", name))
				return
			}
		}
		next(w, r)
	})
}

// client proves who sends a request and counts it against the rate: only who is proved is counted, so that nobody can use up another's.
func (e *edge) client(r *http.Request) (pontage.Actor, error) {
	id, secret, err := clientCredentials(r.Header.Values("Authorization"), r.PostForm)
	if err != nil {
		return pontage.Actor{}, err
	}
	by, err := e.service.clients.AuthenticateClient(r.Context(), pontage.ClientID(id), secret)
	if pontage.CodeOf(err) == pontage.Unauthenticated {
		return pontage.Actor{}, errInvalidClient
	}
	if err != nil {
		return by, err
	}
	return by, e.admit(r, by)
}

// authenticate is client for fosite.
func (e *edge) authenticate(ctx context.Context, r *http.Request, _ url.Values) (fosite.Client, error) {
	if by, ok := proved(ctx); ok {
		return &client{by}, nil
	}
	by, err := e.client(r)
	if err != nil {
		return nil, err
	}
	return &client{by}, nil
}

// clientCredentials reads client_secret_basic or client_secret_post, and refuses both at once. Credentials in a bearer header or in the
// query string are none.
func clientCredentials(headers []string, form url.Values) (id, secret string, err error) {
	switch {
	case len(headers) > 1:
		return "", "", fosite.ErrInvalidRequest.WithHint("There is more than one Authorization header.")
	case len(headers) == 0:
		id, secret = form.Get("client_id"), form.Get("client_secret")
	default:
		if id, secret, err = basicCredentials(headers[0]); err != nil {
			return "", "", err
		}
		if form.Has("client_secret") || form.Has("client_id") && form.Get("client_id") != id {
			return "", "", fosite.ErrInvalidRequest.WithHint("The client authenticates in more than one way.")
		}
	}
	if id == "" || secret == "" {
		return "", "", errInvalidClient
	}
	return id, secret, nil
}

// basicCredentials reads one Basic header; both halves are form-encoded inside it.
func basicCredentials(header string) (id, secret string, err error) {
	if len(header) > maxAuthorization {
		return "", "", errInvalidClient
	}
	r := http.Request{Header: http.Header{"Authorization": {header}}}
	user, password, ok := r.BasicAuth()
	if !ok {
		return "", "", errInvalidClient
	}
	id, errID := url.QueryUnescape(user)
	secret, errSecret := url.QueryUnescape(password)
	if errID != nil || errSecret != nil || strings.ContainsRune(id, 0) {
		return "", "", errInvalidClient
	}
	return id, secret, nil
}

var errInvalidClient = fosite.ErrInvalidClient.WithHint("Send a client id and a secret that belong together.")
