package token

import (
	"math/big"
	"net/http"
	"strconv"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// ListSubscriptions is GET /subscriptions; with an id it answers that subscription.
func (a *api) ListSubscriptions(w http.ResponseWriter, r *http.Request, p generated.ListSubscriptionsParams) {
	if p.Id != nil {
		a.GetSubscription(w, r, *p.Id)
		return
	}
	scopes, err := a.scopeFilter(p.Scopes)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	all, err := a.Meter.Subscriptions(r.Context(), openapi.Actor(r), scopes, page(p.Skip, p.Limit))
	now := a.Config.Clock.Now()
	out := make([]generated.SubscriptionListElement, len(all))
	for i, s := range all {
		out[i] = generated.SubscriptionListElement{Id: string(s.ID), Scope: a.scopeName(s.ScopeID), Active: s.Active(now),
			AvailableRequests: available(s), StartsAt: s.StartsAt.UTC(), ExpiresAt: s.ExpiresAt.UTC()}
	}
	a.Answer(w, r, out, err)
}

// GetSubscription is GET /subscriptions/{id}.
func (a *api) GetSubscription(w http.ResponseWriter, r *http.Request, id string) {
	s, err := a.Meter.Subscription(r.Context(), openapi.Actor(r), pontage.SubscriptionID(id))
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	a.Answer(w, r, a.subscriptionJSON(s, a.Config.Clock.Now()), nil)
}

func (a *api) subscriptionJSON(s *pontage.Subscription, now time.Time) generated.Subscription {
	return generated.Subscription{
		Id: string(s.ID), Scope: a.scopeName(s.ScopeID), Domain: a.scopeHost(s.ScopeID), Active: s.Active(now),
		StartsAt: s.StartsAt.UTC(), ExpiresAt: s.ExpiresAt.UTC(), CreatedAt: s.CreatedAt.UTC(), UpdatedAt: s.UpdatedAt.UTC(),
		TotalRequests: strconv.FormatInt(s.TotalRequests, 10), AvailableRequests: available(*s), PricePerRequest: pricePerRequest(s),
		Type: string(s.Term), Autorenew: s.AutoRenew, Price: s.Price,
	}
}

func available(s pontage.Subscription) string {
	return strconv.FormatInt(s.TotalRequests-s.UsedRequests, 10)
}

// pricePerRequest divides exactly and rounds half to even at the sixth decimal.
func pricePerRequest(s *pontage.Subscription) pontage.Money {
	if s.TotalRequests <= 0 {
		return 0
	}
	price, count := big.NewInt(int64(s.Price)), big.NewInt(s.TotalRequests)
	quotient, rest := new(big.Int).QuoRem(price, count, new(big.Int))
	if c := rest.Lsh(rest, 1).Cmp(count); c > 0 || c == 0 && quotient.Bit(0) == 1 {
		quotient.Add(quotient, big.NewInt(1))
	}
	return pontage.Money(quotient.Int64())
}
