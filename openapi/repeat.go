package openapi

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/pontage/pontage"
)

// begin gives the request its Once where it has a key and its operation takes one. A repeat is answered here as it was the first
// time; answered says so. Whoever begins must end.
func (s *Surface) begin(w http.ResponseWriter, r *http.Request, x *exchange) (answered bool, err error) {
	if !x.operation.repeatable {
		return false, nil
	}
	key, err := pontage.IdempotencyKeyOf(r.Header)
	if key == "" || err != nil {
		return false, err
	}
	account, credential, err := s.Identify(r, x.actor)
	if err != nil {
		return false, err
	}
	once, err := s.Idempotency.Begin(r.Context(), pontage.IdempotentRequest{
		AccountID: account, Route: x.operation.Method + " " + x.operation.Path, Key: key, Credential: credential,
		Parts: []string{r.URL.EscapedPath(), r.URL.RawQuery, string(x.body)},
	})
	if err != nil {
		return false, err
	}
	if before := once.Before(); before != nil {
		s.replay(w, r, before)
		return true, nil
	}
	x.actor.Once = once
	return false, nil
}

func (s *Surface) replay(w http.ResponseWriter, r *http.Request, a *pontage.KeptAnswer) {
	w.Header().Set(pontage.IdempotencyReplayed, "true")
	s.send(w, r, a.Status, a.Body)
}

// recall answers a request that failed only because another one under its key was faster; it says whether it did.
func (s *Surface) recall(w http.ResponseWriter, r *http.Request, x *exchange) (bool, error) {
	before, err := x.actor.Once.Recall(r.Context())
	if before == nil || err != nil {
		return false, err
	}
	s.replay(w, r, before)
	return true, nil
}

// Repeatable gives who calls, for the rule that a request with a key may reach only once: show makes the answer's data of the rule's
// result, inside the rule's unit of work and by what r reads alone. After a success Answer writes what was kept.
func Repeatable[T any](r *http.Request, show func(ctx context.Context, r pontage.Reader, result T) (any, error)) pontage.Actor {
	by := Actor(r)
	by.Once.Encode(func(ctx context.Context, reader pontage.Reader, result any) (pontage.KeptAnswer, error) {
		of, _ := result.(T) // a rule without a result keeps nil
		data, err := show(ctx, reader, of)
		if err != nil {
			return pontage.KeptAnswer{}, err
		}
		body, err := json.Marshal(pontage.Success(data))
		return pontage.KeptAnswer{Status: http.StatusOK, Body: body}, err
	})
	return by
}

// AnswerKept answers with what the rule kept; it must follow a rule's success. It says whether there was anything.
func (s *Surface) AnswerKept(w http.ResponseWriter, r *http.Request) bool {
	made := exchangeOf(r).actor.Once.Made()
	if made != nil {
		s.send(w, r, made.Status, made.Body)
	}
	return made != nil
}
