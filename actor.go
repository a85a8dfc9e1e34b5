package pontage

import "net/netip"

// ActorKind says by what someone proved who they are.
type ActorKind string

// The kinds of actor.
const (
	ActorOperator ActorKind = "operator" // the command line on the machine itself
	ActorSystem   ActorKind = "system"   // the platform's own background work
	ActorAccount  ActorKind = "account"  // e-mail and API key
	ActorToken    ActorKind = "token"    // a bearer
	ActorRefresh  ActorKind = "refresh"  // a refresh token, good for its rotation alone
	ActorClient   ActorKind = "client"   // client id and secret
	ActorUser     ActorKind = "user"     // a person with a session
	ActorVisitor  ActorKind = "visitor"  // nobody yet: who registers, logs in or follows a mailed link
)

// Actor is who asks. Every rule takes one as a parameter and decides by it.
type Actor struct {
	Kind      ActorKind
	AccountID AccountID
	ClientID  ClientID
	// SecretID is the secret of ActorClient, where it came with one.
	SecretID SecretID
	// APIKeyID is the key of ActorAccount, where it came with one.
	APIKeyID APIKeyID
	// UserID and SessionID are set for ActorUser; AccountID is then the person's own account.
	UserID    UserID
	SessionID SessionID
	// Bearer is set for ActorToken: what the token may give on (R5).
	Bearer *Lineage
	// Refresh is the presented refresh token for ActorRefresh, the whole text.
	Refresh string
	// Address is where the request came from, after trusted proxies.
	Address netip.Addr
	// UserAgent is what the browser says of itself, for the list of sessions and the audit log.
	UserAgent string
	Request   RequestID
	// Once is set where the request has an Idempotency-Key.
	Once *Once
}

// Manages says whether the actor may administer an account and what belongs to it: the operator, the account itself, and its user.
func (a Actor) Manages(account AccountID) bool {
	own := (a.Kind == ActorAccount || a.Kind == ActorUser) && account != ""
	return a.Kind == ActorOperator || own && a.AccountID == account
}

// ID names the actor in the audit log as narrowly as it is known: user, client, token or API key, else the account.
func (a Actor) ID() string {
	switch {
	case a.Kind == ActorUser:
		return string(a.UserID)
	case a.Kind == ActorClient:
		return string(a.ClientID)
	case a.Kind == ActorToken && a.Bearer != nil:
		return string(a.Bearer.ID)
	case a.Kind == ActorAccount && a.APIKeyID != "":
		return string(a.APIKeyID)
	}
	return string(a.AccountID)
}

// Operator is the actor of the command line.
func Operator() Actor { return Actor{Kind: ActorOperator} }

// System is the actor of background work.
func System() Actor { return Actor{Kind: ActorSystem} }

// Visitor is who asks before anything is proven: where they come from is all there is.
func Visitor(from netip.Addr, userAgent string) Actor {
	return Actor{Kind: ActorVisitor, Address: from, UserAgent: userAgent}
}
