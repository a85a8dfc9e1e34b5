package token

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// ListCallbacks is GET /callbacks; with an id it answers that callback.
func (a *api) ListCallbacks(w http.ResponseWriter, r *http.Request, p generated.ListCallbacksParams) {
	if p.Id != nil {
		a.GetCallback(w, r, *p.Id)
		return
	}
	scopes, err := a.scopeFilter(p.Scopes)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	all, err := a.Meter.Callbacks(r.Context(), openapi.Actor(r), scopes, page(p.Skip, p.Limit))
	out := make([]generated.CallbackListElement, len(all))
	for i := range all {
		c := &all[i]
		// The status is a text here and a number in the detail: the contract has it so.
		out[i] = generated.CallbackListElement{Id: string(c.ID), Scope: c.ScopeName, Url: c.URL,
			HttpResponseCode: strconv.Itoa(c.Status), StartedAt: startedAt(c), CompletedAt: timeOrNull(c.CompletedAt)}
	}
	a.Answer(w, r, out, err)
}

// GetCallback is GET /callbacks/{id}.
func (a *api) GetCallback(w http.ResponseWriter, r *http.Request, id string) {
	c, err := a.Meter.Callback(r.Context(), openapi.Actor(r), pontage.CallbackID(id))
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	out := generated.Callback{
		Id: string(c.ID), Scope: c.ScopeName, Domain: nullable.NewNullNullable[string](), Active: c.Active,
		StartedAt: startedAt(c), CreatedAt: c.CreatedAt.UTC(), CompletedAt: timeOrNull(c.CompletedAt), HttpResponseCode: c.Status,
		Data: objectJSON(c.Data), Custom: json.RawMessage("null"), Headers: objectJSON(c.Headers),
		ElapsedTime: c.Elapsed.Milliseconds(), Attempt: c.Attempt, Retry: c.Retry, Field: c.Field, Method: c.Method, Url: c.URL,
	}
	if c.Host != "" {
		out.Domain = nullable.NewNullableWithValue(c.Host)
	}
	if json.Valid(c.Custom) {
		out.Custom = c.Custom
	}
	a.Answer(w, r, out, nil)
}

// startedAt is the event's time until there was an attempt: the contract has no null here.
func startedAt(c *pontage.Callback) time.Time {
	if c.StartedAt.IsZero() {
		return c.CreatedAt.UTC()
	}
	return c.StartedAt.UTC()
}

// objectJSON keeps an object; everything else becomes an empty one, as the contract wants one here.
func objectJSON(data []byte) json.RawMessage {
	var object map[string]json.RawMessage
	if json.Unmarshal(data, &object) != nil || object == nil {
		return json.RawMessage("{}")
	}
	return data
}
