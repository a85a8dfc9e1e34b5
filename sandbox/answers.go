package sandbox

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/pontage/pontage"
)

// AnswerSource gives the answers compiled for an operation, lowest status first; a store is one.
type AnswerSource interface {
	Answers(ctx context.Context, operation pontage.OperationID) ([]pontage.Answer, error)
}

// answers reads an operation's answers once per import of its API.
type answers struct {
	source AnswerSource
	mu     sync.RWMutex
	known  map[pontage.OperationID]known
}

// known are answers and the digest of the API they were read under: another import makes another digest.
type known struct {
	digest string
	all    []pontage.Answer
}

func newAnswers(source AnswerSource) *answers {
	return &answers{source: source, known: map[pontage.OperationID]known{}}
}

// of gives the answers of the matched operation; they must not be changed.
func (a *answers) of(ctx context.Context, match *pontage.Match) ([]pontage.Answer, error) {
	id := match.Operation.ID
	a.mu.RLock()
	k, ok := a.known[id]
	a.mu.RUnlock()
	if ok && k.digest == match.API.Digest {
		return k.all, nil
	}
	all, err := a.source.Answers(ctx, id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known[id] = known{digest: match.API.Digest, all: all}
	return all, nil
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

// withStatus picks the documented answer with the status, or makes one.
func withStatus(all []pontage.Answer, status int) pontage.Answer {
	for _, a := range all {
		if a.Status == status {
			return a
		}
	}
	body, _ := json.Marshal(struct { // four plain values always marshal
		Data    any    `json:"data"`
		Success bool   `json:"success"`
		Message string `json:"message"`
		Error   int    `json:"error"`
	}{Message: http.StatusText(status), Error: status})
	return pontage.Answer{Status: status, ContentType: "application/json", Body: body, Generated: true}
}
