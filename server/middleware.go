package server

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/pontage/pontage"
)

// HeaderRequestID names the header every answer carries; its value finds the log lines.
const HeaderRequestID = "Pontage-Request-Id"

// The values of headers that every answer carries; whoever changes one sets it anew.
var nosniff, noReferrer = []string{"nosniff"}, []string{"no-referrer"}

// edge is the outermost layer of an instance: request id, safe headers, a log line for what failed on our side, and no panic ends the
// process. Calls have a line of their own, the gateway's.
type edge struct {
	next    http.Handler
	clock   pontage.Clock
	log     *slog.Logger
	metrics *metrics
}

func (e *edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := e.clock.Now()
	id := pontage.NewRequestID(started)
	seen := &statusRecorder{ResponseWriter: w}
	h := w.Header()
	h[HeaderRequestID] = []string{string(id)}
	h["X-Content-Type-Options"] = nosniff
	h["Referrer-Policy"] = noReferrer
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	defer e.finish(seen, r, id, started)
	e.next.ServeHTTP(seen, r)
}

// finish counts the request and logs it if it failed. A panic becomes the envelope; where the answer has begun it is cut off instead,
// so that nobody takes half of it for the whole. http.ErrAbortHandler goes on, it is how a broken stream is cut.
func (e *edge) finish(w *statusRecorder, r *http.Request, id pontage.RequestID, started time.Time) {
	failure := recover()
	if failure != nil && failure != http.ErrAbortHandler {
		e.log.Error("panic", "request", id, "error", failure, "stack", string(debug.Stack()))
		if w.status != 0 {
			failure = http.ErrAbortHandler
		} else {
			refused := pontage.Refuse(pontage.E(pontage.Internal, "Internal server error."))
			refused.RequestID = id
			writeEnvelope(w, http.StatusInternalServerError, refused)
		}
	}
	elapsed := e.clock.Now().Sub(started)
	e.metrics.request(r.Method, w.status, elapsed)
	if w.status >= http.StatusInternalServerError {
		e.log.Warn("request", "request", id, "method", r.Method, "host", r.Host, "status", w.status, "elapsed", elapsed.String())
	}
	if failure == http.ErrAbortHandler {
		panic(failure)
	}
}

func writeEnvelope(w http.ResponseWriter, status int, env pontage.Envelope) {
	body, err := json.Marshal(env)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"data":null,"success":false,"message":"Internal server error.","error":1500}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}

// statusRecorder remembers the status; Unwrap keeps http.ResponseController working through it.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (w *statusRecorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusRecorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap gives the writer beneath.
func (w *statusRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
