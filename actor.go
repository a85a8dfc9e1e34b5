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
)

// Actor is who asks. Every rule takes one as a parameter and decides by it.
type Actor struct {
	Kind      ActorKind
	AccountID AccountID
	ClientID  ClientID
	// Bearer is set for ActorToken: what the token may give on (R5).
	Bearer *Lineage
	// Refresh is the presented refresh token for ActorRefresh, the whole text.
	Refresh string
	// Address is where the request came from, after trusted proxies.
	Address netip.Addr
	Request RequestID
	// Once is set where the request has an Idempotency-Key.
	Once *Once
}

// Manages says whether the actor may administer an account and what belongs to it: the operator, and the account itself.
func (a Actor) Manages(account AccountID) bool {
	return a.Kind == ActorOperator || a.Kind == ActorAccount && account != "" && a.AccountID == account
}

// Operator is the actor of the command line.
func Operator() Actor { return Actor{Kind: ActorOperator} }

// System is the actor of background work.
func System() Actor { return Actor{Kind: ActorSystem} }
