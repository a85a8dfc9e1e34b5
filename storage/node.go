package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// owned runs a statement that ends before the owner's value, for the rows with these ids.
func owned[ID ~string, T any](ctx context.Context, r reader, query, owner, id string, ids []ID, what string, targets func(*T) []any) ([]T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	s := r.fixed(query).value(func(s *statement) { s.string(owner) })
	return list(ctx, r, in(s.sql(" AND "+id+" IN "), ids), what, targets)
}

// APIKeysByID implements pontage.NodeReader.
func (r reader) APIKeysByID(ctx context.Context, account pontage.AccountID, ids []pontage.APIKeyID) ([]pontage.APIKey, error) {
	const query = "SELECT " + apiKeyColumns + " FROM api_keys k WHERE k.account_id = "
	return owned(ctx, r, query, string(account), "k.id", ids, "API key", apiKeyTargets)
}

// SubscriptionsByID implements pontage.NodeReader.
func (r reader) SubscriptionsByID(ctx context.Context, account pontage.AccountID, ids []pontage.SubscriptionID) ([]pontage.Subscription, error) {
	const query = "SELECT " + subscriptionColumns + " FROM subscriptions s WHERE s.account_id = "
	return owned(ctx, r, query, string(account), "s.id", ids, "subscription", subscriptionTargets)
}

// CallbacksByID implements pontage.NodeReader.
func (r reader) CallbacksByID(ctx context.Context, account pontage.AccountID, ids []pontage.CallbackID) ([]pontage.Callback, error) {
	return owned(ctx, r, selectCallbacks+"b.account_id = ", string(account), "b.id", ids, "callback", callbackTargets)
}

// AuditEntriesByID implements pontage.NodeReader.
func (r reader) AuditEntriesByID(ctx context.Context, account pontage.AccountID, ids []pontage.AuditID) ([]pontage.AuditEntry, error) {
	const query = "SELECT " + auditColumns + " FROM audit_entries e WHERE e.account_id = "
	return owned(ctx, r, query, string(account), "e.id", ids, "audit entry", auditTargets)
}

// SessionsByID implements pontage.NodeReader.
func (r reader) SessionsByID(ctx context.Context, user pontage.UserID, ids []pontage.SessionID) ([]pontage.Session, error) {
	const query = "SELECT " + sessionColumns + " FROM sessions s WHERE s.user_id = "
	return owned(ctx, r, query, string(user), "s.id", ids, "session", sessionTargets)
}

// PostalAddressesByID implements pontage.NodeReader.
func (r reader) PostalAddressesByID(ctx context.Context, user pontage.UserID, ids []pontage.AddressID) ([]pontage.PostalAddress, error) {
	const query = "SELECT " + postalColumns + " FROM postal_addresses a WHERE a.user_id = "
	return owned(ctx, r, query, string(user), "a.id", ids, "address", postalTargets)
}

// NotificationsByID implements pontage.NodeReader.
func (r reader) NotificationsByID(ctx context.Context, user pontage.UserID, ids []pontage.NotificationID) ([]pontage.Notification, error) {
	const query = "SELECT " + notificationColumns + " FROM notifications n WHERE n.user_id = "
	return owned(ctx, r, query, string(user), "n.id", ids, "notification", notificationTargets)
}
