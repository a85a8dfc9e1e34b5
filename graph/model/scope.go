package model

import "github.com/pontage/pontage"

// The pages of scopes.
type (
	ScopeConnection = Connection[Scope]
	ScopeEdge       = Edge[Scope]
)

// Scope is a scope as one account sees it.
type Scope struct {
	*pontage.Scope
	// AccountID is whose view it is.
	AccountID pontage.AccountID
	// Enabled says whether the account can have it in a token now.
	Enabled       bool
	Offers        []Offer
	RatePerMinute int64
	Requirements  []Requirement
}

// Allowed names what the account may have of the scope without paying.
func (s Scope) Allowed() pontage.AllowanceKey {
	return pontage.AllowanceKey{AccountID: s.AccountID, ScopeID: s.ID}
}

// Offer is a price beside that of one call.
type Offer struct {
	Name  string
	Price pontage.Money
}

// SubscriptionOffers are what is for sale.
func (s Scope) SubscriptionOffers() []pontage.SubscriptionOffer { return s.Subscriptions }

// Requirement is what an account must have fulfilled.
type Requirement struct {
	Name      string
	Fulfilled bool
}

// ScopeFilter says which scopes a list shows; nil fields do not narrow it.
type ScopeFilter struct {
	Host    *string
	Enabled *bool
}
