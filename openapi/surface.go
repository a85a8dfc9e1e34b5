package openapi

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/pontage/pontage"
)

// Mux is what generated code registers its operations with.
type Mux interface {
	HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request))
	http.Handler
}

// Config is what a Surface is made of; all but Clamp and ValidateResponses is needed, Idempotency and Identify only where an operation
// takes an Idempotency-Key.
type Config struct {
	// Document is OpenAPI 3.0 in YAML or JSON.
	Document []byte
	// Rules are the contract's numbers by operationId.
	Rules map[string][]Rule
	// Clamp names the operations whose query parameters are cut to their maximum instead of refused.
	Clamp map[string]bool
	// Authenticate says who calls and whether they may call this operation now; it may write headers.
	Authenticate func(w http.ResponseWriter, r *http.Request, op *Operation) (pontage.Actor, error)
	// Challenge gives the WWW-Authenticate lines of a 401.
	Challenge func(r *http.Request) []string
	// Idempotency gives requests their keys.
	Idempotency *pontage.Idempotency
	// Identify says whose request it is that Authenticate let pass, and the secret that proved it.
	Identify func(r *http.Request, by pontage.Actor) (pontage.AccountID, string, error)
	// Register hands the operations' handlers to the mux.
	Register func(Mux)
	Clock    pontage.Clock
	Logger   *slog.Logger
	// ValidateResponses checks every answer against the document; one that does not fit is logged and becomes a failure of ours.
	ValidateResponses bool
}

// Surface answers requests by one document. It is safe for concurrent use.
type Surface struct {
	Config
	router router
}

// New checks the document and that every operation of it has a handler.
func New(c Config) (*Surface, error) {
	operations, err := load(c.Document, c.Rules)
	if err != nil {
		return nil, err
	}
	for _, op := range operations {
		if op.repeatable && (c.Idempotency == nil || c.Identify == nil) {
			return nil, pontage.E(pontage.Internal, "%s takes keys, but Idempotency or Identify is missing.", op.ID)
		}
	}
	s := &Surface{Config: c, router: router{operations: operations}}
	c.Register(&s.router)
	if s.router.err != nil {
		return nil, s.router.err
	}
	if len(s.router.routes) != len(operations) {
		return nil, pontage.E(pontage.Internal, "%d operations have %d handlers.", len(operations), len(s.router.routes))
	}
	return s, nil
}

// ServeHTTP matches, authenticates, validates and calls the operation's handler, in this order, so that nobody learns about an
// operation's input without credentials.
func (s *Surface) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := s.exchange(w, r)
	r = r.WithContext(withExchange(r.Context(), x))
	defer s.recover(w, r)
	found, values, allowed := s.router.match(r.Method, r.URL.EscapedPath())
	switch {
	case found != nil:
		s.serve(w, r, x, found, values)
	case len(allowed) == 0:
		s.Fail(w, r, pontage.E(pontage.OperationNotFound, "There is nothing at this path."))
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.Fail(w, r, pontage.E(pontage.MethodNotAllowed, "This path takes %s.", strings.Join(allowed, ", ")))
	}
}

func (s *Surface) serve(w http.ResponseWriter, r *http.Request, x *exchange, found *route, values map[string]string) {
	x.operation = found.operation
	var err error
	if x.actor, err = s.Authenticate(w, r, x.operation); err != nil {
		s.Fail(w, r, err)
		return
	}
	x.actor.Request = x.request
	// The query is cleaned below; who logs this request must see what came.
	address := *r.URL
	r.URL = &address
	if err = x.operation.validateParameters(r, values, s.Clamp[x.operation.ID]); err == nil && x.actor.Kind != pontage.ActorRefresh {
		// Whoever rotates has nothing more to say: a body that comes along is not looked at.
		x.body, err = x.operation.readBody(w, r)
	}
	if err != nil {
		s.Fail(w, r, err)
		return
	}
	answered, err := s.begin(w, r, x)
	defer func() { x.actor.Once.End() }()
	if err != nil {
		s.Fail(w, r, err)
		return
	}
	if answered {
		return
	}
	for name, value := range values {
		r.SetPathValue(name, value)
	}
	found.handle(w, r)
}
