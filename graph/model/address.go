package model

import (
	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

// The pages of postal addresses.
type (
	AddressConnection = Connection[pontage.PostalAddress]
	AddressEdge       = Edge[pontage.PostalAddress]
)

// AddressFilter says which addresses a list shows; nil fields do not narrow it.
type AddressFilter struct {
	Kind    *pontage.AddressKind
	Default *bool
}

// AddAddressPayload and its siblings are the inputs and payloads of the mutations on postal addresses.
type (
	AddAddressPayload   struct{ Address pontage.PostalAddress }
	ReplaceAddressInput struct {
		ID pontage.AddressID
		account.AddressInput
	}
	ReplaceAddressPayload struct{ Address pontage.PostalAddress }
	RemoveAddressInput    struct{ ID pontage.AddressID }
	RemoveAddressPayload  struct{ ID pontage.AddressID }
)
