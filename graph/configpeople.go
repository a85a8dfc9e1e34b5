package graph

import (
	"context"

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
	Sessions(ctx context.Context, by pontage.Actor, page pontage.Keyset) ([]pontage.Session, error)
	EndSession(ctx context.Context, by pontage.Actor, id pontage.SessionID) error
	EndOtherSessions(ctx context.Context, by pontage.Actor) (ended int, err error)
}
