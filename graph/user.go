package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/graph/model"
)

func postalFilter(f *model.AddressFilter) pontage.PostalFilter {
	if f == nil {
		return pontage.PostalFilter{}
	}
	return pontage.PostalFilter{Kind: orEmpty(f.Kind), Default: f.Default}
}

func placeOfAddress(a *pontage.PostalAddress) pontage.Place {
	return pontage.Place{At: a.CreatedAt, ID: string(a.ID)}
}

func placeOfNotification(n *pontage.Notification) pontage.Place {
	return pontage.Place{At: n.CreatedAt, ID: string(n.ID)}
}

// deleteAccount ends the account of the request's session, and with it the session.
func (r *Resolver) deleteAccount(ctx context.Context, confirmation string) (pontage.AccountID, error) {
	id := actor(ctx).AccountID
	err := repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error {
		return r.Accounts.DeleteAccount(ctx, by, account.DeleteInput{AccountID: id, Confirmation: confirmation})
	})
	if err != nil {
		return "", err
	}
	r.Sessions.Clear(exchangeOf(ctx).header)
	return id, nil
}

func (r *Resolver) chooseNotifications(ctx context.Context, chosen []pontage.NotificationPreference) ([]pontage.NotificationPreference, error) {
	err := repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error {
		return r.Accounts.ChooseNotifications(ctx, by, chosen)
	})
	if err != nil {
		return nil, renamed(err, "/input/kind", "/input/preferences")
	}
	return r.Accounts.NotificationPreferences(ctx, actor(ctx))
}
