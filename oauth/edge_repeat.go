package oauth

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

type provedKey struct{}

// proved is the client that begin proved already, so that it is not asked, and its rate not counted, twice.
func proved(ctx context.Context) (pontage.Actor, bool) {
	by, ok := ctx.Value(provedKey{}).(pontage.Actor)
	return by, ok
}

// begin gives a token request its Once where it has an Idempotency-Key; for that the client is proved first. The context carries what
// was proved to where fosite asks for it.
func (e *edge) begin(r *http.Request, x *exchange) (context.Context, error) {
	key, err := pontage.IdempotencyKeyOf(r.Header)
	if err != nil || key == "" || e.service.idempotency == nil {
		return r.Context(), err
	}
	by, err := e.client(r)
	if err != nil {
		return r.Context(), err
	}
	_, secret, err := clientCredentials(r.Header.Values("Authorization"), r.PostForm)
	if err != nil {
		return r.Context(), err
	}
	form := maps.Clone(r.PostForm)
	delete(form, "client_id")
	delete(form, "client_secret")
	x.once, err = e.service.idempotency.Begin(r.Context(), pontage.IdempotentRequest{
		AccountID: by.AccountID, Route: "POST " + tokenPath + " " + string(by.ClientID), Key: key, Credential: secret,
		Parts: append([]string{form.Encode()}, r.Header.Values(domainHeader)...),
	})
	if err != nil {
		return r.Context(), err
	}
	by.Once = x.once
	by.Once.Encode(x.encode)
	return context.WithValue(r.Context(), provedKey{}, by), nil
}

// encode makes the answer fosite would write: RFC 6749, section 5.1.
func (x *exchange) encode(_ context.Context, _ pontage.Reader, result any) (pontage.KeptAnswer, error) {
	issued := result.(*Issued)
	answer := map[string]any{
		"access_token": issued.Bearer, "token_type": "bearer", "scope": strings.Join(issued.Scopes, " "),
		"expires_in": int64(issued.ExpiresAt.Sub(x.draft.at) / time.Second),
	}
	if issued.RefreshToken != "" {
		answer["refresh_token"] = issued.RefreshToken
	}
	body, err := json.Marshal(answer)
	return pontage.KeptAnswer{Status: http.StatusOK, Body: body}, err
}

// refuseUnlessAnswered refuses a token request, unless it failed only because another one under its key was faster.
func (e *edge) refuseUnlessAnswered(w http.ResponseWriter, r *http.Request, x *exchange, err error) {
	before, late := x.once.Recall(r.Context())
	switch {
	case before != nil:
		replay(w, before)
	case late != nil:
		e.refuse(w, r, late)
	default:
		e.refuse(w, r, err)
	}
}

func replay(w http.ResponseWriter, a *pontage.KeptAnswer) {
	w.Header().Set(pontage.IdempotencyReplayed, "true")
	writeKept(w, a)
}

func writeKept(w http.ResponseWriter, a *pontage.KeptAnswer) {
	noStore(w.Header())
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(a.Status)
	w.Write(a.Body) // a connection that breaks here has nobody left to tell
}
