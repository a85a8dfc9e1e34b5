package sandbox

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/pontage/pontage"
)

// AnswerSource gives the answers compiled for an operation, lowest status first; a store is one.
type AnswerSource interface {
	Answers(ctx context.Context, operation pontage.OperationID) ([]pontage.Answer, error)
}

// Upstream stands in for every API: it answers an operation with its documented success. It is safe for concurrent use.
type Upstream struct {
	answers AnswerSource
	mu      sync.RWMutex
	known   map[pontage.OperationID]known
}

// known is an answer and the digest of the API it was read under: another import makes another digest.
type known struct {
	digest string
	answer pontage.Answer
}

// NewUpstream makes an upstream over the answers.
func NewUpstream(answers AnswerSource) *Upstream {
	return &Upstream{answers: answers, known: map[pontage.OperationID]known{}}
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
	answer, err := u.answer(r.Context(), match)
	if err != nil {
		return nil, err
	}
	return response(answer, r), nil
}

// answer reads an operation's answers once per import of its API.
func (u *Upstream) answer(ctx context.Context, match *pontage.Match) (pontage.Answer, error) {
	id := match.Operation.ID
	u.mu.RLock()
	k, ok := u.known[id]
	u.mu.RUnlock()
	if ok && k.digest == match.API.Digest {
		return k.answer, nil
	}
	all, err := u.answers.Answers(ctx, id)
	if err != nil {
		return pontage.Answer{}, err
	}
	a, ok := success(all)
	if !ok {
		return a, pontage.E(pontage.BadGateway, "The document of this API has no answer for this operation.")
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.known[id] = known{digest: match.API.Digest, answer: a}
	return a, nil
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
