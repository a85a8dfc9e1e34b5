package sandbox

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/pontage/pontage"
)

// create keeps what is posted under the name it says itself, or else under one made of the request: an equal request makes no second thing.
func (e *echoes) create(ctx context.Context, p place, said received, documented pontage.Answer) (pontage.Answer, error) {
	posted, answer := objectOf(said.body), openBody(documented.Body)
	name, ok := nameIn(posted, p.parameter)
	if !ok {
		if name, ok = nameLike(answer.object[p.parameter], pontage.HashParts(string(p.account), string(p.api), p.collection, string(said.digest))); !ok {
			return documented, nil // nobody could find it again
		}
	}
	if p.name = name; len(name) > longestPlace {
		return documented, nil
	}
	if err := e.put(ctx, p, posted); err != nil {
		return documented, err
	}
	return answer.with(documented, p, posted), nil
}

// read gives a thing; one that is unknown is the document's own.
func (e *echoes) read(ctx context.Context, p place, all []pontage.Answer, documented pontage.Answer) (pontage.Answer, error) {
	kept, gone, err := e.find(ctx, p)
	switch {
	case err != nil:
		return documented, err
	case gone:
		return withStatus(all, http.StatusNotFound), nil
	case kept == nil:
		return documented, nil
	}
	return openBody(documented.Body).with(documented, p, kept), nil
}

// list gives what the account has there; as long as that is nothing, the document's own.
func (e *echoes) list(ctx context.Context, p place, documented pontage.Answer) (pontage.Answer, error) {
	kept, err := e.store.Echoes(ctx, p.account, p.api, p.collection, MostEchoes)
	if err != nil {
		return documented, err
	}
	var things []thing
	for _, k := range kept {
		if len(k.Body) > 0 && e.clock.Now().Before(k.ExpiresAt) && len(things) < listed {
			things = append(things, thing{k.Name, objectOf(k.Body)})
		}
	}
	if len(things) == 0 {
		return documented, nil
	}
	return openBody(documented.Body).listing(documented, p.parameter, things), nil
}

// change replaces a thing, or with keep only the members that are said.
func (e *echoes) change(ctx context.Context, p place, keep bool, body []byte, all []pontage.Answer, documented pontage.Answer) (pontage.Answer, error) {
	kept, gone, err := e.find(ctx, p)
	if err != nil {
		return documented, err
	}
	if gone {
		return withStatus(all, http.StatusNotFound), nil
	}
	said := objectOf(body)
	if kept == nil || !keep {
		kept = map[string]any{}
	}
	for member, value := range said {
		kept[member] = value
	}
	if err := e.put(ctx, p, kept); err != nil {
		return documented, err
	}
	return openBody(documented.Body).with(documented, p, kept), nil
}

// remove remembers that a thing is gone.
func (e *echoes) remove(ctx context.Context, p place, all []pontage.Answer, documented pontage.Answer) (pontage.Answer, error) {
	_, gone, err := e.find(ctx, p)
	if err != nil {
		return documented, err
	}
	if gone {
		return withStatus(all, http.StatusNotFound), nil
	}
	return documented, e.put(ctx, p, nil)
}

// find gives what is kept of a thing, nil where nothing is, and whether it was removed.
func (e *echoes) find(ctx context.Context, p place) (kept map[string]any, gone bool, err error) {
	echo, err := e.store.Echo(ctx, p.id())
	switch {
	case pontage.CodeOf(err) == pontage.NotFound:
		return nil, false, nil
	case err != nil:
		return nil, false, err
	case !e.clock.Now().Before(echo.ExpiresAt):
		return nil, false, nil
	case len(echo.Body) == 0:
		return nil, true, nil
	}
	return objectOf(echo.Body), false, nil
}

// put keeps a thing; nil says that it is gone.
func (e *echoes) put(ctx context.Context, p place, members map[string]any) error {
	now := e.clock.Now()
	echo := pontage.Echo{ID: p.id(), AccountID: p.account, APIID: p.api, Collection: p.collection, Name: p.name, CreatedAt: now, ExpiresAt: now.Add(Keep)}
	if members != nil {
		body, err := json.Marshal(members)
		if err != nil {
			return err
		}
		if echo.Body = body; len(body) > MostBytes {
			echo.Body = []byte("{}")
		}
	}
	return e.store.Write(ctx, func(tx pontage.Tx) error { return tx.PutEcho(ctx, echo, MostEchoes) })
}
