package pontage

import (
	"context"
	"time"
)

// UserReader reads the people who log in.
type UserReader interface {
	User(ctx context.Context, id UserID) (*User, error)
	// UserByEmail compares without regard to case.
	UserByEmail(ctx context.Context, email string) (*User, error)
	UserOfAccount(ctx context.Context, account AccountID) (*User, error)
	// Users gives those with these ids, in one query and any order; unknown ids are left out.
	Users(ctx context.Context, ids []UserID) ([]User, error)
}

// UserWriter writes them; a taken e-mail, or a second user of an account, is Conflict.
type UserWriter interface {
	InsertUser(ctx context.Context, u User) error
	// UpdateUser writes all but the account and the time of creation.
	UpdateUser(ctx context.Context, u User) error
	// LockUser gives the user for change; nobody else changes it until the commit.
	LockUser(ctx context.Context, id UserID) (*User, error)
}

// SessionReader reads sessions.
type SessionReader interface {
	// Session gives a session, ended or not, with its user, in one read.
	Session(ctx context.Context, id SessionID) (*SessionHolder, error)
	// Sessions lists a user's sessions that are live at now, newest first.
	Sessions(ctx context.Context, user UserID, now time.Time, f SessionFilter, page Keyset) ([]Session, error)
}

// SessionWriter writes sessions.
type SessionWriter interface {
	InsertSession(ctx context.Context, s Session) error
	// TouchSession sets LastActiveAt where it is before the given time.
	TouchSession(ctx context.Context, id SessionID, at, before time.Time) error
	// EndSession sets EndedAt where it is not set yet; it says whether it did.
	EndSession(ctx context.Context, id SessionID, at time.Time) (bool, error)
	// EndSessions ends all of a user but one, which may be empty; it says how many.
	EndSessions(ctx context.Context, user UserID, except SessionID, at time.Time) (int, error)
}

// ConfirmationReader reads mailed links.
type ConfirmationReader interface {
	Confirmation(ctx context.Context, id ConfirmationID) (*Confirmation, error)
	// OpenConfirmation gives the newest of a kind to an e-mail, whatever its case, that is not used and not over at now.
	OpenConfirmation(ctx context.Context, kind ConfirmationKind, email string, now time.Time) (*Confirmation, error)
}

// ConfirmationWriter writes them.
type ConfirmationWriter interface {
	InsertConfirmation(ctx context.Context, c Confirmation) error
	// UseConfirmation sets UsedAt where it is not set yet, in one conditional update; it says whether it did.
	UseConfirmation(ctx context.Context, id ConfirmationID, at time.Time) (bool, error)
	// EndConfirmationsTo uses up all that went to an e-mail, EndConfirmationsOf all that are about a user.
	EndConfirmationsTo(ctx context.Context, email string, at time.Time) error
	EndConfirmationsOf(ctx context.Context, user UserID, at time.Time) error
}

// MailReader reads the outbox.
type MailReader interface {
	Mail(ctx context.Context, id MailID) (*Mail, error)
	// Mails lists the outbox, newest first.
	Mails(ctx context.Context, page Keyset) ([]Mail, error)
	// MailsDue says how many could be sent at now.
	MailsDue(ctx context.Context, now time.Time) (int, error)
}

// MailWriter writes it.
type MailWriter interface {
	InsertMail(ctx context.Context, m Mail) error
	// LeaseMails gives at most limit mails that are due at now, counts an attempt and sets their NextAt to until, so that nobody else
	// sends them before.
	LeaseMails(ctx context.Context, now, until time.Time, limit int) ([]Mail, error)
	// UpdateMail writes the text and what became of it.
	UpdateMail(ctx context.Context, m Mail) error
}

// RateHitWriter counts what strangers may do a bounded number of times, on all instances together.
type RateHitWriter interface {
	// TakeHit records h, unless limit hits of its key count already at h.At; then it gives the time at which one of them stops to.
	// Of any number that try at once, no more than limit succeed.
	TakeHit(ctx context.Context, h RateHit, limit int) (full time.Time, err error)
	// ReturnHits takes hits back, such as the ones that succeeded.
	ReturnHits(ctx context.Context, ids []RateHitID) error
}

// ExpiryWriter clears away what is over.
type ExpiryWriter interface {
	// DeleteExpired deletes, oldest first, at most limit rows of each kind that ended by the given time: rate hits, sessions, confirmations,
	// mails, notifications and echoes. It says how many there were.
	DeleteExpired(ctx context.Context, by time.Time, limit int) (int, error)
}

// AuditReader reads the audit log.
type AuditReader interface {
	// AuditEntries lists what fits the query, newest first.
	AuditEntries(ctx context.Context, q AuditQuery) ([]AuditEntry, error)
}

// AuditWriter adds to it; the database refuses everything else.
type AuditWriter interface {
	InsertAudit(ctx context.Context, entries ...AuditEntry) error
}

// PostalReader reads addresses.
type PostalReader interface {
	PostalAddress(ctx context.Context, id AddressID) (*PostalAddress, error)
	// PostalAddresses lists a user's, newest first.
	PostalAddresses(ctx context.Context, user UserID, f PostalFilter, page Keyset) ([]PostalAddress, error)
}

// PostalWriter writes addresses; a second default of a kind is Conflict.
type PostalWriter interface {
	InsertPostalAddress(ctx context.Context, a PostalAddress) error
	// UpdatePostalAddress writes all but owner and time of creation.
	UpdatePostalAddress(ctx context.Context, a PostalAddress) error
	DeletePostalAddress(ctx context.Context, id AddressID) error
	// ClearDefaultAddress leaves a user without a default of this kind.
	ClearDefaultAddress(ctx context.Context, user UserID, kind AddressKind) error
}

// NotificationReader reads what people were told.
type NotificationReader interface {
	// Notifications lists a user's, newest first; unread leaves out what was read.
	Notifications(ctx context.Context, user UserID, unread bool, page Keyset) ([]Notification, error)
	UnreadNotifications(ctx context.Context, user UserID) (int, error)
	// NotificationPreferences gives what the user chose, and nothing for kinds they chose nothing for.
	NotificationPreferences(ctx context.Context, user UserID) ([]NotificationPreference, error)
}

// NotificationWriter writes it.
type NotificationWriter interface {
	InsertNotification(ctx context.Context, n Notification) error
	// ReadNotifications sets ReadAt of those of the user's that are new and among ids, or of all for nil; it says how many there were.
	ReadNotifications(ctx context.Context, user UserID, ids []NotificationID, at time.Time) (int, error)
	PutNotificationPreferences(ctx context.Context, user UserID, chosen []NotificationPreference) error
}

// CredentialUseReader reads when API keys and other credentials were last used.
type CredentialUseReader interface {
	// CredentialUses gives the last use of each of these ids, in one query; what was never used is left out.
	CredentialUses(ctx context.Context, ids []string) (map[string]time.Time, error)
}

// CredentialUseWriter notes it, apart from the rows that authentication reads.
type CredentialUseWriter interface {
	// UseCredential sets the last use of id, unless it is after the given time already.
	UseCredential(ctx context.Context, id string, at, before time.Time) error
}

// DepartureWriter takes away what an account or a person leaves behind.
type DepartureWriter interface {
	// EndCredentials revokes every API key and token of the account and every secret of its clients, and disables the clients, in a fixed
	// number of statements.
	EndCredentials(ctx context.Context, account AccountID, at time.Time) error
	// StopRenewals lets the account's subscriptions end without another one.
	StopRenewals(ctx context.Context, account AccountID, at time.Time) error
	// ForgetUser deletes a user's addresses, notifications, preferences, sessions and confirmations, and the mails to their address.
	ForgetUser(ctx context.Context, user User) error
}
