package graph

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/cursor"
	"github.com/pontage/pontage/graph/execution"
	"github.com/pontage/pontage/graph/explorer"
	"github.com/pontage/pontage/graph/generated"
	"github.com/pontage/pontage/graph/limit"
)

// defaultRate is what scopes without a rate of their own have where nothing else is configured.
const defaultRate = 10_000

// timeout bounds the work on one request.
const timeout = 15 * time.Second

// api answers GraphQL over HTTP.
type api struct {
	Config
	executor  *executor.Executor
	schema    *ast.Schema
	limits    limit.Limits
	documents *documents
	checked   parsed
	// explorer is GraphiQL; nil where nothing is to be explored.
	explorer http.Handler
}

// path is where the API is served.
const path = "/graphql"

// New gives the handler of the GraphQL API, for "/graphql" and what lies below. The error names all that is missing.
func New(c Config) (http.Handler, error) {
	a, err := newAPI(c)
	if err != nil {
		return nil, err
	}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(a.refuseCrossOrigin))
	return guard.Handler(a), nil
}

func newAPI(c Config) (*api, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.RatePerMinute <= 0 {
		c.RatePerMinute = defaultRate
	}
	a := &api{Config: c, limits: limit.Default()}
	a.limits.Introspection = c.Explore
	schema := generated.NewExecutableSchema(generated.Config{
		Resolvers:  &Resolver{Config: c, cursors: cursor.Codec{Keys: c.Keys}},
		Directives: generated.DirectiveRoot{Access: a.access},
	})
	a.schema, a.executor = schema.Schema(), executor.New(schema)
	cache, err := newParsed()
	if err != nil {
		return nil, err
	}
	if a.checked, err = newParsed(); err != nil {
		return nil, err
	}
	if c.Explore {
		if a.explorer, err = explorer.New(); err != nil {
			return nil, err
		}
	}
	a.executor.SetQueryCache(cache)
	a.executor.SetErrorPresenter(a.present)
	a.executor.SetRecoverFunc(recovered)
	a.executor.SetParserTokenLimit(a.limits.Tokens)
	a.executor.SetDisableSuggestion(!c.Explore)
	a.documents, err = newDocuments(c)
	return a, err
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := a.exchange(w)
	if r.URL.Path != path {
		a.serveFile(w, r, x)
		return
	}
	if a.explorer != nil && explorer.Wants(r) {
		a.explorer.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		a.refuseMethod(w, r, x, "GET, POST")
		return
	}
	if err := a.authenticate(r, x); err != nil {
		a.refuse(w, r, x, err)
		return
	}
	x.batches = newBatches(&a.Config, x.actor)
	p, err := readParams(w, r, x)
	if err == nil {
		err = a.documents.find(p)
	}
	switch {
	case errors.Is(err, errUnknownDocument):
		a.refuseDocument(w, r, x, gqlerror.List{{Message: errUnknownDocument.Message, Extensions: map[string]any{"code": codeUnknownDocument}}})
	case err != nil:
		a.refuse(w, r, x, err)
	default:
		ctx, cancel := context.WithTimeout(withExchange(r.Context(), x), timeout)
		defer cancel()
		a.operate(ctx, w, r, x, p)
	}
}

// serveFile answers what lies below the API's address: the files of GraphiQL, or nothing.
func (a *api) serveFile(w http.ResponseWriter, r *http.Request, x *exchange) {
	if a.explorer == nil || r.Method != http.MethodGet {
		a.refuse(w, r, x, pontage.E(pontage.OperationNotFound, "There is nothing at this path."))
		return
	}
	a.explorer.ServeHTTP(w, r)
}

func (a *api) exchange(w http.ResponseWriter) *exchange {
	x := &exchange{id: pontage.RequestID(w.Header().Get(requestHeader)), caller: "ANYONE", header: w.Header()}
	if x.id == "" {
		x.id = pontage.NewRequestID(a.Clock.Now())
		w.Header().Set(requestHeader, string(x.id))
	}
	return x
}

// operate checks the document and executes it.
func (a *api) operate(ctx context.Context, w http.ResponseWriter, r *http.Request, x *exchange, p *params) {
	if err := a.precheck(ctx, p); err != nil {
		a.refuseDocument(w, r, x, gqlerror.List{a.documentError(ctx, err)})
		return
	}
	a.documents.keep(p)
	ctx = graphql.StartOperationTrace(ctx)
	oc, errs := a.executor.CreateOperationContext(ctx, &graphql.RawParams{
		Query: p.query, OperationName: p.operationName, Variables: p.variables, Headers: r.Header,
	})
	if len(errs) > 0 {
		a.refuseDocument(w, r, x, errs)
		return
	}
	oc.DisableIntrospection = !a.Explore
	if oc.Operation.Operation == ast.Mutation {
		x.mutates = true
		if r.Method == http.MethodGet {
			a.refuseMethod(w, r, x, "POST")
			return
		}
	}
	err := a.begin(ctx, x, r, p, oc.Operation)
	defer x.once.End()
	if err != nil {
		a.refuse(w, r, x, err)
		return
	}
	a.execute(ctx, w, r, x, oc)
}

func (a *api) execute(ctx context.Context, w http.ResponseWriter, r *http.Request, x *exchange, oc *graphql.OperationContext) {
	out := takeBuffer()
	defer giveBuffer(out)
	respond, ctx := a.executor.DispatchOperation(execution.WithBuffer(ctx, out), oc)
	response := respond(ctx)
	if response == nil { // the time is over, or the client has gone
		a.refuse(w, r, x, pontage.E(pontage.Unavailable, "The request took too long.").After(time.Second))
		return
	}
	a.write(w, r, x, http.StatusOK, response.Errors, response.Data)
}

// precheck looks at the document before anything dear does.
func (a *api) precheck(ctx context.Context, p *params) error {
	doc, known := a.checked.Get(ctx, p.query)
	if !known {
		var err error
		if doc, err = a.limits.Parse(p.query); err != nil {
			return err
		}
	}
	if err := a.limits.Check(a.schema, doc, p.variables); err != nil {
		return err
	}
	if !known {
		a.checked.Add(ctx, p.query, doc)
	}
	return nil
}

// documentError shows what is wrong with a document: the platform's errors by their codes, a syntax error as it is.
func (a *api) documentError(ctx context.Context, err error) *gqlerror.Error {
	var syntax *gqlerror.Error
	if !errors.As(err, &syntax) {
		shown := a.present(ctx, err)
		var beyond *limit.Refusal
		if errors.As(err, &beyond) {
			shown.Extensions["limit"], shown.Extensions["most"] = beyond.Limit, beyond.Most
		}
		return shown
	}
	return &gqlerror.Error{Message: syntax.Message, Locations: syntax.Locations, Extensions: map[string]any{"code": codeParse}}
}

func (a *api) refuseMethod(w http.ResponseWriter, r *http.Request, x *exchange, allowed string) {
	w.Header().Set("Allow", allowed)
	a.refuse(w, r, x, pontage.E(pontage.MethodNotAllowed, "This takes %s.", allowed))
}

// refuseCrossOrigin answers what a page of another site makes a browser send.
func (a *api) refuseCrossOrigin(w http.ResponseWriter, r *http.Request) {
	a.refuse(w, r, a.exchange(w), pontage.E(pontage.Forbidden, "Requests that a page of another site makes are not answered."))
}
