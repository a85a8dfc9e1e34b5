package token

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/token/generated"
)

// api has one method per operation; the interface it fulfils is generated from the document.
type api struct {
	Config
	*openapi.Surface
	// left are the operations this instance does not have.
	left []string
}

var _ generated.ServerInterface = (*api)(nil)

// New gives the handler of the token API: its operations, its documents at /openapi.json, /openapi.yaml and
// /oauthv2.openapi.json. Every other path is answered 404 in the envelope. The error names all that is missing.
func New(c Config) (http.Handler, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.DefaultRatePerMinute <= 0 {
		c.DefaultRatePerMinute = defaultRate
	}
	var with []Part
	if c.Play != nil {
		with = append(with, Play)
	}
	document, left, err := sourceWith(with...)
	if err != nil {
		return nil, err
	}
	a := &api{Config: c, left: left}
	a.Surface, err = openapi.New(openapi.Config{
		Document: document, Rules: rules, Clamp: map[string]bool{"listTokens": true, "listTransactions": true, "getTransaction": true},
		Authenticate: a.authenticate, Challenge: challenge, Register: a.register,
		Idempotency: c.Idempotency, Identify: a.identify,
		Clock: c.Clock, Logger: c.Logger, ValidateResponses: c.ValidateResponses,
	})
	if err != nil {
		return nil, err
	}
	plain, err := openapi.Render(document, strings.TrimSuffix(c.PublicURL, "/"), exampleHost, c.PlatformHost)
	if err != nil {
		return nil, err
	}
	return &pages{operations: a.Surface, editions: sync.OnceValues(func() (*edition.Edition, error) { return edition.Of(plain) })}, nil
}

func (a *api) register(mux openapi.Mux) {
	generated.HandlerWithOptions(a, generated.StdHTTPServerOptions{BaseRouter: without{mux, a.left}, ErrorHandlerFunc: a.badParameter})
}

// without is a mux that some operations are not registered with.
type without struct {
	openapi.Mux
	left []string
}

// HandleFunc registers a handler unless its operation is left out.
func (m without) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	if !slices.Contains(m.left, pattern) {
		m.Mux.HandleFunc(pattern, handle)
	}
}

// badParameter answers what passed the document and still does not fit its Go type, a number above 64 bits for one.
func (a *api) badParameter(w http.ResponseWriter, r *http.Request, err error) {
	e := pontage.E(pontage.InvalidInput, "The value is out of range.").Because(err)
	var bad *generated.InvalidParamFormatError
	if errors.As(err, &bad) {
		e = e.At(bad.ParamName)
	}
	a.Fail(w, r, e)
}
