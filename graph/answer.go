package graph

import (
	"bytes"
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
func encode(out *bytes.Buffer, errs gqlerror.List, data json.RawMessage, id pontage.RequestID) error {
	out.WriteByte('{')
	if len(errs) > 0 {
		shown, err := json.Marshal(errs[:min(len(errs), maxErrors)])
		if err != nil {
			return err
		}
		out.WriteString(`"errors":`)
		out.Write(shown)
		out.WriteByte(',')
	}
	if data != nil {
		out.WriteString(`"data":`)
		out.Write(data)
		out.WriteByte(',')
	}
	_, err := fmt.Fprintf(out, `"extensions":{"requestId":%q}}`, id)
	return err
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
	out := takeBuffer()
	defer giveBuffer(out)
	if err := encode(out, errs, data, x.id); err != nil {
		status = http.StatusInternalServerError
		out.Reset()
		out.WriteString(`{"errors":[{"message":"Internal server error.","extensions":{"code":"INTERNAL"}}]}`)
	}
	h := w.Header()
	h.Set("Content-Type", answerType(r)+"; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h["Vary"] = []string{"Accept, Accept-Encoding, Authorization, Cookie"}
	if out.Len() >= compressFrom && !x.mutates && takesGzip(r.Header) { // what shows a secret once is not packed beside a stranger's text
		packed := takeBuffer()
		defer giveBuffer(packed)
		pack(packed, out.Bytes())
		h.Set("Content-Encoding", "gzip")
		out = packed
	}
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // who hung up does not read it
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
