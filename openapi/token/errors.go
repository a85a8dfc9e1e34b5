package token

import (
	"net/http"

	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// ListErrors is GET /errors.
func (a *api) ListErrors(w http.ResponseWriter, r *http.Request, p generated.ListErrorsParams) {
	scopes, err := a.scopeFilter(p.Scopes)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	all, err := a.Meter.Errors(r.Context(), openapi.Actor(r), scopes, page(p.Skip, p.Limit))
	out := make([]generated.ErrorLog, len(all))
	for i, e := range all {
		out[i] = generated.ErrorLog{Id: string(e.ID), Scope: e.ScopeName, Domain: e.Host, ErrorAt: e.At.UTC(),
			HttpResponseCode: e.Status, ErrorCode: e.Code.Failure().Number, Message: e.Message, Ip: addressText(e.Address)}
	}
	a.Answer(w, r, out, err)
}
