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
	Sessions(ctx context.Context, user UserID, now time.Time, page Keyset) ([]Session, error)
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
	// DeleteExpired deletes, oldest first, at most limit rows of each kind that ended by the given time: rate hits and sessions. It says
	// how many there were.
	DeleteExpired(ctx context.Context, by time.Time, limit int) (int, error)
}
