package openapi

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/pontage/pontage"
)

// Answer writes data in the envelope of a success, or the failure err.
func (s *Surface) Answer(w http.ResponseWriter, r *http.Request, data any, err error) {
	if err != nil {
		s.Fail(w, r, err)
		return
	}
	if s.AnswerKept(w, r) {
		return
	}
	s.write(w, r, http.StatusOK, pontage.Success(data))
}

// Fail writes a failure with the number its operation gives it. Failures of ours are logged with their cause and shown without.
func (s *Surface) Fail(w http.ResponseWriter, r *http.Request, err error) {
	x := exchangeOf(r)
	if answered, late := s.recall(w, r, x); answered {
		return
	} else if late != nil {
		err = late
	}
	e := pontage.Public(err)
	status, env := present(x.operation, e)
	env.RequestID = x.request
	if status >= http.StatusInternalServerError {
		s.Logger.ErrorContext(r.Context(), "request failed", "request", x.request, "operation", x.name(), "error", err)
	}
	if status == http.StatusUnauthorized {
		w.Header()["Www-Authenticate"] = s.Challenge(r)
	}
	pontage.SetRetryAfter(w.Header(), e.RetryAfter)
	s.write(w, r, status, env)
}

func (x *exchange) name() string {
	if x.operation == nil {
		return ""
	}
	return x.operation.ID
}

func (s *Surface) write(w http.ResponseWriter, r *http.Request, status int, env pontage.Envelope) {
	if appended(env, func(body []byte) { s.send(w, r, status, body) }) {
		return
	}
	body, err := json.Marshal(env)
	if err != nil {
		body, status = s.misfit(r, err), http.StatusInternalServerError
	}
	s.send(w, r, status, body)
}

// misfit logs an answer of ours that nobody can use, and gives the failure that takes its place.
func (s *Surface) misfit(r *http.Request, err error) []byte {
	x := exchangeOf(r)
	s.Logger.ErrorContext(r.Context(), "answer does not fit the document", "request", x.request, "operation", x.name(), "error", err)
	failure := pontage.Refuse(pontage.Public(err))
	failure.RequestID = x.request
	body, _ := json.Marshal(failure) // an envelope without data always marshals
	return body
}

// send writes a body that is made.
func (s *Surface) send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if err := s.validateAnswer(w.Header(), r, status, body); err != nil {
		body, status = s.misfit(r, err), http.StatusInternalServerError
	}
	h := w.Header()
	setAnswerHeaders(h)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // who hung up does not read it
	}
}

func setAnswerHeaders(h http.Header) {
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

// validateAnswer checks an answer where the configuration asks for it; an undocumented status does not fit either.
func (s *Surface) validateAnswer(h http.Header, r *http.Request, status int, body []byte) error {
	op := exchangeOf(r).operation
	if !s.ValidateResponses || op == nil {
		return nil
	}
	setAnswerHeaders(h)
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, Route: op.route},
		Status:                 status, Header: h, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
}
