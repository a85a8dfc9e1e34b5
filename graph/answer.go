package graph

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/pontage/pontage"
)

const (
	typeJSON     = "application/json"
	typeResponse = "application/graphql-response+json"
	// maxErrors bounds how many errors one answer shows.
	maxErrors = 10
	// compressFrom is the size from which answers are compressed, in bytes.
	compressFrom = 1 << 10
)

// encode writes the body; without data nothing was executed. Data is JSON already and goes in as it is.
func encode(errs gqlerror.List, data json.RawMessage, id pontage.RequestID) ([]byte, error) {
	body := make([]byte, 0, len(data)+256)
	body = append(body, '{')
	if len(errs) > 0 {
		shown, err := json.Marshal(errs[:min(len(errs), maxErrors)])
		if err != nil {
			return nil, err
		}
		body = append(append(append(body, `"errors":`...), shown...), ',')
	}
	if data != nil {
		body = append(append(append(body, `"data":`...), data...), ',')
	}
	return fmt.Appendf(body, `"extensions":{"requestId":%q}}`, id), nil
}

// answerType is the media type to answer in: GraphQL's own only where the client names it.
func answerType(r *http.Request) string {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept"), ","), ",") {
		switch kind, _, _ := strings.Cut(strings.TrimSpace(part), ";"); strings.ToLower(strings.TrimSpace(kind)) {
		case typeResponse:
			return typeResponse
		case typeJSON, "application/*", "*/*":
			return typeJSON
		}
	}
	return typeJSON
}

// refuse answers a request that never became a document's: with the HTTP status of the code.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, x *exchange, err error) {
	e := pontage.Public(err)
	if e.Code == pontage.Internal {
		a.Logger.ErrorContext(r.Context(), "GraphQL request", "request", x.id, "error", err)
	}
	status := e.Code.Failure().Status
	if status == http.StatusUnauthorized {
		challenge(w.Header(), r.Header)
	}
	pontage.SetRetryAfter(w.Header(), e.RetryAfter)
	a.write(w, r, x, status, gqlerror.List{{Message: e.Message, Extensions: extensions(e)}}, nil)
}

// refuseDocument answers a well-formed request whose document cannot be executed: 400, or 200 for clients that read JSON of any kind,
// who would take another status for a proxy's.
func (a *api) refuseDocument(w http.ResponseWriter, r *http.Request, x *exchange, errs gqlerror.List) {
	status := http.StatusOK
	if answerType(r) == typeResponse {
		status = http.StatusBadRequest
	}
	a.write(w, r, x, status, errs, nil)
}

// write sends an answer.
func (a *api) write(w http.ResponseWriter, r *http.Request, x *exchange, status int, errs gqlerror.List, data json.RawMessage) {
	body, err := encode(errs, data, x.id)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"errors":[{"message":"Internal server error.","extensions":{"code":"INTERNAL"}}]}`)
	}
	h := w.Header()
	h.Set("Content-Type", answerType(r)+"; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h["Vary"] = []string{"Accept, Accept-Encoding, Authorization, Cookie"}
	if len(body) >= compressFrom && !x.mutates { // what shows a secret once is not packed beside a stranger's text
		body = compressed(h, r, body)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // who hung up does not read it
}

// compressed packs the body where the client takes gzip.
func compressed(h http.Header, r *http.Request, body []byte) []byte {
	if !takesGzip(r.Header) {
		return body
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return body
	}
	if _, err := z.Write(body); err != nil || z.Close() != nil {
		return body
	}
	h.Set("Content-Encoding", "gzip")
	return packed.Bytes()
}

func takesGzip(h http.Header) bool {
	for part := range strings.SplitSeq(strings.Join(h.Values("Accept-Encoding"), ","), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			return strings.Trim(strings.TrimPrefix(strings.TrimSpace(weight), "q="), "0.") != "" || weight == ""
		}
	}
	return false
}
