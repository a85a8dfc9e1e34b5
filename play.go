package pontage

import (
	"context"
	"encoding/base64"
	"time"
)

// PlayGrant is the play money an account gave itself on its newest day; what bounds more of it.
type PlayGrant struct {
	AccountID AccountID
	// Day is in UTC.
	Day    Period
	Amount Money
}

// PlayPurse is what an account may still give itself.
type PlayPurse struct {
	// PerDay is the most of a UTC day, Left what remains of today's; Start is what a reset leaves in the wallet.
	PerDay, Left, Start Money
	// EndsAt is when a new day begins.
	EndsAt time.Time
}

// PlayOffer is what there is to rehearse with.
type PlayOffer struct {
	Purse PlayPurse
	// Echoes is how many are kept now, at most MostEchoes, of at most MostBytes each, for Keep.
	Echoes, MostEchoes, MostBytes int
	Keep                          time.Duration
	// Header takes Simulations; MagicValues do the same from within a request.
	Header                   string
	Simulations, MagicValues []Simulation
}

// PlayReset is what a reset did.
type PlayReset struct {
	// Credit is what the wallet has now.
	Credit Money
	// Forgotten is how many echoes there were.
	Forgotten int
	At        time.Time
}

// EchoID names an echo.
type EchoID string

// NewEchoID hashes what an echo is found by: whose it is, the API, the path of its collection, and its name there.
func NewEchoID(account AccountID, api APIID, collection, name string) EchoID {
	return EchoID("ech_" + base64.RawURLEncoding.EncodeToString(HashParts(string(account), string(api), collection, name)))
}

// Echo is what an account told an API that only pretends to work, kept to be given back.
type Echo struct {
	ID        EchoID
	AccountID AccountID
	APIID     APIID
	// Collection is the path of the list it stands in, "/contacts"; Name is its last path segment below.
	Collection string
	Name       string
	// Body is a JSON object; empty says that it was deleted.
	Body      []byte
	CreatedAt time.Time
	ExpiresAt time.Time
}

// PlayReader reads play grants and echoes.
type PlayReader interface {
	// PlayGrant is NotFound for an account that gave itself nothing yet.
	PlayGrant(ctx context.Context, account AccountID) (*PlayGrant, error)
	Echo(ctx context.Context, id EchoID) (*Echo, error)
	// Echoes gives an account's of one collection, deleted ones too, newest first, at most limit.
	Echoes(ctx context.Context, account AccountID, api APIID, collection string, limit int) ([]Echo, error)
	CountEchoes(ctx context.Context, account AccountID) (int, error)
}

// PlayWriter writes them.
type PlayWriter interface {
	// PutPlayGrant takes the place of the one before it. Whoever changes it has locked the account's wallet.
	PutPlayGrant(ctx context.Context, g PlayGrant) error
	// PutEcho takes the place of the one with its id, and deletes the account's oldest where it would then have more than most. Of any
	// number that are put at once, no more than most are left.
	PutEcho(ctx context.Context, e Echo, most int) error
	// DeleteEchoes forgets an account's; it says how many there were.
	DeleteEchoes(ctx context.Context, account AccountID) (int, error)
}
