package sandbox

import (
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/pontage/pontage"
)

// timeout is how long an API that does not answer is waited for; the partner's time is not to be wasted.
const timeout = time.Second

var errUnreachable = errors.New("nobody answers the connection")

// UpstreamConfig is what an Upstream is made of; all of it is needed.
type UpstreamConfig struct {
	Answers AnswerSource
	Echoes  EchoStore
	Routes  Routes
	Clock   pontage.Clock
}

// Upstream stands in for every API: it answers an operation with its documented success, or as the call supposes, and gives accounts
// back what they posted. It is safe for concurrent use.
type Upstream struct {
	answers *answers
	echoes  *echoes
}

// NewUpstream makes an upstream.
func NewUpstream(c UpstreamConfig) *Upstream {
	return &Upstream{answers: newAnswers(c.Answers), echoes: &echoes{store: c.Echoes, routes: c.Routes, clock: c.Clock}}
}

// RoundTrip answers a matched call with the operation's lowest 2xx answer, and what the account posted in it; HEAD gets its headers
// without the body. The request's body is read to its end, as an API would read it. Unavailable where the answers cannot be read;
// BadGateway where the document has no answer at all; pontage.ErrLate, and other failures, where the call supposes them.
func (u *Upstream) RoundTrip(call *pontage.Attempt, r *http.Request) (*http.Response, error) {
	said, err := readBody(r)
	if err != nil {
		return nil, err
	}
	s := supposed(call, r, said.body)
	if err := pontage.Pause(r.Context(), s.Delay); err != nil {
		return nil, err
	}
	switch s.Outage {
	case pontage.OutageUnreachable:
		return nil, errUnreachable
	case pontage.OutageTimeout:
		return nil, errors.Join(pontage.Pause(r.Context(), timeout), pontage.ErrLate)
	}
	answer, err := u.answer(r, call, s.Status, said)
	if err != nil {
		return nil, err
	}
	resp := response(answer, r)
	if s.Outage == pontage.OutageBrokenBody {
		breakOff(resp)
	}
	return resp, nil
}

// answer gives the one with the status that is supposed, or else the success.
func (u *Upstream) answer(r *http.Request, call *pontage.Attempt, status int, said received) (pontage.Answer, error) {
	all, err := u.answers.of(r.Context(), call.Match)
	if err != nil {
		return pontage.Answer{}, err
	}
	if status != 0 {
		return withStatus(all, status), nil
	}
	a, ok := success(all)
	if !ok {
		return a, pontage.E(pontage.BadGateway, "The document of this API has no answer for this operation.")
	}
	return u.echoes.answer(r, call, said, all, a)
}

// received is a request's body, empty where it is too long to be kept, and the digest of the whole.
type received struct{ body, digest []byte }

// readBody reads a body to its end.
func readBody(r *http.Request) (received, error) {
	if r.Body == nil {
		return received{}, nil
	}
	defer r.Body.Close()
	digest := sha256.New()
	whole := io.TeeReader(r.Body, digest)
	body, err := io.ReadAll(io.LimitReader(whole, MostBytes))
	if err != nil {
		return received{}, err
	}
	more, err := io.Copy(io.Discard, whole)
	if more > 0 {
		body = nil
	}
	return received{body, digest.Sum(nil)}, err
}
