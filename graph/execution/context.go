package execution

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// place is a step of the path to a value. gqlgen's context of a field is made of it only when somebody asks: an error for its path, or
// a resolver below. Most fields are never asked.
type place struct {
	context.Context
	object string
	// field is nil for an element of a list, which stands at index.
	field *ast.Field
	index int
}

// Field is the context of a field of an object, under which its value is written.
func Field(ctx context.Context, object string, field graphql.CollectedField) context.Context {
	return &place{Context: ctx, object: object, field: field.Field}
}

// Element is the context of a list's element.
func Element(ctx context.Context, index int) context.Context {
	return &place{Context: ctx, index: index}
}

// Value implements context.Context.
func (p *place) Value(key any) any {
	value := p.Context.Value(key)
	above, ok := value.(*graphql.FieldContext)
	if !ok {
		return value
	}
	here := &graphql.FieldContext{Parent: above, Object: p.object}
	if p.field == nil {
		here.Index = &p.index
	} else {
		here.Field = graphql.CollectedField{Field: p.field, Selections: p.field.SelectionSet}
	}
	return here
}
