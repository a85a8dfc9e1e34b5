package pontage

import "time"

// Account is a billing tenant: it owns a wallet, subscriptions, API keys, clients and tokens.
type Account struct {
	ID AccountID
	// Email is the Basic user name as typed, plus sign included; it is unique without regard to case.
	Email     string
	Name      string
	CreatedAt time.Time
	// DisabledAt is zero while the account may be used.
	DisabledAt time.Time
}

// APIKey is a password for HTTP Basic; its text is shown once, stored is the hash.
type APIKey struct {
	ID        APIKeyID
	AccountID AccountID
	Label     string
	KeyID     string
	Hash      []byte
	CreatedAt time.Time
	// ExpiresAt and RevokedAt are zero where they do not apply.
	ExpiresAt time.Time
	RevokedAt time.Time
}

// Live says whether something that ended or ends at the given times (zero = never) is good at now.
func Live(now, expiresAt, revokedAt time.Time) bool {
	return revokedAt.IsZero() && (expiresAt.IsZero() || now.Before(expiresAt))
}
