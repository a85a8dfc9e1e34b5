package graph

import (
	"context"
	"net/http"
	"sync"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
)

// requestHeader names the header that carries the request id.
const requestHeader = "Pontage-Request-Id"

type exchangeKey struct{}

// exchange is what is known of one request; it travels in the context as far as the resolvers and no further.
type exchange struct {
	id pontage.RequestID
	// caller says how the request proved who it is from; CallerAnyone where it did not.
	caller model.Caller
	actor  pontage.Actor
	// members are the scopes of a token, secret is what proved the caller.
	members pontage.ScopeMembers
	secret  string
	header  http.Header
	// supposed is what the request is to meet in place of the truth.
	supposed pontage.Supposition
	// mutates says that the operation is a mutation.
	mutates bool

	// once is the request's key, before the result it was answered with when it came first.
	once   *pontage.Once
	before *pontage.KeptAnswer

	// batches read what the entries of pages need.
	batches *batches

	mutex sync.Mutex
	// counted are the REST operations this request was counted for.
	counted map[string]error
}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{caller: model.CallerAnyone, header: http.Header{}}
}

// become goes on as the person of a session.
func (x *exchange) become(by pontage.Actor, text string) {
	x.caller, x.actor, x.secret = model.CallerSession, by, text
}

// actor gives who asks.
func actor(ctx context.Context) pontage.Actor { return exchangeOf(ctx).actor }
