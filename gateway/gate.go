package gateway

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/pontage/pontage"
)

// Where a proxy asks, and the header that proves it is the operator's.
const (
	PathCheck        = "/gate/check"
	PathOutcome      = "/gate/outcome"
	HeaderGateSecret = "Pontage-Gate-Secret"
)

var (
	errClosed     = pontage.E(pontage.Forbidden, "The gate is closed here: start the server with a gate listener of its own, or with a gate secret.")
	errSecret     = pontage.E(pontage.Forbidden, "The header %s is missing or wrong.", HeaderGateSecret)
	errNoGatePath = pontage.E(pontage.NotFound, "The gate answers %s and %s.", PathCheck, PathOutcome)
)

// Gate gives what other proxies ask: Check and Outcome under their paths. With a secret every request must carry it; without one
// whoever reaches the handler is taken for the operator's proxy, so it belongs on a listener that nobody else reaches.
func (g *Gateway) Gate(secret string) http.Handler {
	check, outcome, want := g.Check(), g.Outcome(), sha256.Sum256([]byte(secret))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := sha256.Sum256([]byte(r.Header.Get(HeaderGateSecret)))
		path := rawPath(r)
		switch {
		case secret != "" && subtle.ConstantTimeCompare(given[:], want[:]) != 1:
			g.deny(w, r, errSecret)
		case path == PathCheck || strings.HasPrefix(path, PathCheck+"/"):
			check.ServeHTTP(w, r)
		case path == PathOutcome:
			outcome.ServeHTTP(w, r)
		default:
			g.deny(w, r, errNoGatePath)
		}
	})
}

// ClosedGate answers where no gate is configured, in a way that every proxy takes for a refusal.
func (g *Gateway) ClosedGate() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.deny(w, r, errClosed) })
}

// deny answers a request that is no question to the gate: the operator must hear of it, the call must not pass.
func (g *Gateway) deny(w http.ResponseWriter, r *http.Request, e *pontage.Error) {
	g.Logger.Warn("gate", "code", e.Code, "field", e.Field, "message", e.Message)
	v := &verdict{ResponseWriter: w}
	defer v.send()
	g.begin(v, r).refuse(e)
}
