package execution

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// Fail makes a field null and says why.
func Fail(ctx context.Context, err error) graphql.Marshaler {
	graphql.AddError(ctx, graphql.AddFieldLocationToError(ctx, err))
	return graphql.Null
}

// Recover is deferred: a field whose resolver panics is null, and the rest of the answer is whole.
func Recover(ctx context.Context, field *graphql.Marshaler) {
	if p := recover(); p != nil {
		graphql.AddError(ctx, graphql.Recover(ctx, p))
		*field = graphql.Null
	}
}
