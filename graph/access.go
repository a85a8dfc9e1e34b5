package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/meter"
)

var (
	errCredentials = pontage.E(pontage.Unauthenticated, "This needs credentials: an API key by HTTP Basic, a session, or a token with the field's scope.")
	errCaller      = pontage.E(pontage.Forbidden, "These credentials do not open this field.")
	errNoScope     = pontage.E(pontage.ScopeMissing, "The token does not hold the scope of this field.")
)

// access is the directive @access: it lets a field be resolved for the callers it names. What they may do inside is for the rules to say: the
// permission that the directive names is what the rules ask a member for, and the access matrix proves that they do.
func (a *api) access(ctx context.Context, _ any, next graphql.Resolver, by []model.Caller, operation *string, _ *pontage.Permission) (any, error) {
	if err := a.mayUse(ctx, by, operation); err != nil {
		return nil, err
	}
	return next(ctx)
}

func (a *api) mayUse(ctx context.Context, by []model.Caller, operation *string) error {
	x := exchangeOf(ctx)
	switch {
	case slices.Contains(by, model.CallerAnyone):
		return nil
	case x.caller == model.CallerAnyone:
		return errCredentials
	case !slices.Contains(by, x.caller):
		return errCaller
	case x.caller == model.CallerToken:
		return a.mayToken(x, operation)
	}
	return nil
}

// mayToken wants the scope of the field's REST operation and counts the request against its rate, once.
func (a *api) mayToken(x *exchange, operation *string) error {
	if operation == nil {
		return errCaller
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	if err, done := x.counted[*operation]; done {
		return err
	}
	method, path, _ := strings.Cut(*operation, " ")
	match, err := a.Catalog.Match(method, a.PlatformHost, path)
	if err != nil {
		return err
	}
	if _, ok := x.members[match.Scope.ID]; !ok {
		err = errNoScope
	} else {
		err = a.allowRate(meter.RateKey{LineageID: x.actor.Bearer.ID, ScopeID: match.Scope.ID}, match.Scope.RatePerMinute)
	}
	if x.counted == nil {
		x.counted = map[string]error{}
	}
	x.counted[*operation] = err
	return err
}
