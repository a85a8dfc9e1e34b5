package graph

import (
	"context"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

// Registrations are how people come in before they can log in.
type Registrations interface {
	Register(ctx context.Context, by pontage.Actor, in account.RegisterInput) error
	ResendVerification(ctx context.Context, by pontage.Actor, email string) error
	VerifyEmail(ctx context.Context, by pontage.Actor, code string) (*pontage.User, error)
	AcceptInvitation(ctx context.Context, by pontage.Actor, code, password string) (*pontage.User, error)
	RequestPasswordReset(ctx context.Context, by pontage.Actor, email string) error
	ResetPassword(ctx context.Context, by pontage.Actor, code, password string) error
}

// Sessions are how people log in and out.
type Sessions interface {
	AuthenticateSession(ctx context.Context, from pontage.Actor, text string) (pontage.Actor, error)
	Login(ctx context.Context, by pontage.Actor, in account.LoginInput) (*account.IssuedSession, error)
	Relogin(ctx context.Context, by pontage.Actor, password string) (*account.IssuedSession, error)
	Logout(ctx context.Context, by pontage.Actor) error
	Sessions(ctx context.Context, by pontage.Actor, f pontage.SessionFilter, page pontage.Keyset) ([]pontage.Session, error)
	SessionsByID(ctx context.Context, by pontage.Actor, ids []pontage.SessionID) (map[pontage.SessionID]pontage.Session, error)
	EndSession(ctx context.Context, by pontage.Actor, id pontage.SessionID) error
	EndOtherSessions(ctx context.Context, by pontage.Actor) (ended int, err error)
}

// People are what those who logged in keep of themselves.
type People interface {
	Me(ctx context.Context, by pontage.Actor) (*pontage.User, error)
	ChangeProfile(ctx context.Context, by pontage.Actor, profile pontage.Profile) (*pontage.User, error)
	ChangePassword(ctx context.Context, by pontage.Actor, password string) error
	RequestEmailChange(ctx context.Context, by pontage.Actor, email string) error
	ConfirmEmailChange(ctx context.Context, by pontage.Actor, code string) error
	DeleteAccount(ctx context.Context, by pontage.Actor, in account.DeleteInput) error
	Addresses(ctx context.Context, by pontage.Actor, f pontage.PostalFilter, page pontage.Keyset) ([]pontage.PostalAddress, error)
	AddressesByID(ctx context.Context, by pontage.Actor, ids []pontage.AddressID) (map[pontage.AddressID]pontage.PostalAddress, error)
	AddAddress(ctx context.Context, by pontage.Actor, in account.AddressInput) (*pontage.PostalAddress, error)
	ChangeAddress(ctx context.Context, by pontage.Actor, id pontage.AddressID, in account.AddressInput) (*pontage.PostalAddress, error)
	RemoveAddress(ctx context.Context, by pontage.Actor, id pontage.AddressID) error
}

// Notifications are what people were told.
type Notifications interface {
	Notifications(ctx context.Context, by pontage.Actor, unread bool, page pontage.Keyset) ([]pontage.Notification, error)
	NotificationsByID(ctx context.Context, by pontage.Actor, ids []pontage.NotificationID) (map[pontage.NotificationID]pontage.Notification, error)
	UnreadNotifications(ctx context.Context, by pontage.Actor) (int, error)
	ReadNotifications(ctx context.Context, by pontage.Actor, ids []pontage.NotificationID) (read int, err error)
	NotificationPreferences(ctx context.Context, by pontage.Actor) ([]pontage.NotificationPreference, error)
	ChooseNotifications(ctx context.Context, by pontage.Actor, chosen []pontage.NotificationPreference) error
}

// APIKeys are the account's API keys.
type APIKeys interface {
	KeyPage(ctx context.Context, by pontage.Actor, account pontage.AccountID, live *bool, page pontage.Keyset) ([]account.UsedKey, error)
	KeysByID(ctx context.Context, by pontage.Actor, ids []pontage.APIKeyID) (map[pontage.APIKeyID]account.UsedKey, error)
	IssueKey(ctx context.Context, by pontage.Actor, in account.KeyInput) (*account.IssuedKey, error)
	RotateKey(ctx context.Context, by pontage.Actor, id pontage.APIKeyID, overlap time.Duration) (*account.IssuedKey, error)
	RevokeKey(ctx context.Context, by pontage.Actor, id pontage.APIKeyID) error
}
