package pontage

import "context"

// NodeReader finds what people and accounts have by its ids: each in one query, in any order; ids of others and unknown ones are left
// out alike.
type NodeReader interface {
	APIKeysByID(ctx context.Context, account AccountID, ids []APIKeyID) ([]APIKey, error)
	SubscriptionsByID(ctx context.Context, account AccountID, ids []SubscriptionID) ([]Subscription, error)
	CallbacksByID(ctx context.Context, account AccountID, ids []CallbackID) ([]Callback, error)
	AuditEntriesByID(ctx context.Context, account AccountID, ids []AuditID) ([]AuditEntry, error)
	// SessionsByID gives ended sessions too.
	SessionsByID(ctx context.Context, user UserID, ids []SessionID) ([]Session, error)
	PostalAddressesByID(ctx context.Context, user UserID, ids []AddressID) ([]PostalAddress, error)
	NotificationsByID(ctx context.Context, user UserID, ids []NotificationID) ([]Notification, error)
}
