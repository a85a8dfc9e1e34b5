package main

import (
	"regexp"
	"strings"
)

// edit replaces a piece of generated code. In before, <name> stands for anything within a line, in after for what it was.
type edit struct {
	name, before, after string
}

// edits are made in every file, in this order.
var edits = []edit{{
	name: "a field that is read off its object",
	before: `
func (ec *executionContext) <function>(ctx context.Context, field graphql.CollectedField, obj <type>) (ret graphql.Marshaler) {
	return graphql.ResolveField(
		ctx,
		ec.OperationContext,
		field,
		func(ctx context.Context, field graphql.CollectedField) (*graphql.FieldContext, error) {
			return ec.fieldContext_<object>_<field>(ctx, field)
		},
		func(ctx context.Context) (any, error) {
			return obj.<value>, nil
		},
		nil,
		func(ctx context.Context, selections ast.SelectionSet, v <result>) graphql.Marshaler {
			return ec.<marshal>(ctx, selections, v)
		},
		true,
		<required>,
	)
}
`,
	after: `
func (ec *executionContext) <function>(ctx context.Context, field graphql.CollectedField, obj <type>) graphql.Marshaler {
	return ec.<marshal>(execution.Field(ctx, "<object>", field), field.Selections, obj.<value>)
}
`,
}, {
	name: "a field with a resolver that takes no arguments",
	before: `
func (ec *executionContext) <function>(ctx context.Context, field graphql.CollectedField, obj <type>) (ret graphql.Marshaler) {
	return graphql.ResolveField(
		ctx,
		ec.OperationContext,
		field,
		func(ctx context.Context, field graphql.CollectedField) (*graphql.FieldContext, error) {
			return ec.fieldContext_<object>_<field>(ctx, field)
		},
		func(ctx context.Context) (any, error) {
			return ec.Resolvers.<resolver>(ctx, obj)
		},
		nil,
		func(ctx context.Context, selections ast.SelectionSet, v <result>) graphql.Marshaler {
			return ec.<marshal>(ctx, selections, v)
		},
		true,
		<required>,
	)
}
`,
	after: `
func (ec *executionContext) <function>(ctx context.Context, field graphql.CollectedField, obj <type>) (ret graphql.Marshaler) {
	ctx = execution.Field(ctx, "<object>", field)
	defer execution.Recover(ctx, &ret)
	v, err := ec.Resolvers.<resolver>(ctx, obj)
	if err != nil {
		return execution.Fail(ctx, err)
	}
	return ec.<marshal>(ctx, field.Selections, v)
}
`,
}, {
	name: "the elements of a list",
	before: `graphql.MarshalSliceConcurrently(ctx, len(v), 0, false, func(ctx context.Context, i int) graphql.Marshaler {
		fc := graphql.GetFieldContext(ctx)
		fc.Result = &v[i]
`,
	after: `execution.List(ctx, len(v), func(ctx context.Context, i int) graphql.Marshaler {
`,
}, {
	name: "the values of an object",
	before: `	out := graphql.NewFieldSet(fields)
	deferredFieldSet := graphql.NewFieldSet(nil)
	deferLabelToView := make(map[string]*graphql.FieldSetView)
`,
	after: `	out := execution.NewFieldSet(fields)
`,
}, {
	name:   "a field with a resolver",
	before: `innerFunc := func(ctx context.Context, fs *graphql.FieldSet) (`,
	after:  `innerFunc := func(ctx context.Context, fs *execution.FieldSet) (`,
}, {
	name: "a field that may be deferred: the answer is whole at once, which @defer allows",
	before: `			if field.IsDeferred() {
				deferredFieldSet.AddField(field)
				fieldIndex := len(deferredFieldSet.Values) - 1
				deferredFieldSet.Concurrently(fieldIndex, func(ctx context.Context) graphql.Marshaler {
					return innerFunc(ctx, deferredFieldSet)
				})

				for _, deferrable := range field.Deferrables {
					view, ok := deferLabelToView[deferrable.Label]
					if !ok {
						view = deferredFieldSet.NewView()
						deferLabelToView[deferrable.Label] = view
					}
					view.AddIndices(fieldIndex)
				}

				// don't run the out.Concurrently() call below
				out.Values[i] = graphql.Null
				continue
			}

`,
}, {
	name: "the end of an object",
	before: `	atomic.AddInt32(&ec.Deferred, int32(min(len(deferLabelToView), math.MaxInt32)))

	ec.ProcessDeferredGroup(graphql.DeferredGroup{
		Defers:   deferLabelToView,
		Path:     graphql.GetPath(ctx),
		FieldSet: deferredFieldSet,
		Context:  ctx,
	})

`,
}, {
	name: "where the answer goes",
	before: `var buf bytes.Buffer
			data.MarshalGQL(&buf)
`,
	after: `buf := execution.Buffer(ctx)
			data.MarshalGQL(buf)
`,
}, {
	name: "the readers of inputs by type, which no resolver asks for",
	before: `			ctx = graphql.WithUnmarshalerMap(ctx, inputUnmarshalMap)
`,
}}

// placeholder finds <name> in an edit.
var placeholder = regexp.MustCompile(`<(\w+)>`)

// pattern is before as an expression.
func (e edit) pattern() *regexp.Regexp {
	return regexp.MustCompile(placeholder.ReplaceAllString(quoteAround(e.before), `(?P<$1>[^\n]+?)`))
}

// quoteAround quotes all but the placeholders.
func quoteAround(text string) string {
	text = regexp.QuoteMeta(text)
	return strings.NewReplacer(`\<`, `<`, `\>`, `>`).Replace(text)
}

// replacement is after for regexp's ReplaceAll.
func (e edit) replacement() string {
	return placeholder.ReplaceAllString(strings.ReplaceAll(e.after, "$", "$$"), `$${$1}`)
}
