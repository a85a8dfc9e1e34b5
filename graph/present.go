package graph

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/pontage/pontage"
)

// The codes of documents that cannot be executed.
const (
	codeParse      = errcode.ParseFailed
	codeValidation = errcode.ValidationFailed
	// codeUnknownDocument is Apollo's word for a hash that stands for no known document.
	codeUnknownDocument = "PERSISTED_QUERY_NOT_FOUND"
)

// present is the one place where errors become answers: the code, the path, the field at fault; nothing internal.
func (a *api) present(ctx context.Context, err error) *gqlerror.Error {
	var shown *gqlerror.Error
	if !errors.As(err, &shown) {
		return a.shown(ctx, graphql.GetPath(ctx), err)
	}
	if _, coded := shown.Extensions["code"]; coded && shown.Err == nil {
		return shown
	}
	cause := shown.Err
	if cause == nil { // gqlgen's own complaint, that a resolver gave null for one
		cause = errors.New(shown.Message)
	}
	out := a.shown(ctx, shown.Path, cause)
	out.Locations = shown.Locations
	return out
}

func (a *api) shown(ctx context.Context, path ast.Path, err error) *gqlerror.Error {
	var overflow *graphql.NumberOverflowError
	if errors.As(err, &overflow) {
		err = pontage.E(pontage.InvalidInput, "The number is out of range.")
	}
	e := pontage.Public(err)
	path, argument := atArgument(ctx, path)
	if argument != "" && e.Field == "" {
		e = e.At(argument)
	}
	x := exchangeOf(ctx)
	if e.Code == pontage.Internal && !errors.Is(err, context.Canceled) {
		a.Logger.ErrorContext(ctx, "GraphQL field", "request", x.id, "path", path.String(), "error", err)
	}
	return &gqlerror.Error{Message: e.Message, Path: path, Extensions: extensions(e)}
}

// atArgument cuts a path that leads into an argument, as that of a value its scalar refuses does, into the field's own path and the argument's
// place, as rules name it: a pointer in the input of a mutation, else words with dots.
func atArgument(ctx context.Context, path ast.Path) (ast.Path, string) {
	field := graphql.GetFieldContext(ctx)
	if field == nil || len(path) <= len(field.Path()) {
		return path, ""
	}
	var words []string
	for _, part := range path[len(field.Path()):] {
		words = append(words, fmt.Sprint(part))
	}
	if words[0] == "input" {
		return field.Path(), "/" + strings.Join(words, "/")
	}
	return field.Path(), strings.Join(words, ".")
}

// extensions are what a program needs of an error.
func extensions(e *pontage.Error) map[string]any {
	out := map[string]any{"code": e.Code.Extension()}
	if e.Field != "" {
		out["field"] = e.Field
	}
	if e.RetryAfter > 0 {
		out["retryAfterSeconds"] = int64((e.RetryAfter + time.Second - 1) / time.Second)
	}
	return out
}

// recovered makes an error of a resolver's panic.
func recovered(_ context.Context, p any) error {
	return fmt.Errorf("panic: %v\n%s", p, debug.Stack())
}

// inInput names the field at fault from the mutation's argument on.
func inInput(err error) error {
	e := pontage.Public(err)
	if strings.HasPrefix(e.Field, "/") {
		return e.At("/input" + e.Field)
	}
	return err
}

// renamed names the field at fault as the schema does, where the rule's word is another one.
func renamed(err error, from, to string) error {
	if err == nil {
		return nil
	}
	if e := pontage.Public(err); e.Field == from {
		return e.At(to)
	}
	return err
}
