package token

import (
	"net/http"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// requestPrice is the price key that is charged per call.
const requestPrice = "request"

// ListScopes is GET /scopes.
func (a *api) ListScopes(w http.ResponseWriter, r *http.Request) {
	all, err := a.Catalog.Scopes(r.Context(), openapi.Actor(r).AccountID)
	out := make([]generated.UserScope, len(all))
	for i := range all {
		out[i] = scopeJSON(&all[i])
	}
	a.Answer(w, r, out, err)
}

// GetScope is GET /scopes/{id}.
func (a *api) GetScope(w http.ResponseWriter, r *http.Request, id string) {
	scope, requirements, err := a.Catalog.Scope(r.Context(), openapi.Actor(r).AccountID, pontage.ScopeID(id))
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	short, s := scopeJSON(scope), scope.Scope
	if requirements == nil {
		requirements = map[string]bool{}
	}
	a.Answer(w, r, generated.ScopeDetail{
		Id: short.Id, Scope: short.Scope, Method: short.Method, Endpoint: short.Endpoint, Domain: short.Domain, Enabled: short.Enabled,
		RateLimit: openapi.TextOrFalse(a.rateText(s)), Requirements: requirements, Prices: prices(s),
		FreeLimits: generated.ScopeLimits{
			DayLimit: openapi.CountOrFalse{Count: s.Allowance.Day}, MonthLimit: openapi.CountOrFalse{Count: s.Allowance.Month},
			YearLimit: openapi.CountOrFalse{Count: s.Allowance.Year}, TotalLimit: openapi.CountOrFalse{Count: s.Allowance.Total},
		},
	}, nil)
}

func scopeJSON(s *catalog.AccountScope) generated.UserScope {
	return generated.UserScope{Id: string(s.Scope.ID), Scope: s.Scope.Name, Method: s.Scope.Method, Endpoint: s.Scope.Segment,
		Domain: s.Scope.Host, Enabled: s.Enabled}
}

// prices are the offers and, where the scope is sold by the call, what one costs.
func prices(s *pontage.Scope) map[string]pontage.Money {
	out := make(map[string]pontage.Money, len(s.Offers)+1)
	for key, amount := range s.Offers {
		out[key] = amount
	}
	if s.Price != nil {
		out[requestPrice] = *s.Price
	}
	return out
}
