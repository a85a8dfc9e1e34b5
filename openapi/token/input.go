package token

import (
	"net/http"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

func issueInput(r *http.Request) (oauth.IssueInput, error) {
	body, err := openapi.Decode[generated.TokenCreate](r)
	if err != nil {
		return oauth.IssueInput{}, err
	}
	in := oauth.IssueInput{Scopes: body.Scopes}
	if body.Name != nil {
		in.Name = *body.Name
	}
	if body.Ttl != nil {
		in.TTL = lifetime(*body.Ttl)
	}
	update, err := limitsUpdate(body.Limits)
	if err != nil || update == nil {
		return in, err
	}
	in.Limits = pontage.Limits{TotalRequests: update.TotalRequests.Value, WalletRequests: update.WalletRequests.Value,
		SubscriptionRequests: update.SubscriptionRequests.Value, WalletAmount: update.WalletAmount.Value}
	if update.IP.Value != nil {
		in.Limits.IP = *update.IP.Value
	}
	return in, nil
}

func updateInput(r *http.Request) (oauth.UpdateInput, error) {
	body, err := openapi.Decode[generated.TokenUpdate](r)
	if err != nil {
		return oauth.UpdateInput{}, err
	}
	in := oauth.UpdateInput{Name: body.Name, Scopes: body.Scopes}
	if body.Ttl != nil {
		ttl := lifetime(*body.Ttl)
		in.TTL = &ttl
	}
	in.Limits, err = limitsUpdate(body.Limits)
	return in, err
}

// lifetime turns seconds into a duration; what would not fit one is as good as the maximum.
func lifetime(seconds int64) time.Duration {
	const most = int64(oauth.MaxTTL / time.Second)
	return time.Duration(min(max(seconds, 0), most)) * time.Second
}

// limitsUpdate keeps apart what is absent and what is null.
func limitsUpdate(l *generated.TokenLimits) (*oauth.LimitsUpdate, error) {
	if l == nil {
		return nil, nil
	}
	update := &oauth.LimitsUpdate{
		TotalRequests: change(l.TotalRequests), WalletRequests: change(l.WalletRequests),
		SubscriptionRequests: change(l.SubscriptionRequests),
	}
	if amount := change(l.WalletAmount); amount.Set {
		update.WalletAmount.Set, update.WalletAmount.Value = true, (*pontage.Money)(amount.Value)
	}
	if addresses := change(l.Ip); addresses.Set {
		update.IP.Set = true
		if addresses.Value != nil {
			list, err := oauth.ParseAddresses(*addresses.Value)
			if err != nil {
				return nil, err
			}
			update.IP.Value = &list
		}
	}
	return update, nil
}

func change[T any](n nullable.Nullable[T]) oauth.Change[T] {
	if !n.IsSpecified() {
		return oauth.Change[T]{}
	}
	if n.IsNull() {
		return oauth.Change[T]{Set: true}
	}
	v := n.MustGet()
	return oauth.Change[T]{Set: true, Value: &v}
}
