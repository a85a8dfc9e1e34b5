package graph

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pontage/pontage"
)

// route names the API among those whose requests have keys.
const route = "POST /graphql"

// begin gives a mutation its Once where the request has a key. Whoever begins must end.
func (a *api) begin(ctx context.Context, x *exchange, r *http.Request, p *params, op *ast.OperationDefinition) error {
	key, err := pontage.IdempotencyKeyOf(r.Header)
	if key == "" || err != nil || op.Operation != ast.Mutation {
		return err
	}
	if len(op.SelectionSet) != 1 {
		return pontage.E(pontage.InvalidInput, "A request with a key holds one mutation.").At(pontage.IdempotencyHeader)
	}
	if _, isField := op.SelectionSet[0].(*ast.Field); !isField || x.actor.AccountID == "" {
		return pontage.E(pontage.InvalidInput, "A key needs credentials and a mutation that stands for itself.").At(pontage.IdempotencyHeader)
	}
	x.once, err = a.Idempotency.Begin(ctx, pontage.IdempotentRequest{
		AccountID: x.actor.AccountID, Route: route, Key: key, Credential: x.secret,
		Parts: []string{p.query, p.operationName, string(p.rawVariables), string(p.file)},
	})
	x.before = x.once.Before()
	return err
}

// repeatable runs a mutation's rule, or gives the result it had when the request came first. What the rule keeps must be a T, or
// nothing where a T is made of the input alone.
func repeatable[T any](ctx context.Context, rule func(ctx context.Context, by pontage.Actor) (T, error)) (result T, err error) {
	x := exchangeOf(ctx)
	if x.before != nil {
		return replay[T](x, x.before)
	}
	by := x.actor
	by.Once = x.once
	by.Once.Encode(func(_ context.Context, _ pontage.Reader, result any) (pontage.KeptAnswer, error) {
		body, err := json.Marshal(result)
		return pontage.KeptAnswer{Status: http.StatusOK, Body: body}, err
	})
	if result, err = rule(ctx, by); err == nil {
		return result, nil
	}
	// It may have failed only because another request under its key was faster.
	if before, failed := x.once.Recall(ctx); failed != nil || before != nil {
		if failed != nil {
			return result, failed
		}
		return replay[T](x, before)
	}
	return result, inInput(err)
}

func replay[T any](x *exchange, kept *pontage.KeptAnswer) (result T, err error) {
	x.mutex.Lock()
	x.header.Set(pontage.IdempotencyReplayed, "true")
	x.mutex.Unlock()
	return result, json.Unmarshal(kept.Body, &result)
}

// repeatedly is repeatable for a rule without a result.
func repeatedly(ctx context.Context, rule func(ctx context.Context, by pontage.Actor) error) error {
	_, err := repeatable(ctx, func(ctx context.Context, by pontage.Actor) (any, error) { return nil, rule(ctx, by) })
	return err
}
