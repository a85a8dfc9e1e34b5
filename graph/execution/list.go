package execution

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// List writes the elements of a list one after the other. What they need from elsewhere is read for all of them by the first that asks,
// so none would wait while another one works.
func List(ctx context.Context, length int, element func(ctx context.Context, index int) graphql.Marshaler) graphql.Array {
	all := make(graphql.Array, length)
	for i := range all {
		all[i] = element(Element(ctx, i), i)
	}
	return all
}
