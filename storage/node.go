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

// byID runs a statement that ends before the list of ids.
func byID[ID ~string, T any](ctx context.Context, r reader, query string, ids []ID, what string, targets func(*T) []any) ([]T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return list(ctx, r, in(r.fixed(query), ids), what, targets)
}

// UsedSecretsByID implements pontage.ClientReader.
func (r reader) UsedSecretsByID(ctx context.Context, ids []pontage.SecretID) ([]pontage.UsedSecret, error) {
	return byID(ctx, r, "SELECT "+usedSecretColumns+" FROM "+usedSecrets+" WHERE s.id IN ", ids, "client secret", usedSecretTargets)
}

// DomainsByID implements pontage.DomainReader.
func (r reader) DomainsByID(ctx context.Context, ids []pontage.DomainID) ([]pontage.Domain, error) {
	return byID(ctx, r, selectDomains+"d.id IN ", ids, "domain", domainTargets)
}

// DomainURLsByID implements pontage.DomainReader.
func (r reader) DomainURLsByID(ctx context.Context, ids []pontage.DomainURLID) ([]pontage.DomainURL, error) {
	return byID(ctx, r, selectDomainURLs+"u.id IN ", ids, "URL", domainURLTargets)
}

// MembersByID implements pontage.MemberReader.
func (r reader) MembersByID(ctx context.Context, ids []pontage.MemberID) ([]pontage.Member, error) {
	return byID(ctx, r, selectMembers+"m.id IN ", ids, "member", memberTargets)
}

// CallsByID implements pontage.CallReader.
func (r reader) CallsByID(ctx context.Context, ids []pontage.CallID) ([]pontage.Call, error) {
	return byID(ctx, r, "SELECT "+callColumns+" FROM calls c WHERE c.id IN ", ids, "call", callTargets)
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
