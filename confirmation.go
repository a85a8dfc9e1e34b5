package pontage

import "time"

// ConfirmationKind says what a mailed link is good for.
type ConfirmationKind string

// The kinds of confirmation.
const (
	ConfirmRegistration ConfirmationKind = "registration"
	ConfirmInvitation   ConfirmationKind = "invitation"
	ConfirmReset        ConfirmationKind = "password_reset"
	ConfirmEmail        ConfirmationKind = "email_change"
)

// Confirmation is a link that was mailed: who follows it has the mailbox. It is good once and for a while; stored is the hash.
type Confirmation struct {
	ID   ConfirmationID
	Kind ConfirmationKind
	// Email is where the link went.
	Email string
	// UserID is whom it is about, AccountID the account that an invitation is for; both may be empty.
	UserID    UserID
	AccountID AccountID
	// Name and Password, hashed, are what a registration waits with: before the e-mail is proven there is no account.
	Name      string
	Password  string
	KeyID     string
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt time.Time
	// UsedAt is zero while it is good.
	UsedAt time.Time
}
