package sandbox

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"

	"github.com/pontage/pontage"
)

// AnswerSource gives the answers compiled for an operation, lowest status first; a store is one.
type AnswerSource interface {
	Answers(ctx context.Context, operation pontage.OperationID) ([]pontage.Answer, error)
}

// Versioned says which catalogue is in force; answers are remembered as long as it does not change.
type Versioned interface {
	Version() int64
}

// Upstream stands in for every API: it answers an operation with its documented success. It is safe for concurrent use.
type Upstream struct {
	answers AnswerSource
	catalog Versioned
	logger  *slog.Logger

	mu      sync.RWMutex
	version int64
	cached  map[pontage.OperationID]pontage.Answer
}

// NewUpstream makes an upstream over the answers; catalog says when they may have changed. A nil logger is silent.
func NewUpstream(answers AnswerSource, catalog Versioned, logger *slog.Logger) *Upstream {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Upstream{answers: answers, catalog: catalog, logger: logger, cached: map[pontage.OperationID]pontage.Answer{}}
}

// RoundTrip answers a matched call with the operation's lowest 2xx answer; HEAD gets its headers without the body. The request's
// body is read to its end and thrown away, as an API would read it. Unavailable where the answers cannot be read; BadGateway
// where the document has no answer at all.
func (u *Upstream) RoundTrip(match *pontage.Match, r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
	}
	answer, err := u.answer(r.Context(), match.Operation.ID)
	if err != nil {
		return nil, err
	}
	return response(answer, r), nil
}

// answer reads an operation's answers once per version of the catalogue.
func (u *Upstream) answer(ctx context.Context, id pontage.OperationID) (pontage.Answer, error) {
	version := u.catalog.Version()
	if a, ok := u.remembered(version, id); ok {
		return a, nil
	}
	all, err := u.answers.Answers(ctx, id)
	if err != nil {
		return pontage.Answer{}, err
	}
	a, ok := success(all)
	if !ok {
		u.logger.Warn("operation without an answer", "operation", id)
		return a, pontage.E(pontage.BadGateway, "The document of this API has no answer for this operation.")
	}
	u.remember(version, id, a)
	return a, nil
}

func (u *Upstream) remembered(version int64, id pontage.OperationID) (pontage.Answer, bool) {
	u.mu.RLock()
	defer u.mu.RUnlock()
	if u.version != version {
		return pontage.Answer{}, false
	}
	a, ok := u.cached[id]
	return a, ok
}

// remember keeps an answer read under version; what is older than the newest version seen is not kept.
func (u *Upstream) remember(version int64, id pontage.OperationID, a pontage.Answer) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if version < u.version {
		return
	}
	if version > u.version {
		u.version, u.cached = version, map[pontage.OperationID]pontage.Answer{}
	}
	u.cached[id] = a
}

// success picks the lowest 2xx, or the lowest answer there is.
func success(all []pontage.Answer) (pontage.Answer, bool) {
	for _, a := range all {
		if a.Status >= 200 && a.Status < 300 {
			return a, true
		}
	}
	if len(all) == 0 {
		return pontage.Answer{}, false
	}
	return all[0], true
}

func response(a pontage.Answer, r *http.Request) *http.Response {
	header := http.Header{}
	if a.ContentType != "" {
		header.Set("Content-Type", a.ContentType)
	}
	body := a.Body
	if bodyless(a.Status) {
		body = nil
	} else {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	resp := &http.Response{
		Status: strconv.Itoa(a.Status) + " " + http.StatusText(a.Status), StatusCode: a.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: int64(len(body)), Body: http.NoBody, Request: r,
	}
	if r.Method != http.MethodHead && len(body) > 0 {
		resp.Body = io.NopCloser(bytes.NewReader(body))
	}
	return resp
}

// bodyless says whether HTTP forbids a body with the status.
func bodyless(status int) bool {
	return status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}
