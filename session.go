package pontage

import (
	"net/netip"
	"time"
)

// Session is one browser that is logged in; its text is in a cookie, stored is the hash.
type Session struct {
	ID     SessionID
	UserID UserID
	KeyID  string
	Hash   []byte
	// Address and UserAgent are of the login.
	Address   netip.Addr
	UserAgent string
	// CreatedAt is when the password was given; whatever needs a recent login counts from here.
	CreatedAt time.Time
	// LastActiveAt is written at most once a minute.
	LastActiveAt time.Time
	// ExpiresAt is when it ends whatever happens; EndedAt is zero until somebody ended it.
	ExpiresAt time.Time
	EndedAt   time.Time
}

// SessionFilter says which sessions a list shows.
type SessionFilter struct {
	// UserAgent is a part of what the browser said of itself; upper and lower case of ASCII letters are the same. Empty does not narrow.
	UserAgent string
}

// SessionIdle is how long a session lives without a request.
const SessionIdle = 24 * time.Hour

// Live says whether the session is good at now.
func (s Session) Live(now time.Time) bool {
	return Live(now, s.ExpiresAt, s.EndedAt) && now.Before(s.LastActiveAt.Add(SessionIdle))
}

// SessionHolder is a session with whom it belongs to.
type SessionHolder struct {
	Session Session
	User    User
	// AccountDisabledAt is zero while the user's account may be used.
	AccountDisabledAt time.Time
}

// RateHit is something strangers may do a bounded number of times, such as giving a wrong password.
type RateHit struct {
	ID RateHitID
	// Key names what is counted: "login", and whose or from where.
	Key string
	At  time.Time
	// ExpiresAt is when it stops to count.
	ExpiresAt time.Time
}
