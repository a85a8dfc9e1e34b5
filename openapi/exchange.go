package openapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/pontage/pontage"
)

// RequestHeader names the header that carries the request id.
const RequestHeader = "Pontage-Request-Id"

type exchangeKey struct{}

// exchange is what the surface knows of one request; it travels with the request as far as the handler and no further.
type exchange struct {
	operation *Operation
	actor     pontage.Actor
	request   pontage.RequestID
	body      []byte
}

// exchange names the request, by the id a listener in front of us gave it if there is one.
func (s *Surface) exchange(w http.ResponseWriter, _ *http.Request) *exchange {
	x := &exchange{request: pontage.RequestID(w.Header().Get(RequestHeader))}
	if x.request == "" {
		x.request = pontage.NewRequestID(s.Clock.Now())
		w.Header().Set(RequestHeader, string(x.request))
	}
	return x
}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func exchangeOf(r *http.Request) *exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	if x == nil {
		return &exchange{}
	}
	return x
}

// Actor gives who calls, as Authenticate said.
func Actor(r *http.Request) pontage.Actor { return exchangeOf(r).actor }

// Decode gives the validated body as T; an absent body leaves T zero. What the schema lets pass and T does not, a number with too
// many decimals for one, is InvalidInput.
func Decode[T any](r *http.Request) (T, error) {
	var v T
	body := exchangeOf(r).body
	if len(body) == 0 {
		return v, nil
	}
	err := json.Unmarshal(body, &v)
	var e *pontage.Error
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return v, nil
	case errors.As(err, &e):
		return v, e
	case errors.As(err, &wrongType):
		return v, invalid("/"+strings.ReplaceAll(wrongType.Field, ".", "/"), "type", "The value is out of range.")
	}
	return v, invalid("", "type", "The body does not fit the document.")
}

// recover answers a panic of a handler as an internal failure; the log has the stack.
func (s *Surface) recover(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.Fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
}
