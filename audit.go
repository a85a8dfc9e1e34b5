package pontage

import (
	"net/netip"
	"strings"
	"time"
	"unicode"
)

// AuditFields are what an entry says about the thing that changed, by name. No secret, hash or password may be among them, and nothing
// that names a person: the log outlives whoever asks to be forgotten.
type AuditFields map[string]string

// AuditEntry says who did what to what, when and from where. It is written in the transaction of the change, and never changed or
// deleted.
type AuditEntry struct {
	ID AuditID
	// AccountID is whose log shows it, empty for the platform's own; ClientID is the client it concerns, if it is one.
	AccountID AccountID
	ClientID  ClientID
	// Actor and ActorID are who: a user, an API key, a client, a token's lineage, or nobody by id.
	Actor   ActorKind
	ActorID string
	// Action is noun and verb, such as "api_key.create"; Target the id of what it was done to.
	Action string
	Target string
	// Before and After hold what differs, and what helps to know the target.
	Before, After AuditFields
	Address       netip.Addr
	UserAgent     string
	Request       RequestID
	CreatedAt     time.Time
}

// NewAuditEntry makes the entry of a change. Fields that are equal before and after are left out.
func NewAuditEntry(by Actor, at time.Time, account AccountID, action, target string, before, after AuditFields) AuditEntry {
	e := AuditEntry{
		ID: NewAuditID(at), AccountID: account, Actor: by.Kind, ActorID: by.ID(), Action: action, Target: target,
		Address: by.Address, UserAgent: cutAgent(by.UserAgent), Request: by.Request, CreatedAt: at,
	}
	e.Before, e.After = differing(before, after), differing(after, before)
	return e
}

// maxAgent bounds what a browser says of itself, in bytes.
const maxAgent = 300

// cutAgent keeps the beginning of a user agent, as text that can be stored.
func cutAgent(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
	return strings.ToValidUTF8(text[:min(len(text), maxAgent)], "")
}

// Of says which client an entry concerns.
func (e AuditEntry) Of(client ClientID) AuditEntry {
	e.ClientID = client
	return e
}

// differing gives the fields of one side that the other has not or has otherwise; nil for none.
func differing(one, other AuditFields) AuditFields {
	var left AuditFields
	for name, value := range one {
		if there, ok := other[name]; ok && there == value {
			continue
		}
		if left == nil {
			left = AuditFields{}
		}
		left[name] = value
	}
	return left
}

// AuditQuery asks for entries, newest first. Empty fields ask for nothing in particular, but one of AccountID and ClientID is needed by
// all but the operator.
type AuditQuery struct {
	AccountID AccountID
	ClientID  ClientID
	ActorID   string
	// Action is a whole action, or a noun with its dot: "api_key." finds all about API keys.
	Action string
	Target string
	Page   Keyset
}
