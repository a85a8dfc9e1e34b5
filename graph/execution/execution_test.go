package execution

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func field(alias string) graphql.CollectedField {
	return graphql.CollectedField{Field: &ast.Field{Name: alias, Alias: alias, Position: &ast.Position{Line: 1, Column: 2}}}
}

// under is the context of a field of the query, as gqlgen makes it.
func under(t *testing.T, alias string) context.Context {
	present := func(_ context.Context, err error) *gqlerror.Error {
		var shown *gqlerror.Error
		if !errors.As(err, &shown) {
			t.Fatalf("%v has no path", err)
		}
		return shown
	}
	ctx := graphql.WithResponseContext(t.Context(), present, func(_ context.Context, p any) error { return errors.New(p.(string)) })
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query", Field: field(alias)})
}

// Who gets an error must find the very value: its path is whole though no context of gqlgen's was made on the way down.
func TestPathsAreWhole(t *testing.T) {
	ctx := under(t, "tokens")
	var below context.Context
	List(Field(ctx, "TokenConnection", field("nodes")), 3, func(ctx context.Context, i int) graphql.Marshaler {
		below = Field(ctx, "Token", field("mine"))
		return graphql.MarshalString("x")
	})
	if path := graphql.GetPath(below).String(); path != "tokens.nodes[2].mine" {
		t.Errorf("the path is %s", path)
	}
	if fc := graphql.GetFieldContext(below); fc.Object != "Token" || fc.Field.Alias != "mine" {
		t.Errorf("the field is %s.%s", fc.Object, fc.Field.Alias)
	}
	nested := graphql.WithFieldContext(below, &graphql.FieldContext{Field: field("client")})
	if path := graphql.GetPath(nested).String(); path != "tokens.nodes[2].mine.client" {
		t.Errorf("below it the path is %s", path)
	}
}

// A field that fails, or panics, is null and says so; the request goes on.
func TestFailuresAreShownAtTheirField(t *testing.T) {
	for name, resolve := range map[string]func(context.Context) graphql.Marshaler{
		"an error": func(ctx context.Context) graphql.Marshaler { return Fail(ctx, errors.New("broken")) },
		"a panic": func(ctx context.Context) (ret graphql.Marshaler) {
			defer Recover(ctx, &ret)
			panic("broken")
		},
	} {
		ctx := under(t, "viewer")
		if got := resolve(Field(ctx, "Account", field("name"))); got != graphql.Null {
			t.Errorf("%s gives %v", name, got)
		}
		errs := graphql.GetErrors(ctx)
		if len(errs) != 1 || errs[0].Path.String() != "viewer.name" || errs[0].Message != "broken" {
			t.Errorf("%s shows %v", name, errs)
		}
	}
}

// An answer must be JSON whatever was asked for, each name once, whether it is written to a buffer or elsewhere.
func TestObjectsAreWritten(t *testing.T) {
	for _, c := range []struct {
		aliases []string
		want    string
	}{
		{nil, `{}`}, {[]string{"a"}, `{"a":1}`}, {[]string{"a", "b", "a", "c"}, `{"a":1,"b":1,"c":1}`},
	} {
		var fields []graphql.CollectedField
		for _, alias := range c.aliases {
			fields = append(fields, field(alias))
		}
		s := NewFieldSet(fields)
		for i := range fields {
			s.Concurrently(i, func(context.Context) graphql.Marshaler { return graphql.MarshalInt(1) })
		}
		s.Dispatch(t.Context())
		var direct, elsewhere bytes.Buffer
		s.MarshalGQL(&direct)
		s.MarshalGQL(struct{ io.Writer }{&elsewhere})
		if direct.String() != c.want || elsewhere.String() != c.want {
			t.Errorf("%v: %s and %s, want %s", c.aliases, &direct, &elsewhere, c.want)
		}
	}
}

// An answer goes where the transport says, so that it can take the memory back.
func TestAnswersGoIntoTheirBuffer(t *testing.T) {
	var b bytes.Buffer
	if Buffer(WithBuffer(t.Context(), &b)) != &b || Buffer(t.Context()) == nil {
		t.Error("the buffer is another one")
	}
}
