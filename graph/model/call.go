package model

import (
	"net/netip"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// The pages of calls.
type (
	CallConnection = Connection[Call]
	CallEdge       = Edge[Call]
)

// CallFilter says which calls a list shows; nil fields do not narrow it.
type CallFilter struct {
	ScopeID *pontage.ScopeID
	Token   *pontage.LineageID
}

// Call is a receipt, put so that the schema finds its fields.
type Call struct {
	ID             pontage.CallID
	State          meter.ReceiptState
	CreatedAt      time.Time
	TokenID        *pontage.TokenID
	TokenName      string
	ClientID       *pontage.ClientID
	Address        netip.Addr
	Method, Host   string
	Operation      *string
	ScopeID        pontage.ScopeID
	ScopeName      *string
	Admitted       bool
	Code           *pontage.Code
	Limit          *string
	Reason         string
	Payer          *Payer
	Price          *pontage.Money
	Charged        pontage.Money
	SubscriptionID *pontage.SubscriptionID
	TransferID     *pontage.TransferID
	RefundID       *pontage.TransferID
	Checks         []Check
	Outcomes       []Outcome
}

// Check is one thing a decision looked at.
type Check struct {
	Name                               string
	Passed                             bool
	Limit, Before, After, Unit, Window *string
}

// Outcome is one end of a call.
type Outcome struct {
	Kind         pontage.OutcomeKind
	CreatedAt    time.Time
	Status       *int
	Microseconds int64
	Code         *pontage.Code
	TransferID   *pontage.TransferID
}

// Payer is who pays for a call.
type Payer string

// QuoteInput asks what a call would be decided.
type QuoteInput struct {
	Token  *string
	Method string
	URL    string
	IP     *netip.Addr
}

// Quote is the answer.
type Quote struct {
	Admitted          bool
	Code              *pontage.Code
	Status            *int
	Reason            string
	Payer             *Payer
	Price             *pontage.Money
	Charged           pontage.Money
	Limit, Left, Unit *string
	EndsAt            time.Time
	Operation         *string
	ScopeID           pontage.ScopeID
	ScopeName         *string
	Checks            []Check
}
